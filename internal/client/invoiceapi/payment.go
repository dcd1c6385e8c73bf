package invoiceapi

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// Statuses of a payment. The guide (section 9.1) has init, successful, fail and
// closed; the vendor's SDKs also know created, process, error, failed and refunded.
const (
	PaymentInit       = "init"
	PaymentCreated    = "created"
	PaymentProcess    = "process"
	PaymentSuccessful = "successful"
	PaymentRefunded   = "refunded"
	PaymentFail       = "fail"
	PaymentFailed     = "failed"
	PaymentError      = "error"
	PaymentClosed     = "closed"
)

// Types of a payment operation, "trtype" (section 7.2.3).
const (
	TransactionPayment   = 1
	TransactionHold      = 2
	TransactionRecurring = 4
)

// Order is what a payment is for (section 7.2.3, fields 1.1–1.4).
type Order struct {
	Currency    string         `json:"currency,omitempty"` // RUB, USD, EUR
	Amount      values.Decimal `json:"amount"`
	Description string         `json:"description,omitempty"`
	ID          values.ID      `json:"id,omitempty"`
}

// UnmarshalJSON reads what PHP makes of an order: texts that look like numbers,
// and [] for an empty one.
func (o *Order) UnmarshalJSON(data []byte) error {
	*o = Order{}
	if data[0] != '{' {
		return nil
	}
	type plain Order // without this method
	wire := struct {
		*plain
		Currency    values.Text `json:"currency"`
		Description values.Text `json:"description"`
	}{plain: (*plain)(o)}
	err := json.Unmarshal(data, &wire)
	o.Currency, o.Description = string(wire.Currency), string(wire.Description)
	return err
}

// PaymentSettings are fields 2.1–2.4 of section 7.2.3.
type PaymentSettings struct {
	TerminalID    string `json:"terminal_id"`
	PaymentMethod string `json:"payment_method,omitempty"`
	SuccessURL    string `json:"success_url,omitempty"`
	FailURL       string `json:"fail_url,omitempty"`
}

// ReceiptItem is one line of a receipt (fields 4.1–4.5). Price and ResultPrice
// are money, Quantity may be fractional, Discount is text such as "10%".
type ReceiptItem struct {
	Name        string         `json:"name"`
	Price       values.Decimal `json:"price"`
	Discount    string         `json:"discount,omitempty"`
	ResultPrice values.Decimal `json:"resultPrice"`
	Quantity    values.Decimal `json:"quantity"`
}

// CreatePaymentRequest is what CreatePayment takes (section 7.2.3).
type CreatePaymentRequest struct {
	Order            Order           `json:"order"`
	Settings         PaymentSettings `json:"settings"`
	CustomParameters json.RawMessage `json:"custom_parameters,omitempty"`
	Receipt          []ReceiptItem   `json:"receipt"`
	TransactionType  int             `json:"trtype,omitempty"`
}

// PaymentMethod is how a payment was or will be paid. Account, Funds and
// Bonuses come with refunds only (section 7.2.7, fields 5.1–5.5).
type PaymentMethod struct {
	TerminalID values.ID       `json:"terminal_id"`
	Type       string          `json:"type"`
	Account    string          `json:"account"`
	Funds      *values.Decimal `json:"funds"`
	Bonuses    *values.Decimal `json:"bonuses"`
}

// lenientMethod reads payment_method, which vendors' samples show as an object,
// and PHP as [] when it is empty; a bare string is the type.
type lenientMethod struct{ *PaymentMethod }

func (m *lenientMethod) UnmarshalJSON(data []byte) error {
	m.PaymentMethod = nil
	switch data[0] {
	case '{':
		m.PaymentMethod = readMethod(data)
	case '"':
		var name string
		if err := json.Unmarshal(data, &name); err != nil || name == "" {
			return err
		}
		m.PaymentMethod = &PaymentMethod{Type: name}
	}
	return nil
}

// readMethod leaves out each field that has an odd type: one must lose neither the
// payment nor the fields behind it.
func readMethod(data []byte) *PaymentMethod {
	var wire struct {
		TerminalID json.RawMessage `json:"terminal_id"`
		Type       json.RawMessage `json:"type"`
		Account    json.RawMessage `json:"account"`
		Funds      json.RawMessage `json:"funds"`
		Bonuses    json.RawMessage `json:"bonuses"`
	}
	_ = json.Unmarshal(data, &wire)
	m := &PaymentMethod{Funds: readAmount(wire.Funds), Bonuses: readAmount(wire.Bonuses)}
	_ = json.Unmarshal(wire.TerminalID, &m.TerminalID)
	_ = json.Unmarshal(wire.Type, &m.Type)
	_ = json.Unmarshal(wire.Account, &m.Account)
	return m
}

// readAmount returns nil for anything but an amount: none is not zero.
func readAmount(data json.RawMessage) *values.Decimal {
	var amount *values.Decimal
	if json.Unmarshal(data, &amount) != nil {
		return nil
	}
	return amount
}

// Payment is one order that can be paid once (section 7.2.4).
type Payment struct {
	ID                values.ID       `json:"id"`
	Order             Order           `json:"order"`
	Status            string          `json:"status"`
	StatusDescription values.Text     `json:"status_description"`
	Created           values.Time     `json:"create_date"`
	Updated           values.Time     `json:"update_date"`
	Expires           values.Time     `json:"expire_date"`
	CustomParameters  json.RawMessage `json:"custom_parameters"`
	URL               string          `json:"payment_url"`
	Method            lenientMethod   `json:"payment_method"`
}

func (p *Payment) identity() values.ID { return p.ID }

// IsPaid reports whether the money has been taken (or held) and not given back. Such a
// payment cannot be closed.
func (p *Payment) IsPaid() bool { return p.Status == PaymentSuccessful }

// WasPaid reports whether the money has been taken once, whatever became of it. Such
// an order is not issued again.
func (p *Payment) WasPaid() bool { return p.IsPaid() || p.Status == PaymentRefunded }

// IsClosed reports whether it was closed with ClosePayment.
func (p *Payment) IsClosed() bool { return p.Status == PaymentClosed }

// IsFailed reports whether an attempt to pay was declined, and there will be no other.
func (p *Payment) IsFailed() bool {
	return p.Status == PaymentFail || p.Status == PaymentFailed || p.Status == PaymentError
}

// IsExpired reports whether it waited too long for its payer. No status says so. In the
// guide's sample the expiry equals the creation, which can only mean "none". An expiry
// without an offset may be hours off, and a payment in process is being paid: both do
// not count.
func (p *Payment) IsExpired(now time.Time) bool {
	return p.isWaiting() && p.Status != PaymentProcess && !p.Expires.IsNaive() && p.Expires.After(p.Created.Time) && now.After(p.Expires.Time)
}

// IsOpen reports whether it can be paid.
func (p *Payment) IsOpen(now time.Time) bool { return p.isWaiting() && !p.IsExpired(now) }

func (p *Payment) isWaiting() bool {
	return p.Status == PaymentInit || p.Status == PaymentCreated || p.Status == PaymentProcess
}

// Differences compares an existing payment with a request, in the fields that the
// gateway gives back.
func (p *Payment) Differences(want CreatePaymentRequest) Differences {
	var d Differences
	d.decimal("amount", &want.Order.Amount, &p.Order.Amount)
	if p.Order.ID != "" && want.Order.ID != "" {
		d.spelled("order_id", string(want.Order.ID), string(p.Order.ID), values.SameID)
	}
	if p.Order.Currency != "" && want.Order.Currency != "" {
		d.spelled("currency", want.Order.Currency, p.Order.Currency, values.SameCurrency)
	}
	if method := p.Method.PaymentMethod; method != nil {
		if method.TerminalID != "" {
			d.spelled("terminal_id", want.Settings.TerminalID, string(method.TerminalID), values.SameID)
		}
		if method.Type != "" && want.Settings.PaymentMethod != "" {
			d.text("payment_method", want.Settings.PaymentMethod, method.Type)
		}
	}
	// It may come back as null although it was sent.
	if _, none := jsonValue(p.CustomParameters); !none && !sameJSON(want.CustomParameters, p.CustomParameters) {
		d.text("custom_parameters", string(want.CustomParameters), string(p.CustomParameters))
	}
	if want.Order.Description != p.Order.Description {
		d = append(d, Difference{Field: "description", Want: want.Order.Description, Got: p.Order.Description, Rewritable: true})
	}
	return d
}

// CreatePayment issues a payment. freshKey says that no payment had this order
// id before: only then does looking it up settle an unclear answer.
func (c *Client) CreatePayment(ctx context.Context, request CreatePaymentRequest, freshKey bool) (*Payment, error) {
	create := func(ctx context.Context) (*Payment, error) {
		payment, err := call[Payment](ctx, c, opCreatePayment, request)
		if err == nil && !isSameID(payment.Order.ID, string(request.Order.ID)) {
			return nil, c.aboutAnother(opCreatePayment, "order", string(request.Order.ID), payment.Order.ID)
		}
		return payment, err
	}
	if !freshKey {
		return create(ctx)
	}
	return transport.CreateByKey(ctx, c.gateway, opCreatePayment, create,
		func(ctx context.Context) (*Payment, error) {
			return c.FindPaymentByOrder(ctx, string(request.Order.ID))
		},
		func(found *Payment) error {
			if !found.isWaiting() && !found.IsPaid() {
				return fmt.Errorf("payment %s is %s", found.ID, found.Status)
			}
			return found.Differences(request).Hard().asError()
		})
}

// IsOrderRefused reports whether CreatePayment was refused because of its order id.
func IsOrderRefused(err error) bool {
	e, ok := transport.AsRefusal(err)
	return ok && e.Code == CodeOrderID
}

// FindPayment looks a payment up by its id; nil when there is none.
func (c *Client) FindPayment(ctx context.Context, id string) (*Payment, error) {
	return unlessNotFound(c.getPayment(ctx, id))
}

// getPayment is the same with the gateway's words where there is none.
func (c *Client) getPayment(ctx context.Context, id string) (*Payment, error) {
	return callByID[Payment](ctx, c, opGetPayment, "payment", id)
}

// FindPaymentByOrder looks a payment up by the merchant's order id; nil when
// there is none.
func (c *Client) FindPaymentByOrder(ctx context.Context, orderID string) (*Payment, error) {
	payment, err := call[Payment](ctx, c, opGetPaymentByOrder, map[string]string{"id": orderID})
	if err == nil && !isSameID(payment.Order.ID, orderID) {
		return nil, c.aboutAnother(opGetPaymentByOrder, "order", orderID, payment.Order.ID)
	}
	return unlessNotFound(payment, err, CodeOrderID)
}

// ClosePayment closes a payment that has not been paid. Closing a closed one
// changes nothing; a paid one is refused.
func (c *Client) ClosePayment(ctx context.Context, id string) (*Payment, error) {
	return callByID[Payment](ctx, c, opClosePayment, "payment", id)
}
