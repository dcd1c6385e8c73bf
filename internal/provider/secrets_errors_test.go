package provider

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// sensitiveVariables are marked as sensitive. Terraform itself shows the others where an error
// points to the line that uses them.
var sensitiveVariables = strings.ReplaceAll(secretVariables, "{ type = string }", "{\n  type      = string\n  sensitive = true\n}")

// parrots are the ways in which servers, proxies and scripts repeat what they were sent. A
// parrot whose name begins with "half" is cut in the middle.
var parrots = []struct {
	name  string
	write func(w http.ResponseWriter, gatewayName, said string)
}{
	{"page", func(w http.ResponseWriter, _, said string) {
		_, _ = fmt.Fprintf(w, "<html><pre>%s</pre></html>", html.EscapeString(said))
	}},
	{"raw page", func(w http.ResponseWriter, _, said string) {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = fmt.Fprintf(w, "<html>%s</html>", said)
	}},
	{"text", func(w http.ResponseWriter, _, said string) { http.Error(w, said, http.StatusForbidden) }},
	{"refusal", func(w http.ResponseWriter, gatewayName, said string) {
		_, _ = w.Write([]byte(refusal(gatewayName, inJSON(said, false))))
	}},
	{"refusal in ASCII", func(w http.ResponseWriter, gatewayName, said string) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(refusal(gatewayName, strings.ReplaceAll(strings.ReplaceAll(inASCII(said), `\x7f`, ""), "/", `\/`))))
	}},
	{"refusal with a document in it", func(w http.ResponseWriter, gatewayName, said string) {
		document, _ := json.Marshal(map[string]string{"sent": said})
		_, _ = w.Write([]byte(refusal(gatewayName, inJSON(string(document), true))))
	}},
	{"code of a refusal", func(w http.ResponseWriter, gatewayName, said string) {
		code := inJSON(said, true)
		_, _ = w.Write([]byte(map[string]string{
			"invoice":        `{"error":"` + code + `","description":"no"}`,
			"paykeeper":      `{"result":"fail","msg":"no","error_code":"` + code + `"}`,
			"p2p":            `[{"message":"` + code + `"}]`,
			"intellectmoney": `{"OperationState":{"Code":"` + code + `","Desc":"no"},"Result":false}`,
		}[gatewayName]))
	}},
	{"other JSON", func(w http.ResponseWriter, _, said string) {
		w.WriteHeader(http.StatusBadGateway)
		_, _ = w.Write([]byte(`{"sent":"` + strings.ReplaceAll(inJSON(said, true), "/", `\/`) + `"}`))
	}},
	{"half a document", func(w http.ResponseWriter, _, said string) {
		_, _ = w.Write([]byte(`{"sent":"` + inASCII(said)))
	}},
	{"redirect", func(w http.ResponseWriter, _, said string) {
		w.Header().Set("Location", "/login?sent="+url.QueryEscape(said))
		w.WriteHeader(http.StatusFound)
	}},
	{"redirect to a path", func(w http.ResponseWriter, _, said string) {
		w.Header().Set("Location", "/login/"+url.PathEscape(said))
		w.WriteHeader(http.StatusFound)
	}},
	// Go's error quotes such a line.
	{"no HTTP", func(w http.ResponseWriter, _, said string) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_, _ = fmt.Fprintf(connection, "HTTP/1.1 200 OK\r\nSent %s\r\n\r\n", said)
			_ = connection.Close()
		}
	}},
}

// refusal is an error in the gateway's own shape.
func refusal(gatewayName, text string) string {
	return map[string]string{
		"invoice":        `{"error":99,"description":"` + text + `","additions":{"api":["` + text + `"]}}`,
		"paykeeper":      `{"result":"fail","msg":"` + text + `"}`,
		"p2p":            `[{"message":"` + text + `"}]`,
		"intellectmoney": `{"OperationState":{"Code":2,"Desc":"` + text + `"},"Result":false}`,
	}[gatewayName]
}

// parrot answers each call in another of these ways, with the secrets of the call, one by one
// and all together. Each answer begins with another secret, since errors quote only the
// beginning.
func (s *secretRun) parrot(but ...string) {
	var mu sync.Mutex
	turns := map[string]int{}
	answer := func(w http.ResponseWriter, r *http.Request, sent []string) {
		operation := strings.TrimLeft(r.URL.Path, "/0123456789")
		for _, one := range but {
			if strings.Contains(operation, one) {
				s.Sandbox.Handler().ServeHTTP(w, r)
				return
			}
		}
		gatewayName := gatewayOf(r)
		// Keys that sign are never sent, but the gateway has them too.
		if key := map[string]string{"p2p": secretP2PSign, "intellectmoney": secretIMSign}[gatewayName]; key != "" {
			sent = append(sent, key)
		}
		mu.Lock()
		turn := turns[gatewayName+r.Method]
		turns[gatewayName+r.Method]++
		mu.Unlock()
		first := turn % max(1, len(sent))
		said := strings.Join(append(sent[first:len(sent):len(sent)], sent[:first]...), " ; ")
		parrots[turn%len(parrots)].write(w, gatewayName, said+` ; {`+s.planted(turn)+`} card `+secretSpacedCard)
	}
	s.misbehave.Store(&answer)
}

// manyFailing makes as many calls of each kind as there are parrots.
func manyFailing() string {
	one := func(gatewayName string) string {
		return fmt.Sprintf("data \"invoice_invoice\" %q {\n  count = %d\n  gateway = %q\n  id = \"%s\"\n}\n",
			gatewayName, len(parrots), gatewayName, "30000000-0000-0000-0000-0000000000${count.index + 10}")
	}
	return one("paykeeper") + one("p2p") + one("intellectmoney") + fmt.Sprintf(`
data "invoice_payment" "it" {
  count    = %d
  order_id = "order-${count.index}"
}
`, len(parrots))
}

// resourceAmount stands once in each resource.
var resourceAmount = regexp.MustCompile(`\n  amount +=`)

// withCount makes many of each resource. Only payouts are looked up first, and need an order
// id.
func withCount(config string) string {
	config = resourceAmount.ReplaceAllString(config, fmt.Sprintf("\n  count = %d$0", len(parrots)))
	for _, order := range []string{"mailed-1", "hooked-1"} {
		config = strings.Replace(config, `  order_id = "`+order+`"`, "", 1)
	}
	return strings.NewReplacer(`"payout-1"`, `"payout-1-${count.index}"`, `"payout-2"`, `"payout-2-${count.index}"`).Replace(config)
}

// wrongCredentials are secrets too, since most are right except for a letter.
func (s *secretRun) wrongCredentials() {
	for _, variable := range []string{
		"INVOICE_API_KEY", "INVOICE_PAYKEEPER_PASSWORD", "INVOICE_P2P_API_KEY", "INVOICE_INTELLECTMONEY_BEARER_TOKEN", "INVOICE_INTELLECTMONEY_USER_TOKEN",
	} {
		value := "Wrong/\"<&>'" + variable[8:11] + "Kx45vTzLq" + strconv.Itoa(len(variable))
		s.add("wrong "+variable, nowhere, value)
		s.setenv(variable, value)
	}
	s.Write(secretVariables + wireLookUps)
	wants := func(parts ...string) {
		s.T.Helper()
		output := s.mustFail("plan")
		for _, part := range parts {
			if !strings.Contains(output, part) {
				s.T.Errorf("no error says %q: %s", part, output)
			}
		}
	}
	wants("INVOICE_API_KEY", "INVOICE_PAYKEEPER_PASSWORD", "INVOICE_P2P_API_KEY", "INVOICE_INTELLECTMONEY_BEARER_TOKEN")
	s.setDialect("error_status=200", "paykeeper_login=303", "intellectmoney_errors=result", "intellectmoney_bearer_status=401", "p2p_error_status=422")
	s.setenv("INVOICE_INTELLECTMONEY_BEARER_TOKEN", secretBearer)
	wants("INVOICE_PAYKEEPER_PASSWORD", "INVOICE_INTELLECTMONEY_USER_TOKEN")
	s.byLogin()
	s.add("wrong INVOICE_INTELLECTMONEY_PASSWORD", nowhere, "Falsch/\"<&>'Gv81mKyWd")
	s.setenv("INVOICE_INTELLECTMONEY_PASSWORD", "Falsch/\"<&>'Gv81mKyWd")
	s.setDialect("paykeeper_login=html")
	wants("INVOICE_PAYKEEPER_PASSWORD", "getUserToken")
	s.searchAll()
}

// parroted runs look-ups, then creations and changes, and then the fetching of a token.
func (s *secretRun) parroted() {
	s.parrot()
	s.setenv("TF_VAR_card", otherRequisites) // a card number would be recognised as one
	s.Write(secretVariables + manyFailing())
	s.mustFail("plan")
	s.byLogin()
	s.mustFail("plan", "-json")
	s.Write(sensitiveVariables + linkConfig + withCount(secretInvoices))
	s.parrot("GetTerminal", "CreateTerminal", "settings/token", "internal-id")
	s.mustFail("apply", "-auto-approve")
	// The token is at hand, and its user is refused.
	s.parrot("getUserToken")
	s.Write(sensitiveVariables + manyFailing())
	s.mustFail("plan", "-refresh=false")
	s.parrotsWereHeard()
	s.has(s.T, "paykeeper security token", "intellectmoney user token", "intellectmoney password", "notification token", "payout holder")
	s.searchAll()
}

// parrotsWereHeard checks that errors of every kind were shown.
func (s *secretRun) parrotsWereHeard() {
	s.T.Helper()
	var all strings.Builder
	for _, one := range s.surfaces {
		all.WriteString(one.text)
	}
	for _, part := range []string{"HTML page", "HTTP 500", "HTTP 403", "error 99", "HTTP 400", `{"sent":"***`, "HTTP 502", "redirect", "malformed MIME header", "***"} {
		if !strings.Contains(folded(all.String()), part) {
			s.T.Errorf("no error says %q", part)
		}
	}
}

// lostAnswers leaves refunds, payouts and links whose outcome is unknown.
func (s *secretRun) lostAnswers() {
	s.Write(sensitiveVariables + linkConfig)
	s.must("apply", "-auto-approve")
	s.Must(s.Sandbox.InvoiceAPI.Pay(s.OnlyPayment().ID, invoiceapi.TestCard))
	s.Write(sensitiveVariables + linkConfig + secretInvoices + refundConfig(s.OnlyPayment().ID))
	s.Sandbox.Inject(sandbox.Fault{Operation: "CreateRefund", Kind: sandbox.FaultLostAnswer})
	s.Sandbox.Inject(sandbox.Fault{Operation: "p2p.create", Kind: sandbox.FaultHalfBody})
	s.Sandbox.Inject(sandbox.Fault{Operation: "paykeeper.preview", Kind: sandbox.FaultStatusAfter, Status: 500})
	s.mustFail("apply", "-auto-approve")
	s.must("show")
	s.document("show", "-json")
	s.Sandbox.ClearFaults()
	s.mustFail("plan", "-json")
	s.Sandbox.Inject(sandbox.Fault{Kind: sandbox.FaultHTML})
	s.mustFail("destroy", "-auto-approve")
	s.searchAll()
}

// crash lets the provider die with calls under way and print all its goroutines.
func (s *secretRun) crash() {
	s.Write(sensitiveVariables + linkConfig)
	s.must("apply", "-auto-approve")
	pidFile := filepath.Join(s.T.TempDir(), "pid")
	s.setenv("SECRETS_TEST_PID", pidFile)
	s.setenv("GOTRACEBACK", "all")
	s.Write(sensitiveVariables + linkConfig + secretInvoices)
	waiting, release := s.hang()
	defer release()
	go func() {
		waiting(3) // PayKeeper's token, and two invoices or more
		text, _ := os.ReadFile(pidFile)
		pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
		if process, err := os.FindProcess(pid); err == nil && pid > 0 {
			time.Sleep(100 * time.Millisecond)
			_ = process.Signal(syscall.SIGQUIT)
		}
	}()
	s.mustFail("apply", "-auto-approve", "-refresh=false")
	log, err := os.ReadFile(s.logPath)
	s.Must(err)
	if !strings.Contains(string(log), "SIGQUIT: quit") || !strings.Contains(string(log), "transport.(*exchange).RoundTrip") {
		s.T.Error("the provider printed no goroutines")
	}
	s.searchAll()
}
