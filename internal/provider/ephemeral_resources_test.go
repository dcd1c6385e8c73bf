package provider

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

const (
	paykeeperToken      = "invoice_paykeeper_token"
	intellectmoneyToken = "invoice_intellectmoney_user_token"
)

// open opens an ephemeral resource as Terraform does.
func (p *plugin6) open(typeName string, deferral bool) *tfprotov6.OpenEphemeralResourceResponse {
	p.t.Helper()
	resp, err := p.server.OpenEphemeralResource(context.Background(), &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: typeName, Config: p.encode(filled(p.ephemeralType(typeName), nil)),
		ClientCapabilities: &tfprotov6.OpenEphemeralResourceClientCapabilities{DeferralAllowed: deferral},
	})
	p.ok(err, nil)
	return resp
}

func (p *plugin6) ephemeralType(typeName string) tftypes.Type {
	return p.schemas.EphemeralResourceSchemas[typeName].ValueType()
}

// token opens an ephemeral resource that has to give a token.
func (p *plugin6) token(typeName string) (token, baseURL string) {
	p.t.Helper()
	resp := p.open(typeName, false)
	p.ok(nil, resp.Diagnostics)
	result := p.decode(resp.Result, p.ephemeralType(typeName))
	p.ok(result["token"].As(&token), nil)
	p.ok(result["base_url"].As(&baseURL), nil)
	return token, baseURL
}

// revoke is what a script does with the token: it revokes an invoice.
func revoke(t *testing.T, baseURL, token, id string) (answer string) {
	t.Helper()
	form := url.Values{"id": {id}, "token": {token}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, baseURL+"/change/invoice/revoke/", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(paykeeper.DemoLogin, paykeeper.DemoPassword)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	recorded := httptest.NewRecorder()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if _, err := recorded.Body.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	return recorded.Body.String()
}

// The provider and all scripts of a run share one token, also on a server where fetching a
// token ends the one before.
func TestPayKeeperTokenIsTheProvidersOwn(t *testing.T) {
	for _, dialect := range [][]string{nil, {"paykeeper_token_kills=true", "paykeeper_token=array"}} {
		t.Run(dialectName(dialect), func(t *testing.T) {
			box, p := newTokenPlugin(t, dialect...)
			before, baseURL := p.token(paykeeperToken)
			create := func() (id string) {
				made := p.create("invoice_invoice", map[string]tftypes.Value{
					"amount": text("7"), "currency": text("RUB"), "when_unpayable": text("keep"), "paykeeper": p.nested("invoice_invoice", "paykeeper", nil),
				})
				p.ok(made["id"].As(&id), nil)
				return id
			}
			id := create()
			if after, _ := p.token(paykeeperToken); after != before || len(box.Requests("paykeeper.token")) != 1 {
				t.Errorf("token %q, then %q, of %d fetches", before, after, len(box.Requests("paykeeper.token")))
			}
			if answer := revoke(t, baseURL, before, id); !strings.Contains(answer, "success") {
				t.Errorf("a script with the token: %s", answer)
			}
			// The gateway has changed it. The provider's next change fetches the new one.
			box.PayKeeper.RotateToken()
			id = create()
			after, _ := p.token(paykeeperToken)
			if answer := revoke(t, baseURL, after, id); after == before || !strings.Contains(answer, "success") {
				t.Errorf("token %q after %q: %s", after, before, answer)
			}
		})
	}
}

func newTokenPlugin(t *testing.T, dialect ...string) (*gateways.Sandbox, *plugin6) {
	t.Helper()
	box := clitest.OpenSandbox(t, dialect...)
	server := httptest.NewServer(box.Handler())
	t.Cleanup(server.Close)
	return box, newPlugin(t, server.URL)
}

// With a login, the token is fetched once. A configured one is given as it is.
func TestIntellectMoneyUserTokenIsTheProvidersOwn(t *testing.T) {
	box, p := newTokenPlugin(t)
	token, baseURL := p.token(intellectmoneyToken)
	again, _ := p.token(intellectmoneyToken)
	history := p.lookUp("invoice_history", map[string]tftypes.Value{"gateway": text("intellectmoney")})
	if token != intellectmoney.DemoUserToken || again != token || !strings.HasSuffix(baseURL, "/intellectmoney") || history["invoices"].IsNull() {
		t.Errorf("token %q, then %q, of %s", token, again, baseURL)
	}
	if got := len(box.Requests("intellectmoney.token")); got != 1 {
		t.Errorf("it was fetched %d times", got)
	}
	box.ResetRequests()
	block := attributeType(p.schemas.Provider.ValueType(), "intellectmoney")
	configured := newPluginWith(t, testProvider(), "http://127.0.0.1:1", map[string]tftypes.Value{"intellectmoney": filled(block, map[string]tftypes.Value{
		"bearer_token": text("bearer"), "sign_secret_key": text("key"), "user_token": text("configured/token"), "base_url": text("http://127.0.0.1:1/"),
	})})
	if token, baseURL := configured.token(intellectmoneyToken); token != "configured/token" || baseURL != "http://127.0.0.1:1" || len(box.Requests()) > 0 {
		t.Errorf("token %q of %s, with %d calls", token, baseURL, len(box.Requests()))
	}
}

// lookUp reads a data source.
func (p *plugin6) lookUp(typeName string, given map[string]tftypes.Value) map[string]tftypes.Value {
	p.t.Helper()
	of := p.schemas.DataSourceSchemas[typeName].ValueType()
	resp, err := p.server.ReadDataSource(context.Background(), &tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: p.encode(filled(of, given))})
	p.ok(err, resp.Diagnostics)
	return p.decode(resp.State, of)
}

// Without settings, the error names them. While one is unknown, the token is empty, with a
// warning, or deferred where the CLI can.
func TestTokensNeedTheirGateway(t *testing.T) {
	for typeName, block := range map[string]string{paykeeperToken: "paykeeper", intellectmoneyToken: "intellectmoney"} {
		missing := map[string]string{
			paykeeperToken:      "paykeeper.base_url (or INVOICE_PAYKEEPER_BASE_URL), paykeeper.login (or INVOICE_PAYKEEPER_LOGIN)",
			intellectmoneyToken: "intellectmoney.bearer_token (or INVOICE_INTELLECTMONEY_BEARER_TOKEN)",
		}[typeName]
		t.Run(typeName, func(t *testing.T) {
			_, p := newTokenPlugin(t)
			of := attributeType(p.schemas.Provider.ValueType(), block)
			with := func(settings tftypes.Value) *plugin6 {
				return newPluginWith(t, testProvider(), "http://127.0.0.1:1", map[string]tftypes.Value{block: settings})
			}
			resp := with(tftypes.NewValue(of, nil)).open(typeName, false)
			if len(resp.Diagnostics) != 1 || !strings.HasSuffix(resp.Diagnostics[0].Summary, "is not configured") || !strings.Contains(resp.Diagnostics[0].Detail, missing) {
				t.Errorf("without settings: %+v", resp.Diagnostics)
			}
			unknown := with(tftypes.NewValue(of, tftypes.UnknownValue))
			resp = unknown.open(typeName, false)
			result := p.decode(resp.Result, p.ephemeralType(typeName))
			if !result["token"].Equal(text("")) || !result["base_url"].Equal(text("")) || len(resp.Diagnostics) != 1 ||
				!strings.HasSuffix(resp.Diagnostics[0].Summary, "was not asked") || resp.Diagnostics[0].Severity != tfprotov6.DiagnosticSeverityWarning {
				t.Errorf("with unknown settings: %s, %+v", result, resp.Diagnostics)
			}
			if resp = unknown.open(typeName, true); resp.Deferred == nil || len(resp.Diagnostics) > 0 {
				t.Errorf("where the CLI takes a deferral: %+v", resp)
			}
			// Nobody listens at that address.
			resp = newPlugin(t, "http://127.0.0.1:1").open(typeName, false)
			if len(resp.Diagnostics) != 1 || !strings.HasPrefix(resp.Diagnostics[0].Summary, "Cannot get the ") || !strings.Contains(resp.Diagnostics[0].Detail, "check base_url and the network") {
				t.Errorf("without a gateway: %+v", resp.Diagnostics)
			}
		})
	}
}

// A script gets a token that works. The token is in neither the plan nor the state.
func TestScriptsGetTokens(t *testing.T) {
	clitest.NeedCLI(t, clitest.EphemeralResources)
	w := newWorkspace(t)
	config := paykeeperInvoice() + `
ephemeral "invoice_paykeeper_token" "it" {}
ephemeral "invoice_intellectmoney_user_token" "it" {}

resource "terraform_data" "script" {
  input = invoice_invoice.one.id
  provisioner "local-exec" {
    interpreter = ["sh", "-c"]
    command     = "printf '%s\n%s\n%s' \"$PAYKEEPER\" \"$TOKEN\" \"$USER_TOKEN\" >given"
    environment = {
      PAYKEEPER  = ephemeral.invoice_paykeeper_token.it.base_url
      TOKEN      = ephemeral.invoice_paykeeper_token.it.token
      USER_TOKEN = ephemeral.invoice_intellectmoney_user_token.it.token
    }
  }
}
`
	// A plan file repeats the configuration in plain text, so that must not hold the token.
	w.Write(config + strings.Replace(clitest.ProviderBlock(w.URL), fmt.Sprintf("user_token      = %q", intellectmoney.DemoUserToken),
		fmt.Sprintf("login = %q\n    password = %q", intellectmoney.DemoLogin, intellectmoney.DemoPassword), 1))
	w.MustExec("plan", "-out=saved")
	output := w.MustExec("apply", "saved")
	text, err := os.ReadFile(filepath.Join(w.Dir, "given"))
	w.Must(err)
	given := strings.Split(string(text), "\n")
	if len(given) != 3 || given[2] != intellectmoney.DemoUserToken {
		t.Fatalf("the script got %q", given)
	}
	if answer := revoke(t, given[0], given[1], w.PayKeeperInvoices()[0].ID); !strings.Contains(answer, "success") {
		t.Errorf("the script's call with the token: %s", answer)
	}
	plan, err := os.ReadFile(filepath.Join(w.Dir, "saved"))
	w.Must(err)
	state, err := os.ReadFile(filepath.Join(w.Dir, "terraform.tfstate"))
	w.Must(err)
	if !strings.Contains(unzipped(plan), paykeeperToken) || !strings.Contains(string(state), "terraform_data") {
		t.Error("there is no plan or no state to look into")
	}
	for name, in := range map[string]string{"the plan": unzipped(plan), "the state": string(state), "the output": output} {
		for _, token := range given[1:] {
			if token == "" || strings.Contains(in, token) {
				t.Errorf("%s holds the token %q: %s", name, token, in)
			}
		}
	}
}

// A setting that comes from another resource is unknown in the plan. The apply opens what the
// plan could not.
func TestTokenOfAProviderThatIsUnknownInThePlan(t *testing.T) {
	clitest.NeedCLI(t, clitest.EphemeralResources)
	w := newWorkspace(t)
	w.Write(strings.Replace(clitest.ProviderBlock(w.URL), `"`+paykeeper.DemoPassword+`"`, "terraform_data.password.output", 1) + `
resource "terraform_data" "password" {
  input = "` + paykeeper.DemoPassword + `"
}
ephemeral "invoice_paykeeper_token" "it" {}
resource "terraform_data" "script" {
  provisioner "local-exec" {
    interpreter = ["sh", "-c"]
    command     = "printf '%s' \"$TOKEN\" >given"
    environment = { TOKEN = ephemeral.invoice_paykeeper_token.it.token }
  }
}
`)
	w.Plan().Succeeds().Warns("PayKeeper was not asked", "The apply opens it again")
	w.SentNothing()
	w.Apply().Succeeds()
	if text, err := os.ReadFile(filepath.Join(w.Dir, "given")); err != nil || len(text) == 0 {
		t.Errorf("the script got %q, %v", text, err)
	}
	w.Destroy().Succeeds()
}
