package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

func inZone(w *clitest.Workspace, name string) string {
	return strings.Replace(clitest.ProviderBlock(w.URL), `/paykeeper"`, `/paykeeper"
    timezone = "`+name+`"`, 1)
}

const bareInvoice = `
resource "invoice_invoice" "one" {
  amount   = "10"
  order_id = "order-1"
  paykeeper = {
    service_name = "Аренда"
    # expiry
  }
}
`

// Times and dates are those of the server's zone. An invoice that expires there has expired and
// was not revoked.
func TestPayKeeperTimesAreOfTheServersZone(t *testing.T) {
	for name, offset := range map[string]string{"Asia/Yekaterinburg": "+05:00", "Asia/Vladivostok": "+10:00", "Europe/Kaliningrad": "+02:00"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		dayFromNow := func(days int) string { return time.Now().In(zone).AddDate(0, 0, days).Format(time.DateOnly) }
		t.Run("created and revoked in "+name, func(t *testing.T) {
			w := newWorkspace(t, "paykeeper_timezone="+name)
			config := func(days int) string {
				return strings.Replace(bareInvoice, "# expiry", `expiry_date = "`+dayFromNow(days)+`"`, 1) + inZone(w, name)
			}
			w.Write(config(0))
			w.Plan().Fails("paykeeper.expiry_date is", "The invoice could never be paid", "in "+name+" it is "+dayFromNow(0))
			last := dayFromNow(3)
			w.MustApply(config(3)).SaysNothing()
			state := w.Attributes(invoiceAddress)
			if created, _ := state["created_at"].(string); !strings.HasSuffix(created, offset) || !isRecent(created) {
				t.Errorf("created_at = %v", state["created_at"])
			}
			w.StateHas(invoiceAddress, map[string]any{"expires_at": last + "T00:00:00" + offset})
			w.Must(w.Sandbox.PayKeeper.SetStatus(w.PayKeeperInvoices()[0].ID, "revoked"))
			w.Plan().Succeeds().Warns("Gone at the gateway", "revoked").Changes(map[string]string{invoiceAddress: "create"})
		})
		t.Run("expired in "+name, func(t *testing.T) {
			w := newWorkspace(t, "paykeeper_timezone="+name)
			w.MustApply(bareInvoice + inZone(w, name))
			w.Must(w.Sandbox.PayKeeper.Invoices.Update(w.PayKeeperInvoices()[0].ID, func(i *paykeeper.Invoice) {
				i.ExpiryDatetime = time.Now().In(zone).Add(20 * time.Second).Format(time.DateTime)
			}))
			w.Apply().Succeeds()
			w.StateHas(invoiceAddress, map[string]any{"status": "created"})
			w.Must(w.Sandbox.PayKeeper.SetStatus(w.PayKeeperInvoices()[0].ID, "expired"))
			w.Plan().Succeeds().ChangesNothing()
			w.Apply().Succeeds()
			w.StateHas(invoiceAddress, map[string]any{"status": "expired"})
		})
		t.Run("history in "+name, func(t *testing.T) {
			w := newWorkspace(t, "paykeeper_timezone="+name)
			for _, at := range []string{"2026-03-09 23:30:00", "2026-03-10 00:30:00", "2026-03-10 23:30:00", "2026-03-11 00:30:00"} {
				_, err := w.Sandbox.PayKeeper.Add(paykeeper.Invoice{PayAmount: "1.00", Status: "paid", CreatedDatetime: at})
				w.Must(err)
			}
			w.Write(`data "invoice_history" "day" {
  gateway        = "paykeeper"
  created_after  = "2026-03-10"
  created_before = "2026-03-10"
}` + inZone(w, name))
			w.Apply().Succeeds().SaysNothing()
			var got []string
			rows, _ := w.Attributes("data.invoice_history.day")["invoices"].([]any)
			for _, row := range rows {
				one, _ := row.(map[string]any)
				created, _ := one["created_at"].(string)
				got = append(got, created)
			}
			same(t, "created_at", strings.Join(got, " "), "2026-03-10T23:30:00"+offset+" 2026-03-10T00:30:00"+offset)
		})
	}
}

func isRecent(text string) bool {
	at, err := time.Parse(time.RFC3339, text)
	return err == nil && time.Since(at).Abs() < values.ClockTolerance
}

// The invoice was stored with Moscow's zone, and the right zone is set later. When the invoice
// then expires, it was not revoked.
func TestPayKeeperTimezoneMayBeSetLater(t *testing.T) {
	w := newWorkspace(t, "paykeeper_timezone=Asia/Vladivostok")
	zone, err := time.LoadLocation("Asia/Vladivostok")
	w.Must(err)
	w.MustApply(bareInvoice)
	id := w.PayKeeperInvoices()[0].ID
	w.Must(w.Sandbox.PayKeeper.Invoices.Update(id, func(i *paykeeper.Invoice) {
		i.ExpiryDatetime = time.Now().In(zone).Add(time.Minute).Format(time.DateTime)
	}))
	w.Apply().Succeeds()
	w.Must(w.Sandbox.PayKeeper.SetStatus(id, "expired"))
	w.Write(bareInvoice + inZone(w, "Asia/Vladivostok"))
	w.Plan().Succeeds().ChangesNothing()
}

func TestPayKeeperTimezoneMustExist(t *testing.T) {
	w := newWorkspace(t)
	for _, name := range []string{"Mars/Olympus", "Local", "", "UTC+3"} {
		w.Write(bareInvoice + inZone(w, name))
		w.Plan().Fails("Attribute paykeeper.timezone", "Invalid value", `"`+name+`" is not a time zone`, `such as "Europe/Moscow"`)
	}
	w.SentNothing()
}

func TestPayKeeperTimezoneComesFromTheEnvironment(t *testing.T) {
	for name, value := range map[string]string{"BASE_URL": "https://demo.server.paykeeper.ru", "LOGIN": "demo", "PASSWORD": "demo"} {
		t.Setenv("INVOICE_PAYKEEPER_"+name, value)
	}
	if zone := configured[gateway.HistoryReader](t, adapter(t, "paykeeper"), transport.Config{}, nil).Zone(); zone != values.Moscow {
		t.Errorf("%v", zone)
	}
	t.Setenv("INVOICE_PAYKEEPER_TIMEZONE", "Asia/Omsk")
	if zone := configured[gateway.HistoryReader](t, adapter(t, "paykeeper"), transport.Config{}, nil).Zone(); zone.String() != "Asia/Omsk" {
		t.Errorf("%v", zone)
	}
	t.Setenv("INVOICE_PAYKEEPER_TIMEZONE", "MSK+3")
	var diags diag.Diagnostics
	gateway.ReadSettings(adapter(t, "paykeeper"), types.ObjectNull(nil), &diags)
	if len(diags) != 1 || !strings.Contains(diags[0].Detail(), "INVOICE_PAYKEEPER_TIMEZONE") || !strings.Contains(diags[0].Detail(), `"MSK+3" is not a time zone`) {
		t.Errorf("%v", diags)
	}
}
