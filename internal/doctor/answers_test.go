package doctor

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	client "github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
)

var shopOptions gateways.Options

// wrongCredentials are a wrong setting of each gateway, and what names it.
var wrongCredentials = []struct{ gateway, variable, setting, advice string }{
	{"invoice", "INVOICE_API_KEY", "", "INVOICE_API_KEY"},
	{"paykeeper", "INVOICE_PAYKEEPER_PASSWORD", "paykeeper_login=401", "INVOICE_PAYKEEPER_PASSWORD"},
	{"paykeeper", "INVOICE_PAYKEEPER_PASSWORD", "paykeeper_login=303", "INVOICE_PAYKEEPER_PASSWORD"},
	{"paykeeper", "INVOICE_PAYKEEPER_PASSWORD", "paykeeper_login=html", "INVOICE_PAYKEEPER_PASSWORD"},
	{"p2p", "INVOICE_P2P_SECRET_KEY", "", "INVOICE_P2P_SECRET_KEY"},
	{"intellectmoney", "INVOICE_INTELLECTMONEY_BEARER_TOKEN", "intellectmoney_bearer_status=200", "INVOICE_INTELLECTMONEY_BEARER_TOKEN"},
	{"intellectmoney", "INVOICE_INTELLECTMONEY_BEARER_TOKEN", "intellectmoney_bearer_status=401", "INVOICE_INTELLECTMONEY_BEARER_TOKEN"},
	{"intellectmoney", "INVOICE_INTELLECTMONEY_SIGN_SECRET_KEY", "", "INVOICE_INTELLECTMONEY_SIGN_SECRET_KEY"},
	{"intellectmoney", "INVOICE_INTELLECTMONEY_USER_TOKEN", "intellectmoney_errors=result", "INVOICE_INTELLECTMONEY_USER_TOKEN"},
}

// Wrong credentials are an error that names the setting. They show what right ones do not.
func TestWrongCredentials(t *testing.T) {
	for _, one := range wrongCredentials {
		t.Run(one.variable+" "+one.setting, func(t *testing.T) {
			var settings []string
			if one.setting != "" {
				settings = append(settings, one.setting)
			}
			s := openShop(t, one.gateway, shopOptions, settings...)
			s.fill(one.gateway)
			t.Setenv(one.variable, "wrong-secret")
			checks := s.examine()
			expect(t, checks, "credentials", "refused", Error, one.advice)
			expect(t, checks, "reachable", "true", OK)
			if name, value, isSwitch := strings.Cut(one.setting, "="); isSwitch {
				expect(t, checks, name, value, OK)
			}
			expectReads(t, s)
			if shown := printed(t, s.options); strings.Contains(shown, "wrong-secret") {
				t.Errorf("a secret in %s", shown)
			}
		})
	}
}

// printed is everything that the doctor prints, as a table and as JSON.
func printed(t *testing.T, options Options) string {
	t.Helper()
	report := must(Run(t.Context(), options))
	var b bytes.Buffer
	if err := report.WriteTable(&b); err != nil {
		t.Fatal(err)
	}
	b.Write(must(json.Marshal(report)))
	return b.String()
}

// configure points all gateways at a server that is none.
func configure(t *testing.T, address string) {
	t.Helper()
	clearEnvironment(t)
	for prefix, settings := range map[string][]string{
		"": {"MERCHANT_ID=merchant", "API_KEY=api-key-secret"}, "PAYKEEPER_": {"LOGIN=login@example.com", "PASSWORD=password-secret"},
		"P2P_": {"API_KEY=other-key-secret", "SECRET_KEY=signing-secret"}, "INTELLECTMONEY_": {"BEARER_TOKEN=bearer-secret", "SIGN_SECRET_KEY=signing-secret", "USER_TOKEN=user-secret"},
	} {
		for _, setting := range append(settings, "BASE_URL="+address) {
			name, value, _ := strings.Cut(setting, "=")
			t.Setenv("INVOICE_"+prefix+name, value)
		}
	}
	t.Setenv("INVOICE_MAX_RETRIES", "0")
}

// What no gateway answers is an error that shows it, masked.
func TestAnswersOfOthers(t *testing.T) {
	page := `<html><title>Кабинет ivanov@example.com</title><body>Иванов Иван ivanov@example.com, тел. +7 912 345-67-89, ключ api-key-secret password-secret bearer-secret</body></html>`
	record := `{"clientid":"Иванов Иван","client_email":"ivanov@example.com","client_phone":"+79123456789","card":"5543735484626654",` +
		`"token":"token-secret","note":"api-key-secret password-secret bearer-secret","service_name":"Лечение Иванова"}`
	answers := map[string]http.HandlerFunc{
		"page":   answering(200, "text/html", page),
		"error":  answering(502, "text/html", page),
		"record": answering(200, "application/json", record),
		"half":   answering(200, "application/json", record[:len(record)-30]),
		"list":   answering(200, "application/json", `[`+record+`,`+record+`]`),
		"empty":  answering(200, "application/json", ""),
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.example/login?key=api-key-secret", http.StatusFound)
		},
	}
	for kind, answer := range answers {
		server := httptest.NewServer(answer)
		t.Cleanup(server.Close)
		for gateway := range pointsOf {
			configure(t, server.URL)
			options := Options{Gateways: []string{gateway}}
			report := must(Run(t.Context(), options))
			checks := byName(report)
			if report.IsHealthy() {
				t.Errorf("%s, %s: it looks healthy", gateway, kind)
			}
			isLogin := gateway == "paykeeper" && (kind == "page" || kind == "redirect")
			if !isLogin && checks["answers"].Status != Error {
				t.Errorf("%s, %s: %+v", gateway, kind, report.Checks)
			}
			if where := checks["answers"].Means + checks["credentials"].Means; kind == "redirect" && !strings.Contains(where, "elsewhere.example/login") {
				// PayKeeper's wrong login is explained without the address.
				if gateway != "paykeeper" {
					t.Errorf("%s: nothing says where it redirects to: %s", gateway, where)
				}
			}
			expectMasked(t, gateway+", "+kind, printed(t, options))
		}
	}
}

func answering(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func expectMasked(t *testing.T, what, shown string) {
	t.Helper()
	for _, secret := range []string{
		"api-key-secret", "password-secret", "bearer-secret", "signing-secret", "user-secret", "token-secret", "Иванов", "ivanov@", "912 345", "9123456789",
		"5543735484626654", "Лечение", "login@example.com",
	} {
		if strings.Contains(shown, secret) {
			t.Errorf("%s: %q stands in\n%s", what, secret, shown)
		}
	}
}

// A whole examination prints neither secrets nor payers.
func TestNothingIsPrintedOfPayers(t *testing.T) {
	s := openShop(t, "", shopOptions)
	s.fill("invoice", "paykeeper", "p2p", "intellectmoney")
	shown := printed(t, s.options)
	expectMasked(t, "all", shown)
	keeper := s.connected("paykeeper").(*paykeeper.Gateway)
	if token := must(keeper.Client.SecurityToken(t.Context())); strings.Contains(shown, token) {
		t.Errorf("the token stands in\n%s", shown)
	}
	s.ResetRequests()
	for _, variable := range s.Environment(s.URL) {
		isSecret := strings.Contains(variable.Name, "KEY") || strings.Contains(variable.Name, "TOKEN")
		if isSecret && strings.Contains(shown, variable.Value) {
			t.Errorf("%s stands in\n%s", variable.Name, shown)
		}
	}
	for _, secret := range []string{"Тайная лавка", "5543", "notify-secret", "Кофе"} {
		if strings.Contains(shown, secret) {
			t.Errorf("%q stands in\n%s", secret, shown)
		}
	}
	report := must(Run(t.Context(), s.options))
	if !report.IsHealthy() || report.Count(Warning) > 0 {
		t.Errorf("%s", shown)
	}
	expectReads(t, s)
}

// The token of PayKeeper is never shown, not even where the client cannot read it.
func TestUnreadableTokenIsNotShown(t *testing.T) {
	server := httptest.NewServer(answering(200, "application/json", `[{"token":"one-hidden-thing"},{"token":"another-hidden-thing"}]`))
	t.Cleanup(server.Close)
	configure(t, server.URL)
	if shown := printed(t, Options{Gateways: []string{"paykeeper"}}); !strings.Contains(shown, "unreadable") || strings.Contains(shown, "hidden-thing") {
		t.Error(shown)
	}
}

// A gateway whose words for "there is none" the client does not understand would not work.
func TestAbsenceIsNotUnderstood(t *testing.T) {
	server := clienttest.Start(t, &clienttest.Server{Answer: func(int, clienttest.Request) clienttest.Reply {
		return clienttest.OK(`{"error":77,"description":"Nichts da"}`)
	}})
	configure(t, server.URL)
	checks := byName(must(Run(t.Context(), Options{Gateways: []string{"invoice"}})))
	expect(t, checks, "credentials", "accepted", OK)
	expect(t, checks, "not_found", "not understood", Error, "Nichts da")
	expect(t, checks, "error_status", "200", OK)
}

// What the doctor asks with can change nothing, whatever INVOICE_READ_ONLY says.
func TestTheDoctorCannotChangeAnything(t *testing.T) {
	s := openShop(t, "invoice", shopOptions)
	t.Setenv("INVOICE_READ_ONLY", "false")
	v := newVisit()
	var diags diag.Diagnostics
	g := v.connect("invoice", &diags).(*invoiceapi.Gateway)
	_, err := g.Client.CreateTerminal(t.Context(), client.CreateTerminalRequest{Name: "Лавка", Alias: "shop"})
	if !transport.IsReadOnly(err) {
		t.Errorf("got %v", err)
	}
	for _, request := range s.Requests() {
		if request.Operation == "CreateTerminal" {
			t.Error("it was sent")
		}
	}
}

// IntellectMoney can be asked with a login, too.
func TestUserTokenIsFetched(t *testing.T) {
	s := openShop(t, "intellectmoney", shopOptions)
	t.Setenv("INVOICE_INTELLECTMONEY_USER_TOKEN", "")
	t.Setenv("INVOICE_INTELLECTMONEY_LOGIN", "demo@example.com")
	t.Setenv("INVOICE_INTELLECTMONEY_PASSWORD", "demo")
	expect(t, s.examine(), "credentials", "accepted", OK)
	expectReads(t, s)
	t.Setenv("INVOICE_INTELLECTMONEY_PASSWORD", "wrong-secret")
	checks := s.examine()
	expect(t, checks, "credentials", "refused", Error)
	expectMasked(t, "wrong password", printed(t, s.options))
}

// What the provider needs and is refused is an error, with the gateway's words.
func TestRightsAreMissing(t *testing.T) {
	refusal := `{"result":"fail","msg":"Недостаточно прав"}`
	for name, answers := range map[string]map[string]string{
		"token": {"/info/settings/token/": refusal},
		"list":  {"/info/invoice/list/": refusal},
		"count": {"/info/invoice/listcount/": refusal},
	} {
		server := clienttest.Start(t, &clienttest.Server{Answer: func(_ int, r clienttest.Request) clienttest.Reply {
			for _, known := range []map[string]string{answers, {
				"/info/settings/token/": `{"token":"token-secret"}`, "/info/invoice/list/": `[]`, "/info/invoice/search/": `[]`, "/info/payments/byid/": ``,
				"/info/invoice/byid/": `{"result":"fail","msg":"Счёт не найден."}`, "/info/invoice/listcount/": `{"statuses":[],"fullcount":0}`,
			}} {
				if body, isKnown := known[r.Path]; isKnown {
					return clienttest.OK(body)
				}
			}
			return clienttest.Reply{Status: 404}
		}})
		configure(t, server.URL)
		checks := byName(must(Run(t.Context(), Options{Gateways: []string{"paykeeper"}})))
		expect(t, checks, name, "refused", Error, "Недостаточно прав")
	}
}

// A gateway's own words are shown, without the secrets and payers in them.
func TestWordsAreMasked(t *testing.T) {
	words := `Нет прав: ivanov@example.com, +7 912 345-67-89, карта 5543735484626654, ключи api-key-secret bearer-secret password-secret`
	for gateway, body := range map[string]string{
		"invoice":        `{"error":77,"description":"` + words + `"}`,
		"paykeeper":      `{"result":"fail","msg":"` + words + `"}`,
		"p2p":            `[{"message":"` + words + `"}]`,
		"intellectmoney": `{"OperationState":{"Code":2,"Desc":"` + words + `"},"Result":false}`,
	} {
		server := httptest.NewServer(answering(200, "application/json", body))
		t.Cleanup(server.Close)
		configure(t, server.URL)
		shown := printed(t, Options{Gateways: []string{gateway}, Invoices: []string{"login@example.com"}, Payments: []string{"login@example.com"}})
		if !strings.Contains(shown, "Нет прав") {
			t.Errorf("%s: nothing of the gateway's words in\n%s", gateway, shown)
		}
		expectMasked(t, gateway, shown)
	}
}
