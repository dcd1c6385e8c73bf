package doctor

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	client "github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	p2pclient "github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	sandboxmoney "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	sandboxinvoice "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	sandboxkeeper "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// shop is a sandbox whose settings are in the environment of the test, and what can be looked at.
type shop struct {
	*clienttest.Box
	t       *testing.T
	options Options
}

// clearEnvironment takes all settings of the provider out of the environment of a test.
func clearEnvironment(t *testing.T) {
	t.Helper()
	var diags diag.Diagnostics
	all, _ := provider.FromEnvironment("", &diags)
	for _, g := range all {
		names, _ := gateway.Variables(g)
		for _, name := range names {
			t.Setenv(name, "")
		}
	}
	for _, name := range []string{"MAX_RETRIES", "REQUEST_TIMEOUT", "MAX_WAIT", "REQUESTS_PER_SECOND", "ADOPT_EXISTING", "REFRESH_PAID", "READ_ONLY", "MAX_OUTGOING"} {
		t.Setenv("INVOICE_"+name, "")
	}
}

// openShop opens a sandbox, and points the environment at its gateway of a name, or at all of them.
func openShop(t *testing.T, name string, options gateways.Options, settings ...string) *shop {
	t.Helper()
	clearEnvironment(t)
	s := &shop{clienttest.Sandbox(t, options, settings...), t, Options{}}
	for _, variable := range s.Environment(s.URL) {
		t.Setenv(variable.Name, variable.Value)
	}
	if name != "" {
		s.options.Gateways = []string{name}
	}
	return s
}

// connected returns a gateway that may change something.
func (s *shop) connected(name string) gateway.Gateway {
	s.t.Helper()
	var diags diag.Diagnostics
	all, run := provider.FromEnvironment("test", &diags)
	g, _ := gateway.Named(all, name)
	g.Configure(gateway.ReadSettings(g, types.ObjectNull(nil), &diags), run)
	if diags.HasError() || !g.IsConnected() {
		s.t.Fatalf("%s is not configured: %v", name, diags)
	}
	return g
}

// must ends a test at once: without its shop it shows nothing.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func number(text string) values.Decimal {
	return must(values.ParseDecimal(text))
}

// fill gives the gateways what the doctor can look at.
func (s *shop) fill(names ...string) {
	s.t.Helper()
	for _, name := range names {
		map[string]func(){"invoice": s.fillInvoice, "paykeeper": s.fillPayKeeper, "p2p": s.fillP2P, "intellectmoney": s.fillIntellectMoney}[name]()
	}
	s.ResetRequests()
}

// fillInvoice makes a terminal, a paid payment with a refund, and one that was not paid in time.
func (s *shop) fillInvoice() {
	s.t.Helper()
	ctx, g := s.t.Context(), s.connected("invoice").(*invoiceapi.Gateway)
	terminal := must(g.Client.CreateTerminal(ctx, client.CreateTerminalRequest{Name: "Тайная лавка", Alias: "shop"}))
	pay := func(order string) *client.Payment {
		return must(g.Client.CreatePayment(ctx, client.CreatePaymentRequest{
			Order: client.Order{Currency: "RUB", Amount: number("10"), ID: values.ID(order)}, Settings: client.PaymentSettings{TerminalID: string(terminal.ID)},
			Receipt: []client.ReceiptItem{},
		}, false))
	}
	paid := pay("007")
	if err := s.InvoiceAPI.Pay(string(paid.ID), sandboxinvoice.TestCard); err != nil {
		s.t.Fatal(err)
	}
	refund := must(g.Client.CreateRefund(ctx, client.CreateRefundRequest{PaymentID: string(paid.ID), Refund: client.RefundOrder{Amount: number("1")}, Receipt: []client.ReceiptItem{}}))
	late := pay("late")
	if err := s.InvoiceAPI.Payments.Update(string(late.ID), func(p *sandboxinvoice.Payment) {
		p.CreatedAt, p.ExpiresAt = "2026-01-01T12:00:00.000Z", "2026-01-02T12:00:00.000Z"
	}); err != nil {
		s.t.Fatal(err)
	}
	declined := pay("declined")
	if err := s.InvoiceAPI.Pay(string(declined.ID), sandboxinvoice.DeclinedCard); err != nil {
		s.t.Fatal(err)
	}
	s.options.Aliases = []string{"shop"}
	s.options.Payments = append(s.options.Payments, "invoice/"+string(paid.ID), "invoice/"+string(late.ID), "invoice/"+string(declined.ID))
	s.options.Refunds = []string{string(refund.ID)}
}

// fillPayKeeper makes more than a page of invoices, one of them revoked, one with a cart, and one that was just
// paid. Of one payment two parts were given back.
func (s *shop) fillPayKeeper() {
	s.t.Helper()
	zone := must(time.LoadLocation(s.Dialect()["paykeeper_timezone"]))
	add := func(age time.Duration, i sandboxkeeper.Invoice) sandboxkeeper.Invoice {
		i.CreatedDatetime = time.Now().Add(-age).In(zone).Format(time.DateTime)
		i.PayAmount, i.ClientID, i.ClientEmail, i.ClientPhone = "1500.00", "Иванов Иван", "ivanov@example.com", "+7 912 345-67-89"
		return must(s.PayKeeper.Add(i))
	}
	for n := range 105 {
		add(time.Duration(n+30)*time.Hour, sandboxkeeper.Invoice{Status: "expired", ExpiryDatetime: "2026-01-01 00:00:00"})
	}
	add(5*time.Hour, sandboxkeeper.Invoice{Status: "revoked"})
	add(4*time.Hour, sandboxkeeper.Invoice{Status: "sent", ServiceName: `{"service_name":"Кофе","cart":[{"name":"Кофе","price":1500,"quantity":1,"sum":1500,"tax":"vat20"}]}`})
	refunded := add(time.Hour, sandboxkeeper.Invoice{Status: "paid"})
	for range 2 {
		// A payment that is held gives nothing back.
		if _, err := s.PayKeeper.Refund(refunded.PaymentID, "100", "demo"); err != nil && s.Dialect()["paykeeper_two_stage"] == "false" && s.Dialect()["paykeeper_refund_time"] == "at_once" {
			s.t.Fatal(err)
		}
	}
	paid := add(0, sandboxkeeper.Invoice{Status: "paid"})
	s.options.Payments = append(s.options.Payments, "paykeeper/"+paid.PaymentID, "paykeeper/"+refunded.PaymentID)
}

// fillP2P makes an invoice that was paid to a card.
func (s *shop) fillP2P() {
	s.t.Helper()
	g := s.connected("p2p").(*p2p.Gateway)
	start := true
	id := string(must(g.Client.CreateInvoice(s.t.Context(), p2pclient.CreateInvoiceRequest{
		Type: "in", Amount: "1000", Currency: "RUB", NotificationURL: "http://127.0.0.1:9/hook", NotificationToken: "notify-secret",
		InternalID: "order-1", UserID: "ivanov@example.com", PaymentOption: "TO_CARD", PaymentMethod: "sberbank", StartDeal: &start,
	}, false)).ID)
	if err := s.P2P.SetStatus(id, "paid"); err != nil {
		s.t.Fatal(err)
	}
	s.options.Invoices = append(s.options.Invoices, id)
}

// fillIntellectMoney makes more than a page of invoices, one of a whole second, and one of another
// organisation.
func (s *shop) fillIntellectMoney() {
	s.t.Helper()
	add := func(age time.Duration, i sandboxmoney.Invoice) sandboxmoney.Invoice {
		i.CreationDate = time.Now().Add(-age).Truncate(time.Second).Add(time.Duration(int(age.Hours())%100) * 10 * time.Millisecond)
		i.Amount, i.OwnerEmail = "1500.50", "ivanov@example.com"
		return must(s.IntellectMoney.Add(i))
	}
	for n := range 105 {
		add(time.Duration(n+1)*time.Hour, sandboxmoney.Invoice{OwnerFIO: "Иванов Иван"})
	}
	add(30*time.Hour+time.Minute, sandboxmoney.Invoice{OrganizationID: 10057, OrganizationName: "ООО «Помол»"})
	paid := add(0, sandboxmoney.Invoice{})
	if err := s.IntellectMoney.SetState(paid.ID, "Paid"); err != nil {
		s.t.Fatal(err)
	}
}

// examine runs the doctor.
func (s *shop) examine() map[string]Check {
	s.t.Helper()
	return byName(must(Run(s.t.Context(), s.options)))
}

// byName has the checks of one gateway by their names, and of several by "gateway/name" too.
func byName(report *Report) map[string]Check {
	checks := map[string]Check{}
	for _, one := range report.Checks {
		checks[one.Name], checks[one.Gateway+"/"+one.Name] = one, one
	}
	return checks
}

// gatewayOf is the gateway of a switch.
func gatewayOf(name string) string {
	for _, prefix := range []string{"paykeeper", "p2p", "intellectmoney"} {
		if strings.HasPrefix(name, prefix+"_") {
			return prefix
		}
	}
	return "invoice"
}
