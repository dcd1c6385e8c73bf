package sandbox_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// javaModel is the model of the vendor's Java SDK, which reads no other fields.
type javaModel struct {
	Type  string `json:"notification_type"`
	ID    json.Number
	Order struct {
		Currency, Description, ID string
		Amount                    json.Number
	}
	Status            string
	StatusDescription string `json:"status_description"`
	IP                string
	PaymentMethod     struct {
		TerminalID json.Number `json:"terminal_id"`
		Type       string
		Account    string
		Funds      float64
		Bonuses    float64
	} `json:"payment_method"`
	CreateDate       time.Time       `json:"create_date"`
	UpdateDate       time.Time       `json:"update_date"`
	ExpireDate       time.Time       `json:"expire_date"`
	CustomParameters json.RawMessage `json:"custom_parameters"`
	Signature        string
}

func readByJava(t *testing.T, body string) (m javaModel) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.DisallowUnknownFields()
	must(t, decoder.Decode(&m))
	return m
}

// The signatures are md5sum's of the recipe, with the guide's test key.
func TestNotificationsOfInvoiceAPI(t *testing.T) {
	for _, test := range []struct {
		dialect, card             string
		refund                    bool
		kind, status, description string
		signature                 string
	}{
		{"ids=number", invoiceapi.TestCard, false, "pay", "successful", "", "824b3ce0f796f34bf8f69662faf64304"},
		{"ids=number", invoiceapi.DeclinedCard, false, "pay", "error", "[2, 51] Not sufficient funds", "bee3e14b981df41948826419ccb59b6b"},
		{"ids=number notify_failed=failed", invoiceapi.DeclinedCard, false, "pay", "failed", "[2, 51] Not sufficient funds", "1e08a1bda41beb6247d288ebc260caff"},
		{"ids=number", invoiceapi.TestCard, true, "refund", "successful", "", "824b3ce0f796f34bf8f69662faf64304"},
		{"ids=number notify_refund=refunded", invoiceapi.TestCard, true, "pay", "refunded", "", "7d1b7ce9ce8edbf33ba5827fa06291b3"},
	} {
		dialect, err := gateways.Switches.Parse(strings.Fields(test.dialect)...)
		must(t, err)
		b, s := start(t, sandbox.Options{Dialect: dialect}), openShop(t, 200, "whatever")
		b.notify("invoice", s.URL+"/hook")
		b.OK("CreateTerminal", sandboxtest.TerminalSample)
		b.OK("CreatePayment", sandboxtest.PaymentBody("45"))
		const id = "2245001"
		must(t, b.InvoiceAPI.Pay(id, test.card))
		b.settled(1)
		if test.refund {
			b.OK("CreateRefund", sandboxtest.RefundBody(id, "1"))
			b.settled(1)
		}
		equal(t, "kind", s.kind, "application/json")
		bodies := s.bodies()
		m := readByJava(t, bodies[len(bodies)-1])
		equal(t, test.dialect, []any{m.Type, m.Status, m.StatusDescription, m.Signature}, []any{test.kind, test.status, test.description, test.signature})
		equal(t, "order", []any{m.ID.String(), m.Order.ID, m.Order.Amount.String(), m.Order.Currency}, []any{"2245001", "6e4e6e9d-a9b3-453a-a11d-52b211ecc028", "1500", "RUB"})
		equal(t, "method", []any{m.PaymentMethod.Type, m.PaymentMethod.TerminalID.String()}, []any{"card", "45"})
		d := b.settled(1)
		equal(t, "state", []any{d["state"], d["gateway"], d["object"], d["next_try"]}, []any{"delivered", "invoice", "2245001", nil})
	}
}

// Who pays in vain or twice is told of once. What is closed is not told of.
func TestInvoiceAPINotifiesOnce(t *testing.T) {
	dialect, err := gateways.Switches.Parse("expired=fail", "notify_refund=none", "refund_status=init")
	must(t, err)
	b, s := start(t, sandbox.Options{Dialect: dialect}), openShop(t, 200, "")
	b.notify("invoice", s.URL)
	id := b.paid()
	must(t, b.InvoiceAPI.Pay(id, invoiceapi.TestCard))
	must(t, b.InvoiceAPI.SetPaymentStatus(id, "successful", ""))
	b.OK("CreateRefund", sandboxtest.RefundBody(id, "1"))
	b.OK("ClosePayment", sandboxtest.ByID(b.order("1")))
	equal(t, "told", len(b.notifications("")), 1)
	// Nobody has to ask for an expiry to be noticed.
	b.order("2")
	b.Advance(25 * time.Hour)
	b.settled(1)
	equal(t, "told of the expiry", len(b.notifications("")), 2)
	// A refund is told of when it has succeeded, and then once.
	b.SetDialect(sandbox.Dialect{"refund_status": "init"})
	refund := sandboxtest.IDOf(t, b.OK("CreateRefund", sandboxtest.RefundBody(id, "1")))
	equal(t, "started", len(b.notifications("")), 2)
	b.OK("GetRefund", sandboxtest.ByID(refund))
	b.OK("GetRefund", sandboxtest.ByID(refund))
	must(t, b.InvoiceAPI.SetRefundStatus(refund, "successful"))
	equal(t, "ended", len(b.notifications("")), 3)
}

// order makes another payment.
func (b *box) order(mark string) string {
	b.T.Helper()
	body := strings.Replace(sandboxtest.PaymentBody(b.terminalID()), "6e4e6e9d", mark+"0000000", 1)
	return sandboxtest.IDOf(b.T, b.OK("CreatePayment", body))
}
