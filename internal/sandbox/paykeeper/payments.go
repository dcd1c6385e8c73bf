package paykeeper

import (
	"encoding/json"
	"errors"

	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// paymentAnswer is a payment as the API shows it [P]. PayKeeper has no field for
// its invoice.
type paymentAnswer struct {
	ID                any    `json:"id"`
	PayAmount         any    `json:"pay_amount"`
	RefundAmount      any    `json:"refund_amount"`
	ClientID          string `json:"clientid"`
	OrderID           string `json:"orderid"`
	PaymentSystemID   any    `json:"payment_system_id"`
	UniqueID          string `json:"unique_id"`
	Status            string `json:"status"`
	RepeatCounter     any    `json:"repeat_counter"`
	PendingDatetime   any    `json:"pending_datetime"`
	ObtainDatetime    any    `json:"obtain_datetime"`
	SuccessDatetime   any    `json:"success_datetime"`
	SiteDescription   string `json:"site_description"`
	SystemDescription string `json:"system_description"`
}

// refundAnswer is a refund as the API shows it [P].
type refundAnswer struct {
	ID        any    `json:"id"`
	PaymentID any    `json:"payment_id"`
	Number    any    `json:"refund_number"`
	User      string `json:"user"`
	Amount    any    `json:"amount"`
	Remainder any    `json:"remainder"`
	Datetime  string `json:"datetime"`
	Status    string `json:"status"`
}

// number is an id in the answer about a payment or a refund.
func (c *call) number(id string) any {
	if c.Is(paymentIDs, "number") {
		return json.Number(id)
	}
	return id
}

// money is an amount in the answer about a payment or a refund.
func (c *call) money(amount string) any {
	if number, err := decimal.NewFromString(amount); err == nil && c.Is(paymentIDs, "number") {
		return json.Number(number.String())
	}
	return c.amount(amount)
}

// paymentByID is /info/payments/byid/ [P]. Its option advanced, which adds the
// card, changes nothing here.
func (c *call) paymentByID() (any, error) {
	p, err := payments.Get(c.tx, c.form.Get("id"))
	if errors.Is(err, sandbox.ErrNotFound) {
		if c.Is(noPayment, "list") {
			return []any{}, nil
		}
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	answer := paymentAnswer{
		ID: c.number(p.ID), PayAmount: c.money(p.PayAmount), ClientID: p.ClientID, OrderID: p.OrderID,
		PaymentSystemID: c.number(p.PaymentSystemID), UniqueID: p.UniqueID, Status: p.Status, RepeatCounter: c.number("0"),
		PendingDatetime: sandbox.OrNull(p.PendingDatetime), ObtainDatetime: sandbox.OrNull(p.ObtainDatetime),
		SuccessDatetime: sandbox.OrNull(p.SuccessDatetime), SiteDescription: p.SiteDescription, SystemDescription: p.SystemDescription,
	}
	switch {
	case p.RefundAmount != "":
		answer.RefundAmount = c.money(p.RefundAmount)
	case c.Is(refundAmount, "zero"):
		answer.RefundAmount = c.money("0.00")
	}
	if c.Is(paymentShape, "object") {
		return answer, nil
	}
	return []any{answer}, nil
}

// refundsOfPayment is /info/refunds/bypaymentid/ [P]. A payment that does not
// exist has no refunds [I].
func (c *call) refundsOfPayment() (any, error) {
	order := map[string]string{"oldest": "ASC", "newest": "DESC"}[c.Value(refundOrder)]
	found, err := refunds.Select(c.tx, `WHERE payment_id = ? AND shown_at <= ? ORDER BY number `+order, c.form.Get("id"), c.Now().UnixMilli())
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		switch c.Value(noRefunds) {
		case "empty":
			return nil, nil
		case "object":
			return map[string]any{}, nil
		}
	}
	answers := make([]refundAnswer, 0, len(found))
	for _, r := range found {
		answers = append(answers, refundAnswer{
			ID: c.number(r.ID), PaymentID: c.number(r.PaymentID), Number: c.number(r.Number), User: r.User,
			Amount: c.money(r.Amount), Remainder: c.money(r.Remainder), Datetime: r.Datetime, Status: r.Status,
		})
	}
	return answers, nil
}
