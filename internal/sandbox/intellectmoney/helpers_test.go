package intellectmoney

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// imSign signs a history call the way the document words it, segment by
// segment.
func imSign(v map[string]string, key string) string {
	return sha(v["UserToken"] + "::" + v["Skip"] + "::" + v["Take"] + "::" + v["EshopId"] + "::" + v["InvoiceId"] + "::" + v["DateFrom"] + "::" + v["DateTo"] +
		"::" + v["ChangeDateFrom"] + "::" + v["ChangeDateTo"] + "::" + v["IncludePaymentTransactions"] + "::" + v["IsHoldingSearch"] +
		"::" + v["OrganizationId"] + "::" + v["OwnerEmail"] + "::" + v["WithRefunds"] + "::" + key)
}

// box is the gateway in a sandbox of its own.
type box struct {
	*sandboxtest.Box
	*Gateway
}

func sha(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }

// imValues are the parameters of a history call: those given, a user token and
// a Take.
func imValues(pairs ...string) map[string]string {
	values := map[string]string{"UserToken": "demo/user+token", "Take": "100"}
	for n := 0; n < len(pairs); n += 2 {
		values[pairs[n]] = pairs[n+1]
	}
	return values
}

// imPost sends a body as it is and returns what came back.
func (b *box) imPost(path, body, sign string, change ...func(*http.Request)) (*http.Response, string) {
	b.T.Helper()
	response, answer, err := b.Send(http.MethodPost, "/intellectmoney/personal/"+path, body, func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer demo-bearer-token")
		r.Header.Set("Sign", sign)
		r.Header.Set("Accept", "application/json")
		r.Header.Set("Content-Type", "application/json")
	}, change...)
	must(b.T, err)
	return response, answer
}

func imForm(values map[string]string) string {
	form := url.Values{}
	for name, value := range values {
		form.Set(name, value)
	}
	return form.Encode()
}

// imAsk asks for the history, signed, and returns the body.
func (b *box) imAsk(pairs ...string) string {
	b.T.Helper()
	values := imValues(pairs...)
	response, answer := b.imPost("payment/getInvoicesHistory", imForm(values), imSign(values, "demo-sign-secret-key"))
	equal(b.T, "status", response.StatusCode, 200)
	return answer
}

// imList wants success and returns the invoices.
func (b *box) imList(pairs ...string) []object {
	b.T.Helper()
	answer := decode(b.T, b.imAsk(pairs...))
	equal(b.T, "code", answer["OperationState"].(object)["Code"], any(json.Number("0")))
	result, ok := answer["Result"].(object)
	if !ok {
		b.T.Fatalf("%v: %v", pairs, answer)
	}
	var list []object
	for _, one := range result["InvoicesHistoryList"].([]any) {
		list = append(list, one.(object))
	}
	return list
}

func imIDs(list []object) []string {
	ids := []string{}
	for _, one := range list {
		ids = append(ids, fmt.Sprint(one["Id"]))
	}
	return ids
}

// imFails wants an error answer as in the document's second sample.
func imFails(t *testing.T, what, body, part string) {
	t.Helper()
	answer := decode(t, body)
	state := answer["OperationState"].(object)
	if state["Code"] != json.Number("2") || answer["Result"] != any(false) || !strings.Contains(state["Desc"].(string), part) {
		t.Errorf("%s: %s, want an error with %q", what, body, part)
	}
}

func start(t *testing.T, shared sandbox.Options, own ...Options) *box {
	t.Helper()
	b, g := sandboxtest.Start(t, shared, New, own)
	return &box{b, g}
}

// imAdd stores an invoice of 1500.50 made so many hours before sandboxtest.Begin, and
// returns its id.
func (b *box) imAdd(hours int, change func(*Invoice)) string {
	b.T.Helper()
	i := Invoice{Amount: "1500.50", CreationDate: sandboxtest.Begin.Add(-time.Duration(hours) * time.Hour)}
	if change != nil {
		change(&i)
	}
	i, err := b.Add(i)
	must(b.T, err)
	return i.ID
}

var equal, contains, absent, must, decode = sandboxtest.Equal, sandboxtest.Contains, sandboxtest.Absent, sandboxtest.Must, sandboxtest.Decode

type object = sandboxtest.Object
