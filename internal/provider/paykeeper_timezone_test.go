package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

func inZone(w *workspace, name string) string {
	return strings.Replace(providerBlock(w.server.URL), `/paykeeper"`, `/paykeeper"
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

// Servers in other zones: times and days are theirs, and what expires has expired,
// and was not revoked.
func TestPayKeeperTimezone(t *testing.T) {
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
			w.write(config(0))
			w.plan().fails().errors("paykeeper.expiry_date is", "The invoice could never be paid", "in "+name+" it is "+dayFromNow(0))
			last := dayFromNow(3)
			w.mustApply(config(3)).quiet()
			state := w.attributes(invoiceAddress)
			if created, _ := state["created_at"].(string); !strings.HasSuffix(created, offset) || !isRecent(created) {
				t.Errorf("created_at = %v", state["created_at"])
			}
			w.inState(invoiceAddress, map[string]any{"expires_at": last + "T00:00:00" + offset})
			w.check(w.sandbox.SetPayKeeperInvoiceStatus(w.paykeeperInvoices()[0].ID, "revoked"))
			w.plan().succeeds().warns("Gone at the gateway", "revoked").changes(map[string]string{invoiceAddress: "create"})
		})
		t.Run("expired in "+name, func(t *testing.T) {
			w := newWorkspace(t, "paykeeper_timezone="+name)
			w.mustApply(bareInvoice + inZone(w, name))
			w.check(w.sandbox.UpdatePayKeeperInvoice(w.paykeeperInvoices()[0].ID, func(i *sandbox.PayKeeperInvoice) {
				i.ExpiryDatetime = time.Now().In(zone).Add(20 * time.Second).Format(time.DateTime)
			}))
			w.apply().succeeds()
			w.inState(invoiceAddress, map[string]any{"status": "created"})
			w.check(w.sandbox.SetPayKeeperInvoiceStatus(w.paykeeperInvoices()[0].ID, "expired"))
			w.plan().succeeds().changes(nil)
			w.apply().succeeds()
			w.inState(invoiceAddress, map[string]any{"status": "expired"})
		})
		t.Run("history in "+name, func(t *testing.T) {
			w := newWorkspace(t, "paykeeper_timezone="+name)
			for _, at := range []string{"2026-03-09 23:30:00", "2026-03-10 00:30:00", "2026-03-10 23:30:00", "2026-03-11 00:30:00"} {
				_, err := w.sandbox.AddPayKeeperInvoice(sandbox.PayKeeperInvoice{PayAmount: "1.00", Status: "paid", CreatedDatetime: at})
				w.check(err)
			}
			w.write(`data "invoice_history" "day" {
  gateway        = "paykeeper"
  created_after  = "2026-03-10"
  created_before = "2026-03-10"
}` + inZone(w, name))
			w.apply().succeeds().quiet()
			var got []string
			rows, _ := w.attributes("data.invoice_history.day")["invoices"].([]any)
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

// The zone is set after the invoice was stored with Moscow's: when it then expires,
// it was not revoked.
func TestPayKeeperTimezoneIsSetLater(t *testing.T) {
	w := newWorkspace(t, "paykeeper_timezone=Asia/Vladivostok")
	zone, err := time.LoadLocation("Asia/Vladivostok")
	w.check(err)
	w.mustApply(bareInvoice)
	id := w.paykeeperInvoices()[0].ID
	w.check(w.sandbox.UpdatePayKeeperInvoice(id, func(i *sandbox.PayKeeperInvoice) {
		i.ExpiryDatetime = time.Now().In(zone).Add(time.Minute).Format(time.DateTime)
	}))
	w.apply().succeeds()
	w.check(w.sandbox.SetPayKeeperInvoiceStatus(id, "expired"))
	w.write(bareInvoice + inZone(w, "Asia/Vladivostok"))
	w.plan().succeeds().changes(nil)
}

func TestPayKeeperTimezoneIsRefused(t *testing.T) {
	w := newWorkspace(t)
	for _, name := range []string{"Mars/Olympus", "Local", "", "UTC+3"} {
		w.write(bareInvoice + inZone(w, name))
		w.plan().fails().errors("Attribute paykeeper.timezone", "Invalid value", `"`+name+`" is not a time zone`, `such as "Europe/Moscow"`)
	}
	w.nothingSent()
}

func TestPayKeeperTimezoneFromTheEnvironment(t *testing.T) {
	for name, value := range map[string]string{"BASE_URL": "https://demo.server.paykeeper.ru", "LOGIN": "demo", "PASSWORD": "demo"} {
		t.Setenv("INVOICE_PAYKEEPER_"+name, value)
	}
	object := types.ObjectNull(nil)
	var diags diag.Diagnostics
	if c := configurePayKeeper(object, transport.Config{}, &diags); diags.HasError() || c.client.Zone() != values.Moscow {
		t.Errorf("%v, %v", c.client, diags)
	}
	t.Setenv("INVOICE_PAYKEEPER_TIMEZONE", "Asia/Omsk")
	if c := configurePayKeeper(object, transport.Config{}, &diags); diags.HasError() || c.client.Zone().String() != "Asia/Omsk" {
		t.Errorf("%v, %v", c.client, diags)
	}
	t.Setenv("INVOICE_PAYKEEPER_TIMEZONE", "MSK+3")
	configurePayKeeper(object, transport.Config{}, &diags)
	if len(diags) != 1 || !strings.Contains(diags[0].Detail(), "INVOICE_PAYKEEPER_TIMEZONE") || !strings.Contains(diags[0].Detail(), `"MSK+3" is not a time zone`) {
		t.Errorf("%v", diags)
	}
}
