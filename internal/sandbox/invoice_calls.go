package sandbox

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/shopspring/decimal"
)

// getPayment is GetPayment (guide, section 7.2.4).
func (c *invoiceCall) getPayment() (any, error) {
	p, err := c.paymentByID()
	if err != nil {
		return nil, err
	}
	return c.paymentAnswer(c.spelled(p)), nil
}

// spelled is a payment as a script reads it back that does not keep texts as
// they were sent.
func (c *invoiceCall) spelled(p InvoicePayment) InvoicePayment {
	if c.dialect.Spelling == "php" {
		p.Currency = strings.ToLower(p.Currency)
		if shorter := strings.TrimLeft(p.OrderID, "0"); shorter != "" && strings.Trim(shorter, "0123456789") == "" {
			p.OrderID = shorter
		}
	}
	return p
}

// paymentByID finds the payment that the request's id names.
func (c *invoiceCall) paymentByID() (InvoicePayment, error) {
	id := c.id("id", invoiceOther, required, 0)
	if err := c.rules.err(); err != nil {
		return InvoicePayment{}, err
	}
	p, err := findInvoicePayment(c.tx, `WHERE id = ?`, id)
	return p, invoiceMissing(err, invoiceOther, "id", "Платёж не найден")
}

// getPaymentByOrder is GetPaymentByOrder (guide, section 7.2.5). Of several
// payments of one order the newest is answered [?].
func (c *invoiceCall) getPaymentByOrder() (any, error) {
	id := c.id("id", invoiceOrderID, required, 36)
	if err := c.rules.err(); err != nil {
		return nil, err
	}
	p, err := findInvoicePayment(c.tx, `WHERE order_id = ?`, id)
	if err != nil {
		return nil, invoiceMissing(err, invoiceOrderID, "id", "Платёж по заказу не найден")
	}
	return c.paymentAnswer(c.spelled(p)), nil
}

// closePayment is ClosePayment (guide, section 7.2.6). Closing a closed one is
// fine and a successful one cannot be closed [P]; nor can a failed one, as
// there is nothing left to cancel [?]. One that has run out while in init can.
func (c *invoiceCall) closePayment() (any, error) {
	p, err := c.paymentByID()
	if err != nil {
		return nil, err
	}
	switch p.Status {
	case "closed":
	case "init":
		p.Status, p.UpdatedAt = "closed", c.sandbox.invoiceNow()
		if err := updateInvoicePayment(c.tx, p.ID, p); err != nil {
			return nil, err
		}
	case "successful":
		return nil, invoiceRefuse(invoiceOther, "id", "Оплаченный платёж нельзя отменить")
	default:
		return nil, invoiceRefuse(invoiceOther, "id", "Платёж в статусе "+p.Status+" нельзя отменить")
	}
	p.Status = c.dialect.ClosedAnswer
	return c.paymentAnswer(p), nil
}

// createRefund is CreateRefund (guide, section 7.2.7). Only what was paid can
// be refunded, in its currency, and in all no more than was paid [I].
func (c *invoiceCall) createRefund() (any, error) {
	id := c.id("id", invoiceOther, required, 0)
	refund := c.object("refund", required)
	r := InvoiceRefund{
		Currency:  refund.oneOf("currency", invoiceCurrency, "RUB", "USD", "EUR"),
		Amount:    refund.amount("amount", required),
		Reason:    refund.text("reason", invoiceOther, optional, 1, 200),
		Receipt:   c.receipt("receipt"),
		Status:    c.dialect.RefundStatus,
		CreatedAt: c.sandbox.invoiceNow(),
	}
	if err := c.rules.err(); err != nil {
		return nil, err
	}
	p, err := findInvoicePayment(c.tx, `WHERE id = ?`, id)
	if err != nil {
		return nil, invoiceMissing(err, invoiceOther, "id", "Платёж не найден")
	}
	if p.Status != "successful" {
		return nil, invoiceRefuse(invoiceOther, "id", "Платёж не оплачен, возврат невозможен")
	}
	if r.Currency == "" {
		r.Currency = p.Currency
	}
	if r.Currency != p.Currency {
		return nil, invoiceRefuse(invoiceCurrency, "refund.currency", "Валюта возврата не совпадает с валютой платежа")
	}
	left, err := c.refundable(p)
	if err != nil {
		return nil, err
	}
	if amount, err := decimal.NewFromString(r.Amount); err != nil || amount.GreaterThan(left) {
		return nil, invoiceRefuse(invoiceAmount, "refund.amount", "Сумма возвратов превышает сумму платежа")
	}
	if r.ID, err = invoiceID(c.tx, c.dialect, "invoice_refunds", invoiceFirstRefund); err != nil {
		return nil, err
	}
	r.PaymentID = p.ID
	if r.Status != "init" {
		r.UpdatedAt = r.CreatedAt
	}
	if err := insertInvoiceRefund(c.tx, r); err != nil {
		return nil, err
	}
	return c.refundAnswer(r, p), nil
}

// refundable is what is left of a payment after its refunds that did not fail.
func (c *invoiceCall) refundable(p InvoicePayment) (decimal.Decimal, error) {
	refunds, err := collect(c.tx, scanInvoiceRefund, selectInvoiceRefunds+`WHERE payment_id = ? AND status <> 'fail'`, p.ID)
	if err != nil {
		return decimal.Zero, err
	}
	left, err := decimal.NewFromString(p.Amount)
	if err != nil {
		return decimal.Zero, err
	}
	for _, refund := range refunds {
		amount, err := decimal.NewFromString(refund.Amount)
		if err != nil {
			return decimal.Zero, err
		}
		left = left.Sub(amount)
	}
	return left, nil
}

// getRefund is GetRefund (guide, section 7.2.8).
func (c *invoiceCall) getRefund() (any, error) {
	id := c.id("id", invoiceOther, required, 0)
	if err := c.rules.err(); err != nil {
		return nil, err
	}
	r, err := findInvoiceRefund(c.tx, id)
	if err != nil {
		return nil, invoiceMissing(err, invoiceOther, "id", "Возврат не найден")
	}
	if r.Status == "init" && c.dialect.RefundStatus == "init" {
		r.Status, r.UpdatedAt = "successful", c.sandbox.invoiceNow()
		if err := execOne(c.tx, `UPDATE invoice_refunds SET status = ?, updated_at = ? WHERE id = ?`, r.Status, r.UpdatedAt, r.ID); err != nil {
			return nil, err
		}
	}
	// A test may have deleted the payment; its refund is answered all the same.
	p, err := findInvoicePayment(c.tx, `WHERE id = ?`, r.PaymentID)
	if err != nil && !errors.Is(err, errNotFound) {
		return nil, err
	}
	return c.refundAnswer(r, p), nil
}

// terminalAnswer has the fields of guide section 7.2.1: neither alias nor
// logo. A default price that was not sent is null [?].
func (c *invoiceCall) terminalAnswer(t InvoiceTerminal) any {
	kind := t.Type
	if c.dialect.TerminalTypes == "statical" {
		kind += "al"
	}
	answer := map[string]any{
		"id":           c.idAnswer(t.ID),
		"link":         c.base + invoiceTerminalPath + t.ID,
		"name":         t.Name,
		"description":  t.Description,
		"type":         kind,
		"defaultPrice": numberAnswer(t.DefaultPrice),
		"canComments":  t.CanComments,
	}
	if c.dialect.TerminalAlias == "shown" {
		answer["alias"] = t.Alias
	}
	return answer
}

// paymentAnswer has the fields of guide section 7.2.3 and payment_method [P].
// update_date and custom_parameters may be null [P]; other strings that were
// not sent are empty [?].
func (c *invoiceCall) paymentAnswer(p InvoicePayment) any {
	return map[string]any{
		"id": c.idAnswer(p.ID),
		"order": map[string]any{
			"currency":    p.Currency,
			"amount":      numberAnswer(p.Amount),
			"description": p.Description,
			"id":          p.OrderID,
		},
		"status":             p.Status,
		"status_description": p.StatusDescription,
		"create_date":        p.CreatedAt,
		"update_date":        orNull(p.UpdatedAt),
		"expire_date":        orNull(p.ExpiresAt),
		"custom_parameters":  jsonAnswer(p.CustomParameters),
		"payment_url":        c.base + invoicePayPath + p.ID,
		"payment_method":     map[string]any{"type": p.PaymentMethod, "terminal_id": c.idAnswer(p.TerminalID)},
	}
}

// refundAnswer has the fields of guide section 7.2.7. funds is the sum of the
// payment; in the guide's sample amount, funds and bonuses add up to that.
// Nobody pays with bonuses here.
func (c *invoiceCall) refundAnswer(r InvoiceRefund, p InvoicePayment) any {
	created, updated := "create_date", "update_date"
	if c.dialect.DateNames == "date_insert" {
		created, updated = "date_insert", "date_update"
	}
	return map[string]any{
		"id": c.idAnswer(r.ID),
		"refund": map[string]any{
			"currency": r.Currency,
			"amount":   numberAnswer(r.Amount),
			"reason":   r.Reason,
		},
		"status":     r.Status,
		"payment_id": c.idAnswer(r.PaymentID),
		"payment_method": map[string]any{
			"terminal_id": c.idAnswer(p.TerminalID),
			"type":        p.PaymentMethod,
			"account":     p.Account,
			"funds":       numberAnswer(p.Amount),
			"bonuses":     0,
		},
		created:             r.CreatedAt,
		updated:             orNull(r.UpdatedAt),
		"custom_parameters": jsonAnswer(p.CustomParameters),
	}
}

// idAnswer is an id as the dialect writes it. Ids that were made as hex digits
// stay strings under IDs "number": a gateway does not rename its objects.
func (c *invoiceCall) idAnswer(id string) any {
	if c.dialect.IDs == "number" && id != "" && len(id) < 16 && strings.Trim(id, "0123456789") == "" {
		return json.Number(id)
	}
	return id
}

// numberAnswer writes a decimal as a JSON number, exactly; null if it is "".
func numberAnswer(value string) any {
	if value == "" {
		return nil
	}
	return json.Number(value)
}

func jsonAnswer(value string) any {
	if value == "" {
		return nil
	}
	return json.RawMessage(value)
}

func orNull(value string) any {
	if value == "" {
		return nil
	}
	return value
}
