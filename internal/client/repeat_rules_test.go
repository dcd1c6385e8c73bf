// Package client_test tests what the clients of all gateways have in common.
package client_test

import (
	"context"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	sandboxintellectmoney "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	sandboxinvoiceapi "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	sandboxp2p "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
	sandboxpaykeeper "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// These tests try every line of the clients' repeat rules. The calls of the four clients meet a
// sandbox that fails once.

// world is a sandbox and a client of each of its gateways.
type world struct {
	t              *testing.T
	box            *gateways.Sandbox
	url            string
	invoice        *invoiceapi.Client
	paykeeper      *paykeeper.Client
	intellectmoney *intellectmoney.Client
	p2p            *p2p.Client
}

func newWorld(t *testing.T) *world {
	t.Helper()
	box := clienttest.Sandbox(t, gateways.Options{})
	return worldOf(t, box.Sandbox, box.URL, clienttest.Quick(nil))
}

func worldOf(t *testing.T, box *gateways.Sandbox, url string, config transport.Config) *world {
	t.Helper()
	return &world{
		t: t, box: box, url: url,
		invoice:   invoiceapi.New(url+"/invoice/api/v2", sandboxinvoiceapi.TestMerchantID, sandboxinvoiceapi.TestAPIKey, config),
		paykeeper: paykeeper.New(url+"/paykeeper", sandboxpaykeeper.DemoLogin, sandboxpaykeeper.DemoPassword, config),
		intellectmoney: intellectmoney.New(url+"/intellectmoney", sandboxintellectmoney.DemoBearerToken, sandboxintellectmoney.DemoSignSecretKey,
			intellectmoney.Credentials{Login: sandboxintellectmoney.DemoLogin, Password: sandboxintellectmoney.DemoPassword}, config),
		p2p: p2p.New(url+"/p2p", sandboxp2p.DemoAPIKey, sandboxp2p.DemoSecretKey, config),
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func decimal(text string) values.Decimal {
	d, err := values.ParseDecimal(text)
	if err != nil {
		panic(err)
	}
	return d
}

func receipt() []invoiceapi.ReceiptItem {
	return []invoiceapi.ReceiptItem{{Name: "Чай", Price: decimal("100"), ResultPrice: decimal("100"), Quantity: decimal("1")}}
}

func (w *world) createTerminal(ctx context.Context, alias string) error {
	_, err := w.invoice.CreateTerminal(ctx, invoiceapi.CreateTerminalRequest{Name: "Чайная", Alias: alias, Type: "dynamic"})
	return err
}

func (w *world) createPayment(ctx context.Context, orderID string) (*invoiceapi.Payment, error) {
	terminal, err := w.invoice.FindTerminal(ctx, "till")
	if err == nil && terminal == nil {
		w.must(w.createTerminal(ctx, "till"))
		terminal, err = w.invoice.FindTerminal(ctx, "till")
	}
	w.must(err)
	return w.invoice.CreatePayment(ctx, invoiceapi.CreatePaymentRequest{
		Order:    invoiceapi.Order{ID: values.ID(orderID), Amount: decimal("100"), Currency: "RUB"},
		Settings: invoiceapi.PaymentSettings{TerminalID: string(terminal.ID)}, Receipt: receipt(),
	}, true)
}

func (w *world) payment(orderID string) string {
	w.t.Helper()
	payment, err := w.createPayment(w.t.Context(), orderID)
	w.must(err)
	return string(payment.ID)
}

func (w *world) paidPayment() string {
	w.t.Helper()
	id := w.payment("paid")
	w.must(w.box.InvoiceAPI.Pay(id, sandboxinvoiceapi.TestCard))
	return id
}

func (w *world) refund(ctx context.Context, paymentID string) (*invoiceapi.Refund, error) {
	return w.invoice.CreateRefund(ctx, invoiceapi.CreateRefundRequest{
		PaymentID: paymentID, Refund: invoiceapi.RefundOrder{Currency: "RUB", Amount: decimal("100"), Reason: "Чай остыл"}, Receipt: receipt(),
	})
}

func (w *world) preview(ctx context.Context, orderID string) (*paykeeper.NewInvoice, error) {
	return w.paykeeper.CreateInvoice(ctx, paykeeper.CreateInvoiceRequest{Amount: decimal("100"), OrderID: orderID, ClientEmail: "a@example.com"})
}

// bill makes a PayKeeper invoice that the search finds. From then on the search proves absence.
func (w *world) bill() string {
	w.t.Helper()
	created, err := w.preview(w.t.Context(), "bill")
	w.must(err)
	_, err = w.paykeeper.FindInvoice(w.t.Context(), string(created.ID))
	w.must(err)
	return string(created.ID)
}

// takings makes a PayKeeper payment.
func (w *world) takings() string {
	w.t.Helper()
	bill := w.bill()
	w.must(w.box.PayKeeper.Pay(bill))
	paid, err := w.paykeeper.FindInvoice(w.t.Context(), bill)
	w.must(err)
	return string(paid.PaymentID)
}

func (w *world) refunds(ctx context.Context, paymentID string) error {
	return second(w.paykeeper.Refunds(ctx, &paykeeper.Payment{ID: values.ID(paymentID)}))
}

func (w *world) giveBack(ctx context.Context, paymentID string) error {
	return second(w.paykeeper.CreateRefund(ctx, paykeeper.RefundRequest{PaymentID: paymentID, Amount: decimal("50"), Sequence: 1}))
}

func (w *world) p2pInvoice(ctx context.Context, direction, internalID string) (*p2p.Invoice, error) {
	request := p2p.CreateInvoiceRequest{
		Type: direction, Amount: "100", Currency: "RUB", NotificationURL: "https://example.com/hook", NotificationToken: "token",
		InternalID: internalID, PaymentOption: "SBP", PaymentMethod: "sberbank",
	}
	if direction == p2p.DirectionOut {
		request.PaymentRequisites = &p2p.Requisites{Requisites: "+79967779977", Holder: "И. И."}
	}
	return w.p2p.CreateInvoice(ctx, request, true)
}

// deposit makes a P2P invoice that its internal id finds. From then on a 404 of that call
// proves absence.
func (w *world) deposit() string {
	w.t.Helper()
	created, err := w.p2pInvoice(w.t.Context(), p2p.DirectionIn, "deposit")
	w.must(err)
	_, err = w.p2p.FindByInternalID(w.t.Context(), "deposit")
	w.must(err)
	return string(created.ID)
}

// doubt is what a client does about a call when it is unclear whether it was carried out.
type doubt struct {
	// done and undone are the number of times that the call is sent in all, when it was carried
	// out and when it was not.
	done, undone int
	// lookUp is the sandbox's name of the call by which the client finds out.
	lookUp string
	// The call stays unclear when it was carried out, or when it was not.
	doneIsError, undoneIsError bool
	// unlessSaid means that only the gateway's own words refuse the call. A page does not.
	unlessSaid bool
	// timedOut is the number of times that the call is sent when it was not carried out and
	// somebody stopped waiting for it. It may still be carried out.
	timedOut        int
	timedOutIsError bool
}

var (
	atOnce = doubt{done: 2, undone: 2, timedOut: 2}
	never  = doubt{done: 1, undone: 1, timedOut: 1, doneIsError: true, undoneIsError: true, timedOutIsError: true, unlessSaid: true}
)

// The invoice shows that a mail was sent. A mail that does not show may still be sent.
var sendDoubt = doubt{done: 1, undone: 1, timedOut: 1, undoneIsError: true, timedOutIsError: true, lookUp: "paykeeper.byid"}

// The list of refunds shows what was carried out. It proves no absence.
var reverseDoubt = doubt{done: 1, undone: 1, timedOut: 1, undoneIsError: true, timedOutIsError: true, unlessSaid: true, lookUp: "paykeeper.refunds"}

func afterLookUp(operation string) doubt {
	return doubt{done: 1, undone: 2, timedOut: 1, timedOutIsError: true, lookUp: operation}
}

// Each line is the rule of one call. operation is the sandbox's name. prepare makes what the
// call needs and returns its id.
var repeatRules = []struct {
	call, operation string
	want            doubt
	prepare         func(*world) string
	do              func(ctx context.Context, w *world, id string) error
}{
	{"Invoice API v2, CreateTerminal", "CreateTerminal", afterLookUp("GetTerminal"), nothing,
		func(ctx context.Context, w *world, _ string) error { return w.createTerminal(ctx, "till") }},
	{"Invoice API v2, GetTerminal", "GetTerminal", atOnce, nothing,
		func(ctx context.Context, w *world, _ string) error {
			return second(w.invoice.FindTerminal(ctx, "till"))
		}},
	{"Invoice API v2, CreatePayment", "CreatePayment", afterLookUp("GetPaymentByOrder"), nothing,
		func(ctx context.Context, w *world, _ string) error { return second(w.createPayment(ctx, "1")) }},
	{"Invoice API v2, GetPayment", "GetPayment", atOnce, func(w *world) string { return w.payment("1") },
		func(ctx context.Context, w *world, id string) error { return second(w.invoice.FindPayment(ctx, id)) }},
	{"Invoice API v2, GetPaymentByOrder", "GetPaymentByOrder", atOnce, nothing,
		func(ctx context.Context, w *world, _ string) error {
			return second(w.invoice.FindPaymentByOrder(ctx, "1"))
		}},
	{"Invoice API v2, ClosePayment", "ClosePayment", atOnce, func(w *world) string { return w.payment("1") },
		func(ctx context.Context, w *world, id string) error { return second(w.invoice.ClosePayment(ctx, id)) }},
	{"Invoice API v2, CreateRefund", "CreateRefund", never, (*world).paidPayment,
		func(ctx context.Context, w *world, id string) error { return second(w.refund(ctx, id)) }},
	{"Invoice API v2, GetRefund", "GetRefund", atOnce,
		func(w *world) string {
			refund, err := w.refund(w.t.Context(), w.paidPayment())
			w.must(err)
			return string(refund.ID)
		},
		func(ctx context.Context, w *world, id string) error { return second(w.invoice.FindRefund(ctx, id)) }},

	{"PayKeeper, /info/settings/token/", "paykeeper.token", atOnce, nothing,
		func(ctx context.Context, w *world, _ string) error { return second(w.preview(ctx, "1")) }},
	{"PayKeeper, /change/invoice/preview/", "paykeeper.preview", afterLookUp("paykeeper.search"), (*world).bill,
		func(ctx context.Context, w *world, _ string) error { return second(w.preview(ctx, "1")) }},
	{"PayKeeper, /change/invoice/send/", "paykeeper.send", sendDoubt, (*world).bill,
		func(ctx context.Context, w *world, id string) error { return w.paykeeper.SendInvoice(ctx, id) }},
	{"PayKeeper, /change/invoice/revoke/", "paykeeper.revoke", atOnce, (*world).bill,
		func(ctx context.Context, w *world, id string) error { return w.paykeeper.RevokeInvoice(ctx, id) }},
	{"PayKeeper, /info/invoice/byid/", "paykeeper.byid", atOnce, (*world).bill,
		func(ctx context.Context, w *world, id string) error { return second(w.paykeeper.FindInvoice(ctx, id)) }},
	{"PayKeeper, /info/invoice/search/", "paykeeper.search", atOnce, nothing,
		func(ctx context.Context, w *world, _ string) error {
			return second(w.paykeeper.SearchInvoices(ctx, "1", time.Now().AddDate(0, 0, -1), time.Now()))
		}},
	{"PayKeeper, /info/invoice/list/", "paykeeper.list", atOnce, nothing,
		func(ctx context.Context, w *world, _ string) error {
			return second(w.paykeeper.ListInvoices(ctx, paykeeper.Filter{}, paykeeper.Page{}))
		}},
	{"PayKeeper, /info/invoice/listcount/", "paykeeper.listcount", atOnce, nothing,
		func(ctx context.Context, w *world, _ string) error {
			return second(w.paykeeper.CountInvoices(ctx, paykeeper.Filter{}))
		}},
	{"PayKeeper, /info/payments/byid/", "paykeeper.payment", atOnce, (*world).takings,
		func(ctx context.Context, w *world, id string) error { return second(w.paykeeper.FindPayment(ctx, id)) }},
	{"PayKeeper, /info/refunds/bypaymentid/", "paykeeper.refunds", atOnce, (*world).takings,
		func(ctx context.Context, w *world, id string) error { return w.refunds(ctx, id) }},
	{"PayKeeper, /change/payment/reverse/", "paykeeper.reverse", reverseDoubt, (*world).takings,
		func(ctx context.Context, w *world, id string) error { return w.giveBack(ctx, id) }},

	{"IntellectMoney, /personal/user/getUserToken", "intellectmoney.token", atOnce, nothing,
		func(ctx context.Context, w *world, _ string) error {
			_, _, err := w.intellectmoney.History(ctx, intellectmoney.Filter{})
			return err
		}},
	{"IntellectMoney, /personal/payment/getInvoicesHistory", "intellectmoney.history", atOnce, nothing,
		func(ctx context.Context, w *world, _ string) error {
			_, _, err := w.intellectmoney.History(ctx, intellectmoney.Filter{})
			return err
		}},

	{"Merchant invoices (P2P), POST /api/merchant/invoices", "p2p.create", afterLookUp("p2p.internal-id"), (*world).deposit,
		func(ctx context.Context, w *world, _ string) error {
			return second(w.p2pInvoice(ctx, p2p.DirectionIn, "1"))
		}},
	{"Merchant invoices (P2P), POST /api/merchant/invoices (out)", "p2p.create", never, (*world).deposit,
		func(ctx context.Context, w *world, _ string) error {
			return second(w.p2pInvoice(ctx, p2p.DirectionOut, "1"))
		}},
	{"Merchant invoices (P2P), POST /api/merchant/invoices/{id}/cancel", "p2p.cancel", atOnce, (*world).deposit,
		func(ctx context.Context, w *world, id string) error { return w.p2p.CancelInvoice(ctx, id) }},
	{"Merchant invoices (P2P), GET /api/merchant/invoices/{id}", "p2p.read", atOnce, (*world).deposit,
		func(ctx context.Context, w *world, id string) error { return second(w.p2p.FindInvoice(ctx, id)) }},
	{"Merchant invoices (P2P), GET /api/merchant/internal-id/{internalId}", "p2p.internal-id", atOnce, (*world).deposit,
		func(ctx context.Context, w *world, _ string) error {
			return second(w.p2p.FindByInternalID(ctx, "deposit"))
		}},
}

func nothing(*world) string { return "" }

func second[T any](_ T, err error) error { return err }

func TestRepeatRules(t *testing.T) {
	for _, rule := range repeatRules {
		turnedAway := transport.Refused
		if rule.want.unlessSaid {
			turnedAway = transport.Unclear
		}
		for _, course := range []struct {
			name    string
			fault   sandbox.Fault
			sent    int
			isError bool
			looksUp bool
			outcome transport.Outcome // the error's outcome
		}{
			{"the answer is lost", sandbox.Fault{Kind: sandbox.FaultLostAnswer}, rule.want.done, rule.want.doneIsError, true, transport.Unclear},
			{"half the answer is lost", sandbox.Fault{Kind: sandbox.FaultHalfBody}, rule.want.done, rule.want.doneIsError, true, transport.Unclear},
			{"500 after the work", sandbox.Fault{Kind: sandbox.FaultStatusAfter, Status: 500}, rule.want.done, rule.want.doneIsError, true, transport.Unclear},
			{"502 instead of the work", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 502}, rule.want.undone, rule.want.undoneIsError, true, transport.Unclear},
			{"502 after the work", sandbox.Fault{Kind: sandbox.FaultStatusAfter, Status: 502}, rule.want.done, rule.want.doneIsError, true, transport.Unclear},
			{"503 after the work", sandbox.Fault{Kind: sandbox.FaultStatusAfter, Status: 503}, rule.want.done, rule.want.doneIsError, true, transport.Unclear},
			{"503 after the work, with Retry-After", sandbox.Fault{Kind: sandbox.FaultStatusAfter, Status: 503, RetryAfter: "0"}, rule.want.done, rule.want.doneIsError, true, transport.Unclear},
			{"504 after the work", sandbox.Fault{Kind: sandbox.FaultStatusAfter, Status: 504}, rule.want.done, rule.want.doneIsError, true, transport.Unclear},
			{"503 instead of the work", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 503}, rule.want.undone, rule.want.undoneIsError, true, transport.Unclear},
			{"503 instead of the work, with Retry-After", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 503, RetryAfter: "0"}, rule.want.undone, rule.want.undoneIsError, true, transport.Unclear},
			{"504 instead of the work", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 504}, rule.want.timedOut, rule.want.timedOutIsError, true, transport.Unclear},
			{"429", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 429, RetryAfter: "0"}, 2, false, false, transport.Unclear},
			{"a page with 403", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 403}, 1, true, false, turnedAway},
		} {
			t.Run(rule.call+"/"+course.name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				id := rule.prepare(w)
				course.fault.Operation, course.fault.Times = rule.operation, 1
				w.box.Inject(course.fault)
				w.box.ResetRequests()

				err := rule.do(t.Context(), w, id)
				if (err != nil) != course.isError || err != nil && transport.OutcomeOf(err) != course.outcome {
					t.Errorf("error %v, outcome %v; expected %t, %v", err, transport.OutcomeOf(err), course.isError, course.outcome)
				}
				if got := len(w.box.Requests(rule.operation)); got != course.sent {
					t.Errorf("the call was sent %d times, want %d", got, course.sent)
				}
				if rule.want.lookUp != "" && course.looksUp {
					w.lookedUpBetween(rule.operation, rule.want.lookUp)
				}
			})
		}
	}
}

// lookedUpBetween checks that the client looked up between the first request of an operation
// and anything else that it did about it.
func (w *world) lookedUpBetween(operation, lookUp string) {
	w.t.Helper()
	var order []string
	for _, request := range w.box.Requests(operation, lookUp) {
		order = append(order, request.Operation)
	}
	first := slices.Index(order, operation)
	if first < 0 || first+1 >= len(order) || order[first+1] != lookUp {
		w.t.Errorf("%s was not followed by %s: %v", operation, lookUp, order)
	}
}

// The clients' tables have a rule for each call, and this test has a line for each rule.
func TestRepeatRulesAreComplete(t *testing.T) {
	var tried []string
	for _, rule := range repeatRules {
		tried = append(tried, rule.call)
	}
	var table []string
	for gateway, rules := range map[string]map[string]transport.Rule{
		invoiceapi.Name: invoiceapi.RepeatRules, paykeeper.Name: paykeeper.RepeatRules,
		intellectmoney.Name: intellectmoney.RepeatRules, p2p.Name: p2p.RepeatRules,
	} {
		for operation := range rules {
			table = append(table, gateway+", "+operation)
		}
	}
	slices.Sort(tried)
	slices.Sort(table)
	if !slices.Equal(tried, table) {
		t.Errorf("the table has\n%q\nand tried are\n%q", table, tried)
	}
}

// A call without a rule is not sent.
func TestCallWithoutARule(t *testing.T) {
	server := httptest.NewServer(nil)
	defer server.Close()
	client := transport.New(transport.Config{Name: "PayKeeper"})
	_, err := client.Do(t.Context(), transport.Call{Operation: "/change/payment/reverse/", Method: "POST", URL: server.URL})
	want := `PayKeeper, /change/payment/reverse/: there is no rule for repeating "/change/payment/reverse/" of "PayKeeper", so it was not sent: this is a bug in the provider`
	if err == nil || err.Error() != want || transport.OutcomeOf(err) != transport.NotDone {
		t.Errorf("%v", err)
	}
}
