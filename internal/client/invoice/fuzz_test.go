package invoice

import (
	"encoding/json"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/gateway"
)

// fuzzDecode feeds answers of any kind to the client: it must not panic, and
// never has both an object and an error, or neither.
func fuzzDecode[T any, P interface {
	*T
	identified
}](f *testing.F, use func(P), samples ...string) {
	f.Helper()
	for _, status := range []int{100, 200, 404, 500} {
		for _, seed := range append(samples, `{}`, `null`, `[]`, ``, `{"error":0}`, `{"error":null,"id":1}`, `<html>`) {
			f.Add(status, []byte(seed))
		}
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		object, failure := decode[T, P](&gateway.Answer{Status: status, Body: body})
		switch {
		case (object == nil) == (failure == nil):
			t.Fatalf("%d %q: %v and %v", status, body, object, failure)
		case failure != nil:
			_ = failure.Error()
		case object.identity() == "" || status < 200 || status > 299 || parseRefusal(body) != nil:
			t.Fatalf("%d %q is taken for %+v", status, body, object)
		default:
			use(object)
		}
	})
}

func FuzzPayment(f *testing.F) {
	fuzzDecode(f, func(p *Payment) {
		_ = p.Differences(CreatePaymentRequest{CustomParameters: json.RawMessage(`{"a":1}`)}).String()
		_, _ = FindDeclineReason(string(p.StatusDescription))
		_ = p.IsOpen(p.Created.Time)
	}, samplePayment, `{"id":1,"payment_method":[],"status_description":[2, 51],"create_date":1,"custom_parameters":null}`)
}

func FuzzTerminal(f *testing.F) {
	fuzzDecode(f, func(terminal *Terminal) {
		_ = terminal.Differences(CreateTerminalRequest{Type: TerminalStatic}).String()
	},
		sampleTerminal, `{"id":"1","type":"statical","defaultPrice":"1e999999999"}`)
}

func FuzzRefund(f *testing.F) {
	fuzzDecode(f, func(*Refund) {}, sampleRefund, `{"id":1,"date_insert":"x","payment_method":"card"}`)
}

func FuzzParseRefusal(f *testing.F) {
	for _, seed := range []string{
		`{"error":2,"description":"x","additions":{"a":["b"]}}`, `{"error":"0"}`, `{"error":false}`, `{"error":"","id":1}`,
		`{"error":2,"additions":[]}`, `{"ERROR":1,"description":[1]}`, samplePayment, `[]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r := parseRefusal(body)
		if r == nil {
			if isDocumentedRefusal(body) {
				t.Errorf("%q", body)
			}
			return
		}
		if r.code == "" || !json.Valid(body) {
			t.Errorf("%q is taken for the refusal %+v", body, r)
		}
	})
}
