package provider

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

func TestProviderNamesMissingSettings(t *testing.T) {
	w := newWorkspace(t)
	w.Write(terminalConfig + `provider "invoice" {}`)
	w.Plan().Fails("Invoice API v2 is not configured", "invoice.merchant_id (or INVOICE_MERCHANT_ID)", "invoice.api_key (or INVOICE_API_KEY)")
	w.SentNothing()

	w = newWorkspaceBeside(t)
	w.Write(terminalConfig + "provider \"invoice\" {\n invoice = { merchant_id = \"m\" }\n}")
	w.Plan().Fails("some are missing: invoice.api_key (or INVOICE_API_KEY). Set")
	w.SentNothing()
}

// A gateway that no resource uses needs no settings.
func TestProviderNeedsNoSettingsOfUnusedGateways(t *testing.T) {
	w := newWorkspace(t)
	w.Write(`provider "invoice" {}`)
	w.Plan().Succeeds().SaysNothing()
}

func TestProviderInputIsCheckedInThePlan(t *testing.T) {
	for name, c := range map[string]struct{ block, attribute, says string }{
		"plain http":            {`invoice = { base_url = "http://api.invoice.su/api/v2" }`, "Attribute invoice.base_url: the value", "would send credentials over plain http. It must be an https URL, or an http URL on a loopback host"},
		"http look-alike":       {`invoice = { base_url = "http://localhost.example.com" }`, "Attribute invoice.base_url: the value", "would send credentials over plain http"},
		"no URL":                {`invoice = { base_url = "api.invoice.su" }`, "Attribute invoice.base_url: the value", "does not begin with http:// or https://"},
		"credentials":           {`invoice = { base_url = "https://user:pass@api.invoice.su" }`, "Attribute invoice.base_url: the value", "holds credentials"},
		"query":                 {`invoice = { base_url = "https://api.invoice.su/?a=b" }`, "Attribute invoice.base_url: the value", "has a query or a fragment"},
		"key with a line break": {"invoice = {\n merchant_id = \"m\"\n api_key = \"k\\n\"\n}", "Attribute invoice.api_key: the value", "holds a space or a line break"},
		"no merchant":           {"invoice = {\n merchant_id = \"\"\n api_key = \"k\"\n}", "Attribute invoice.merchant_id: the value", "is empty"},
		"paykeeper http":        {`paykeeper = { base_url = "http://demo.server.paykeeper.ru" }`, "Attribute paykeeper.base_url: the value", "would send credentials over plain http"},
		"retries":               {`max_retries = -1`, "max_retries", "must be between 0 and 20"},
		"timeout":               {`request_timeout = "soon"`, "request_timeout", `"soon" is not a positive duration. It must be a positive duration such as "30s"`},
		"timeout zero":          {`request_timeout = "0s"`, "request_timeout", `"0s" is not a positive duration`},
		"max_wait":              {`max_wait = "5"`, "max_wait", `"5" is not a positive duration. It must be a positive duration such as "30s"`},
		"max_wait zero":         {`max_wait = "0s"`, "max_wait", `"0s" is not a positive duration`},
		"rate":                  {`requests_per_second = 0`, "requests_per_second", "must be at least 0.01"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.Write(terminalConfig + "provider \"invoice\" {\n" + c.block + "\n}")
			w.Plan().Fails(c.attribute, c.says)
			w.SentNothing()
		})
	}
}

// The provider reads the environment, so these tests run one at a time.
func TestProviderReadsTheEnvironment(t *testing.T) {
	w := newWorkspaceBeside(t)
	set := func(pairs ...string) {
		for i := 0; i < len(pairs); i += 2 {
			t.Setenv(pairs[i], pairs[i+1])
		}
	}
	set("INVOICE_MERCHANT_ID", invoiceapi.TestMerchantID, "INVOICE_API_KEY", invoiceapi.TestAPIKey, "INVOICE_BASE_URL", w.URL+"/invoice/api/v2")
	w.MustApply(terminalConfig + `provider "invoice" {}`)

	for _, c := range []struct{ variable, value, says string }{
		{"INVOICE_BASE_URL", "http://example.com", "would send credentials over plain http"},
		{"INVOICE_MAX_RETRIES", "many", `INVOICE_MAX_RETRIES="many": it must be a whole number from 0 to 20`},
		{"INVOICE_REQUEST_TIMEOUT", "-1s", `INVOICE_REQUEST_TIMEOUT="-1s": it must be a positive duration`},
		{"INVOICE_MAX_WAIT", "5", `INVOICE_MAX_WAIT="5": it must be a positive duration`},
		{"INVOICE_REQUESTS_PER_SECOND", "0", `INVOICE_REQUESTS_PER_SECOND="0": it must be a number of at least 0.01`},
		{"INVOICE_REQUESTS_PER_SECOND", "inf", `INVOICE_REQUESTS_PER_SECOND="inf": it must be a number of at least 0.01`},
		{"INVOICE_REQUESTS_PER_SECOND", "NaN", `INVOICE_REQUESTS_PER_SECOND="NaN": it must be a number of at least 0.01`},
		{"INVOICE_REQUESTS_PER_SECOND", "0.0099", `INVOICE_REQUESTS_PER_SECOND="0.0099": it must be a number of at least 0.01`},
	} {
		t.Run(c.variable, func(t *testing.T) {
			t.Setenv(c.variable, c.value)
			w.Plan().Fails(c.says)
		})
	}
	// The provider block takes precedence over the environment.
	set("INVOICE_API_KEY", "wrong", "INVOICE_MAX_RETRIES", "0")
	w.Plan().Fails("error 0", "INVOICE_API_KEY")
	w.MustApply(terminalConfig)
}

// A setting that another resource makes is unknown in the first plan.
func TestProviderSettingMayBeUnknownInThePlan(t *testing.T) {
	w := newWorkspace(t)
	block := clitest.ProviderBlock(w.URL)
	unknown := strings.Replace(block, `"`+invoiceapi.TestAPIKey+`"`, "terraform_data.key.output", 1) + `
resource "terraform_data" "key" {
  input = "` + invoiceapi.TestAPIKey + `"
}
`
	w.Write(terminalConfig + unknown)
	w.Plan().Succeeds()
	w.SentNothing()
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()

	// The state knows the setting and the plan does not, so the refresh has to wait.
	w.Write(terminalConfig + strings.Replace(unknown, `input = "`, `triggers_replace = 1
  input = "`, 1))
	w.Plan().Succeeds().Warns("Invoice API v2 was not asked")
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()
}

// Terraform reads data sources in a plan, and in the refresh that begins a destroy, and does
// not say which. While settings are unknown, they are empty, with a warning.
func TestDataSourceIsEmptyWhileASettingIsUnknown(t *testing.T) {
	w := newWorkspace(t)
	block := strings.NewReplacer(`"`+invoiceapi.TestAPIKey+`"`, "terraform_data.key.output", `"`+paykeeper.DemoPassword+`"
    base_url`, "terraform_data.key.output == \"\" ? \"\" : \"demo\"\n    base_url").Replace(clitest.ProviderBlock(w.URL))
	config := func(line string) string {
		return block + linkConfig + `
resource "terraform_data" "key" {
  input = "` + invoiceapi.TestAPIKey + `"
  ` + line + `
}
data "invoice_terminal" "x" { alias = "web" }
data "invoice_payment" "x" { order_id = "order-1" }
data "invoice_history" "x" { gateway = "paykeeper" }
output "status" { value = data.invoice_payment.x.status }
output "ids" { value = [for i in data.invoice_history.x.invoices : i.id] }
`
	}
	// At first there is nothing to look up.
	w.Write(config(""))
	w.Plan().Succeeds().Warns("Invoice API v2 was not asked", "this data source is empty", "When destroying, that does no harm", "do not apply this plan if anything depends on", "-target", "depends_on").
		Warns("PayKeeper was not asked")
	w.SentNothing()
	w.Apply("-target=terraform_data.key", "-target=invoice_payment_link.order").Succeeds()
	w.Apply().Succeeds().SaysNothing()
	w.Plan().Succeeds().ChangesNothing()
	w.StateHas("data.invoice_payment.x", map[string]any{"status": "init", "amount": "1500.50"})

	// The settings are made anew. The plan does not fail, and the destroy still has the old
	// ones.
	w.Write(config("triggers_replace = 1"))
	w.Plan().Succeeds().Warns("Invoice API v2 was not asked", "this data source is empty")
	w.Destroy().Succeeds()
	if got := w.OnlyPayment().Status; got != "closed" {
		t.Errorf("the link is %s", got)
	}
	// The resource that makes the settings does not exist, but another one does.
	w.Write(config("") + `resource "terraform_data" "other" {}`)
	w.Apply("-target=terraform_data.other").Succeeds()
	w.Destroy().Succeeds() // neither CLI shows the warnings of its refresh
	w.StateLacks("terraform_data.other")
}

// A CLI that allows deferrals defers the data source instead.
func TestDataSourceIsDeferred(t *testing.T) {
	for _, g := range unconfigured {
		var resp datasource.ReadResponse
		req := datasource.ReadRequest{ClientCapabilities: datasource.ReadClientCapabilities{DeferralAllowed: true}}
		if g.LookUp(req, &resp) || resp.Deferred == nil || resp.Deferred.Reason != datasource.DeferredReasonProviderConfigUnknown || len(resp.Diagnostics) > 0 {
			t.Errorf("%s: %+v", g.Name(), resp)
		}
	}
}

// The gateway does not answer, or something else does. The error names the gateway, the
// operation and what came back. The state loses nothing.
func TestProviderLosesNothingWhenNoGatewayAnswers(t *testing.T) {
	closed := func() string {
		listener, _ := net.Listen("tcp", "127.0.0.1:0")
		defer func() { _ = listener.Close() }()
		return "http://" + listener.Addr().String()
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		says   []string
	}{
		"down": {nil, []string{"GetTerminal: dial tcp", "connection refused"}},
		"HTML, 200": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte("<html><b>Технические работы</b></html>"))
		}, []string{"HTTP 200", "HTML page", "Технические работы"}},
		"half": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte(`{"id":"1`))
		}, []string{"the answer (HTTP 200) broke off", "unexpected EOF"}},
		"half JSON": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"id":"1`)) }, []string{"cannot be read", `{"id":"1`}},
		"empty":     {func(http.ResponseWriter, *http.Request) {}, []string{"HTTP 200", "the answer is empty"}},
		"no id":     {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"name":"x"}`)) }, []string{"it holds no id"}},
		"error, 200": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"error":99,"description":"Что-то не так"}`))
		}, []string{"HTTP 200", "error 99", "«Что-то не так»"}},
		"redirect": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login", http.StatusSeeOther) }, []string{"HTTP 303", `redirected to "/login": wrong login, or base_url names the wrong server`}},
		"502":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, []string{"HTTP 502"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(terminalConfig)
			address := closed()
			if c.answer != nil {
				server := httptest.NewServer(c.answer)
				defer server.Close()
				address = server.URL
			}
			says := append([]string{`Cannot read terminal "mira-12"`, "Invoice API v2, GetTerminal"}, c.says...)
			w.Write(terminalConfig + clitest.ProviderBlock(address))
			w.Plan().Fails(says...)
			w.Destroy().Fails(says...)
			w.Write(terminalConfig)
			w.Plan().Succeeds().ChangesNothing()
		})
	}
}
