package paykeeper

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// pkDress is what PayKeeper expects of every request.
func pkDress(r *http.Request) {
	r.SetBasicAuth("demo", "demo")
	if r.Method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
}

// box is the gateway in a sandbox of its own.
type box struct {
	*sandboxtest.Box
	*Gateway
}

// pk asks PayKeeper and returns what came back.
func (b *box) pk(method, path, body string, change ...func(*http.Request)) (*http.Response, string) {
	b.T.Helper()
	response, answer, err := b.Send(method, "/paykeeper"+path, body, pkDress, change...)
	must(b.T, err)
	return response, answer
}

// pkGet reads and wants a JSON answer with status 200.
func (b *box) pkGet(path string) string {
	b.T.Helper()
	response, answer := b.pk(http.MethodGet, path, "")
	if response.StatusCode != http.StatusOK {
		b.T.Fatalf("%s: %d %s", path, response.StatusCode, answer)
	}
	return answer
}

func (b *box) pkToken() string {
	b.T.Helper()
	return decode(b.T, b.pkGet("/info/settings/token/"))["token"].(string)
}

// pkPost changes something, with a fresh token.
func (b *box) pkPost(call string, fields ...string) object {
	b.T.Helper()
	return decode(b.T, b.pkChange("/change/invoice/"+call+"/", fields...))
}

// pkChange changes something, with a fresh token, and returns the answer as it came.
func (b *box) pkChange(path string, fields ...string) string {
	b.T.Helper()
	form := url.Values{"token": {b.pkToken()}}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	response, answer := b.pk(http.MethodPost, path, form.Encode())
	if response.StatusCode != http.StatusOK {
		b.T.Fatalf("%s: %d %s", path, response.StatusCode, answer)
	}
	return answer
}

// pkBill makes an invoice of 1500 and returns its id.
func (b *box) pkBill(fields ...string) string {
	b.T.Helper()
	answer := b.pkPost("preview", append([]string{"pay_amount", "1500"}, fields...)...)
	id, ok := answer["invoice_id"].(string)
	if !ok {
		b.T.Fatalf("preview: %v", answer)
	}
	return id
}

func (b *box) pkByID(id string) object {
	b.T.Helper()
	return decode(b.T, b.pkGet("/info/invoice/byid/?id="+id))
}

// pkFails wants an error answer whose message has this in it.
func pkFails(t *testing.T, what string, answer object, part string) {
	t.Helper()
	msg, _ := answer["msg"].(string)
	if answer["result"] != "fail" || !strings.Contains(msg, part) {
		t.Errorf("%s: %v, want a failure with %q", what, answer, part)
	}
}

func start(t *testing.T, shared sandbox.Options, own ...Options) *box {
	t.Helper()
	b, g := sandboxtest.Start(t, shared, New, own)
	return &box{b, g}
}

// ids are the ids in a list answer, in its order.
func pkIDs(t *testing.T, answer string) []string {
	t.Helper()
	ids := []string{}
	list := decode(t, `{"list":`+answer+`}`)["list"]
	invoices, ok := list.([]any)
	if !ok {
		t.Fatalf("no list: %s", answer)
	}
	for _, one := range invoices {
		ids = append(ids, one.(object)["id"].(string))
	}
	return ids
}

var equal, contains, absent, must, decode = sandboxtest.Equal, sandboxtest.Contains, sandboxtest.Absent, sandboxtest.Must, sandboxtest.Decode

type object = sandboxtest.Object
