package client_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

const whyReadOnly = "read_only = true in the provider block"

// reads names, by the sandbox's operations, the calls that change nothing. It is read from
// the documents, not from the clients' rules.
var reads = []string{
	"GetTerminal", "GetPayment", "GetPaymentByOrder", "GetRefund",
	"paykeeper.token", "paykeeper.byid", "paykeeper.search", "paykeeper.list", "paykeeper.listcount", "paykeeper.payment", "paykeeper.refunds",
	"intellectmoney.token", "intellectmoney.history",
	"p2p.read", "p2p.internal-id",
}

// readOnly is the same world, seen by clients that may change nothing.
func (w *world) readOnly() *world {
	w.t.Helper()
	config := clienttest.Quick(nil)
	config.ReadOnly = whyReadOnly
	return worldOf(w.t, w.box, w.url, config)
}

// Each line of the rules' table is tried: a call that reads succeeds, and of one that changes
// something nothing but reads comes to the gateway.
func TestReadOnlySendsNoChange(t *testing.T) {
	for _, rule := range repeatRules {
		t.Run(rule.call, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := rule.prepare(w)
			if rule.operation == "CreatePayment" { // the call is about a payment, and needs a terminal
				w.must(w.createTerminal(t.Context(), "till"))
			}
			guarded := w.readOnly()
			w.box.ResetRequests()

			err := rule.do(t.Context(), guarded, id)
			for _, request := range w.box.Requests() {
				if !slices.Contains(reads, request.Operation) {
					t.Errorf("%s was sent", request.Operation)
				}
			}
			// The call for a token is made by a call that changes something.
			if isRead := slices.Contains(reads, rule.operation) && rule.operation != "paykeeper.token"; isRead {
				w.must(err)
				return
			}
			if !transport.IsReadOnly(err) || transport.OutcomeOf(err) != transport.NotDone || !strings.Contains(err.Error(), whyReadOnly) {
				t.Errorf("error %v, outcome %v", err, transport.OutcomeOf(err))
			}
		})
	}
}

// Whatever a table of rules holds, also for calls that no client makes yet: no other call
// than these leaves.
func TestReadOnlyHoldsEveryRule(t *testing.T) {
	var sent atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { sent.Add(1) }))
	defer server.Close()
	var left []string
	for gateway, rules := range map[string]map[string]transport.Rule{
		invoiceapi.Name: invoiceapi.RepeatRules, paykeeper.Name: paykeeper.RepeatRules,
		intellectmoney.Name: intellectmoney.RepeatRules, p2p.Name: p2p.RepeatRules,
	} {
		config := clienttest.Quick(nil)
		config.ReadOnly = whyReadOnly
		client := transport.New(config.For(gateway, rules))
		for operation := range rules {
			before := sent.Load()
			_, err := client.Do(t.Context(), transport.Call{Operation: operation, Method: "POST", URL: server.URL, Body: []byte("x")})
			if isSent := sent.Load() > before; isSent != (err == nil) {
				t.Errorf("%s, %s: sent %t, error %v", gateway, operation, isSent, err)
			} else if isSent {
				left = append(left, gateway+", "+operation)
			}
		}
	}
	slices.Sort(left)
	want := []string{
		"IntellectMoney, /personal/payment/getInvoicesHistory", "IntellectMoney, /personal/user/getUserToken",
		"Invoice API v2, GetPayment", "Invoice API v2, GetPaymentByOrder", "Invoice API v2, GetRefund", "Invoice API v2, GetTerminal",
		"Merchant invoices (P2P), GET /api/merchant/internal-id/{internalId}", "Merchant invoices (P2P), GET /api/merchant/invoices/{id}",
		"PayKeeper, /info/invoice/byid/", "PayKeeper, /info/invoice/list/", "PayKeeper, /info/invoice/listcount/",
		"PayKeeper, /info/invoice/search/", "PayKeeper, /info/payments/byid/", "PayKeeper, /info/refunds/bypaymentid/", "PayKeeper, /info/settings/token/",
	}
	if !slices.Equal(left, want) {
		t.Errorf("sent were\n%q\nwant\n%q", left, want)
	}
}
