package doctor

import (
	"slices"
	"strings"
	"testing"
	"time"

	client "github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
	sandboxmoney "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	sandboxkeeper "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// Without settings the doctor says which there are. A wrong one is named.
func TestSettings(t *testing.T) {
	clearEnvironment(t)
	checks := byName(must(Run(t.Context(), Options{})))
	expect(t, checks, "settings", "missing", Error, "INVOICE_API_KEY", "INVOICE_PAYKEEPER_LOGIN", "INVOICE_P2P_SECRET_KEY", "INVOICE_INTELLECTMONEY_BEARER_TOKEN")

	checks = byName(must(Run(t.Context(), Options{Gateways: []string{"p2p"}})))
	expect(t, checks, "p2p/settings", "wrong", Error, "INVOICE_P2P_BASE_URL", "INVOICE_P2P_API_KEY")

	t.Setenv("INVOICE_PAYKEEPER_LOGIN", "demo")
	checks = byName(must(Run(t.Context(), Options{})))
	expect(t, checks, "paykeeper/settings", "wrong", Error, "INVOICE_PAYKEEPER_BASE_URL", "INVOICE_PAYKEEPER_PASSWORD")

	t.Setenv("INVOICE_PAYKEEPER_PASSWORD", "demo-secret")
	t.Setenv("INVOICE_PAYKEEPER_BASE_URL", "http://demo.server.paykeeper.ru")
	checks = byName(must(Run(t.Context(), Options{})))
	expect(t, checks, "paykeeper/settings", "wrong", Error, "INVOICE_PAYKEEPER_BASE_URL", "https")

	t.Setenv("INVOICE_REQUEST_TIMEOUT", "soon")
	checks = byName(must(Run(t.Context(), Options{})))
	expect(t, checks, "provider/settings", "wrong", Error, "INVOICE_REQUEST_TIMEOUT")
}

// A secret that is a wrong setting is not quoted.
func TestWrongSecretIsNotQuoted(t *testing.T) {
	clearEnvironment(t)
	t.Setenv("INVOICE_BASE_URL", "http://127.0.0.1:9")
	t.Setenv("INVOICE_MERCHANT_ID", "merchant")
	t.Setenv("INVOICE_API_KEY", "hidden-thing\n")
	if shown := printed(t, Options{}); strings.Contains(shown, "hidden-thing") || !strings.Contains(shown, "INVOICE_API_KEY") {
		t.Error(shown)
	}
}

func TestUnknownGateway(t *testing.T) {
	if _, err := Run(t.Context(), Options{Gateways: []string{"qiwi"}}); err == nil || !strings.Contains(err.Error(), "intellectmoney") {
		t.Errorf("got %v", err)
	}
}

// All gateways that have a setting are asked, or those that are named.
func TestGatewaysAreChosen(t *testing.T) {
	s := openShop(t, "", shopOptions)
	seen := func() (names []string) {
		for _, check := range must(Run(t.Context(), s.options)).Checks {
			if !slices.Contains(names, check.Gateway) {
				names = append(names, check.Gateway)
			}
		}
		return names
	}
	if got := seen(); !slices.Equal(got, []string{"invoice", "paykeeper", "p2p", "intellectmoney"}) {
		t.Errorf("got %q", got)
	}
	s.options.Gateways = []string{"p2p", "invoice"}
	if got := seen(); !slices.Equal(got, []string{"invoice", "p2p"}) {
		t.Errorf("got %q", got)
	}
}

// An object that is not there is a warning of the gateway that was named. Of several gateways each
// can only say that it has none.
func TestObjectIsMissing(t *testing.T) {
	s := openShop(t, "", shopOptions)
	s.options.Aliases, s.options.Refunds = []string{"nowhere"}, []string{"nowhere"}
	s.options.Payments = []string{"paykeeper/4711", "invoice/nowhere"}
	s.options.Invoices = []string{"20200101000000000", "3999999999", "nowhere"}
	checks := s.examine()
	expect(t, checks, "invoice/terminal", "missing", Warning)
	expect(t, checks, "invoice/refund", "missing", Warning)
	expect(t, checks, "invoice/payment", "missing", Warning, "nowhere")
	expect(t, checks, "paykeeper/payment", "missing", Warning, "4711")
	expect(t, checks, "paykeeper/invoice", "missing", Unknown)
	expect(t, checks, "intellectmoney/invoice", "missing", Unknown)
	expect(t, checks, "p2p/invoice", "missing", Unknown)
	s.options = Options{Gateways: []string{"invoice"}, Aliases: []string{"nowhere"}}
	expect(t, s.examine(), "terminal", "missing", Warning)
	expectReads(t, s)
}

// A payment is found by its order id, an invoice by its internal id.
func TestObjectsByOtherIDs(t *testing.T) {
	s := openShop(t, "", shopOptions)
	s.fill("invoice", "p2p")
	s.options = Options{Payments: []string{"invoice/007"}, Invoices: []string{"p2p/order-1"}}
	checks := s.examine()
	expect(t, checks, "invoice/payment", "found", OK)
	expect(t, checks, "p2p/invoice", "found", OK)
	expect(t, checks, "ids", "hex", OK)
	expect(t, checks, "p2p_internal_id", "true", OK)
}

// A shop without anything is healthy, and says what to give.
func TestEmptyShop(t *testing.T) {
	s := openShop(t, "", shopOptions)
	checks := s.examine()
	expect(t, checks, "ids", "unknown", Unknown, "-alias")
	expect(t, checks, "paykeeper_dates", "unknown", Unknown, "The lists have no invoice")
	expect(t, checks, "paykeeper_byid", "unknown", Unknown, "-invoice")
	expect(t, checks, "paykeeper_no_payment", "empty", OK)
	expect(t, checks, "intellectmoney_errors", "operation", OK)
	expect(t, checks, "intellectmoney_sort", "unknown", Unknown)
	for _, check := range checks {
		if check.Status == Error || check.Status == Warning {
			t.Errorf("%+v", check)
		}
	}
	expectReads(t, s)
}

// An invoice that is given shows what no list does: a created one of PayKeeper, and one of
// IntellectMoney that is too old.
func TestInvoicesAreGiven(t *testing.T) {
	s := openShop(t, "", shopOptions, "paykeeper_amount=plain", "intellectmoney_dates=half-open", "intellectmoney_transactions=always")
	created := must(s.PayKeeper.Add(sandboxkeeper.Invoice{PayAmount: "10.00"}))
	paid := must(s.IntellectMoney.Add(sandboxmoney.Invoice{Amount: "10.00", CreationDate: time.Date(2007, 5, 1, 12, 0, 0, 0, time.UTC)}))
	if err := s.IntellectMoney.SetState(paid.ID, "Paid"); err != nil {
		t.Fatal(err)
	}
	s.options.Invoices = []string{created.ID, paid.ID}
	checks := s.examine()
	expect(t, checks, "paykeeper_byid", "object", OK)
	expect(t, checks, "paykeeper_amount", "plain", OK)
	expect(t, checks, "paykeeper_timezone", "Europe/Moscow", OK)
	expect(t, checks, "intellectmoney_dates", "half-open", OK)
	expect(t, checks, "intellectmoney_transactions", "always", OK)
	expectReads(t, s)
}

// A terminal that is found by its id was made without an alias, which the guide does not allow.
func TestVendorChecks(t *testing.T) {
	s := openShop(t, "invoice", shopOptions, "checks=vendor")
	g := s.connected("invoice").(*invoiceapi.Gateway)
	terminal := must(g.Client.CreateTerminal(t.Context(), client.CreateTerminalRequest{Name: "Лавка"}))
	s.options.Aliases = []string{string(terminal.ID)}
	expect(t, s.examine(), "checks", "vendor", OK)
}
