package p2p

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// p2p asks the merchant invoices API, signed.
func (b *box) p2p(method, path, body string, change ...func(*http.Request)) (int, string) {
	b.T.Helper()
	path = "/p2p/api/merchant" + path
	response, answer, err := b.Send(method, path, body, func(r *http.Request) {
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		r.Header.Set("X-Identity", "demo-api-key")
		r.Header.Set("X-Signature", signature("demo-secret-key", method, b.URL+path, []byte(body)))
	}, change...)
	must(b.T, err)
	return response.StatusCode, answer
}

// box is the gateway in a sandbox of its own.
type box struct {
	*sandboxtest.Box
	*Gateway
}

// p2pOK asks and wants an invoice.
func (b *box) p2pOK(method, path, body string) object {
	b.T.Helper()
	status, answer := b.p2p(method, path, body)
	if status != 200 {
		b.T.Fatalf("%s %s %s: %d %s", method, path, body, status, answer)
	}
	return decode(b.T, answer)
}

// p2pRefused asks and wants an array of messages, one of which has part in it.
func (b *box) p2pRefused(method, path, body string, want int, part string) {
	b.T.Helper()
	status, answer := b.p2p(method, path, body)
	p2pFails(b.T, method+" "+path+" "+body, status, answer, want, part)
}

func p2pFails(t *testing.T, what string, status int, answer string, want int, part string) {
	t.Helper()
	var messages []map[string]string
	if err := json.Unmarshal([]byte(answer), &messages); err != nil || status != want || len(messages) == 0 {
		t.Errorf("%s: %d %s, want %d and messages", what, status, answer, want)
		return
	}
	for _, message := range messages {
		if strings.Contains(message["message"], part) && message["message"] != "" {
			return
		}
	}
	t.Errorf("%s: no %q in %v", what, part, messages)
}

// p2pBody is a request with everything that must be there, and more fields,
// which win.
func p2pBody(more string) string {
	return `{"type":"in","amount":"1000","currency":"RUB","notificationUrl":"https://shop.example/hook","notificationToken":"tok"` + more + `}`
}

// p2pNew creates an invoice and returns its id.
func (b *box) p2pNew(more string) string {
	b.T.Helper()
	return b.p2pOK("POST", "/invoices", p2pBody(more))["id"].(string)
}

func start(t *testing.T, shared sandbox.Options, own ...Options) *box {
	t.Helper()
	b, g := sandboxtest.Start(t, shared, New, own)
	return &box{b, g}
}

func (b *box) p2pRead(id string) object {
	b.T.Helper()
	return b.p2pOK("GET", "/invoices/"+id, "")
}

var equal, contains, absent, must, decode = sandboxtest.Equal, sandboxtest.Contains, sandboxtest.Absent, sandboxtest.Must, sandboxtest.Decode

type object = sandboxtest.Object
