package invoiceapi

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
)

// This is the guide's test merchant (section 8).
const (
	merchantID = "c24360cfac0a0c40c518405f6bc68cb0"
	apiKey     = "1526fec01b5d11f4df4f2160627ce351"
)

type reply = clienttest.Reply

var ok = clienttest.OK

// newServer answers each operation with its replies.
func newServer(t *testing.T, replies map[string][]reply) *clienttest.Server {
	t.Helper()
	s := clienttest.Start(t, &clienttest.Server{
		Replies: replies,
		Step:    func(r clienttest.Request) string { return strings.TrimPrefix(r.Path, "/api/v2/") },
	})
	s.URL += "/api/v2"
	return s
}

func clientOf(s *clienttest.Server) *Client {
	return New(s.URL, merchantID, apiKey, clienttest.Quick(nil))
}

// one is a client of a server that gives every call the same answer.
func one(t *testing.T, answer reply) (*clienttest.Server, *Client) {
	t.Helper()
	all := map[string][]reply{}
	for _, operation := range operations {
		all[operation] = []reply{answer}
	}
	s := newServer(t, all)
	return s, clientOf(s)
}

var operations = []string{
	opCreateTerminal, opGetTerminal, opCreatePayment, opGetPayment, opGetPaymentByOrder, opClosePayment, opCreateRefund, opGetRefund,
}

// trusted is a client whose address and credentials were accepted before. It sends a refund
// without looking up the payment.
func trusted(c *Client) *Client {
	c.accepted.Store(true)
	return c
}

// decoded reads one JSON document as the client does.
func decoded[T any](t *testing.T, document string) *T {
	t.Helper()
	value := new(T)
	if err := json.Unmarshal([]byte(document), value); err != nil {
		t.Fatalf("%v: %s", err, document)
	}
	return value
}

// wantJSON compares documents by value.
func wantJSON(t *testing.T, got, want string) {
	t.Helper()
	var g, w any
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		t.Fatalf("%v: %s", err, got)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatalf("%v: %s", err, want)
	}
	if !reflect.DeepEqual(g, w) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
