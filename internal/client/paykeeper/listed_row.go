package paykeeper

import (
	"encoding/json"
	"slices"
	"time"
)

// fields are the fields of an invoice that an answer has, by their places in fieldNames.
type fields uint16

var fieldNames = []string{
	"id", "status", "pay_amount", "clientid", "orderid", "service_name", "client_email", "client_phone",
	"expiry_datetime", "created_datetime", "paid_datetime", "paymentid",
}

// fieldsOf reads which fields an object has, or a list with one object.
func fieldsOf(object []byte) (has fields) {
	var values map[string]json.RawMessage
	if readSingle(object, &values) != nil {
		return 0
	}
	for name := range values {
		if place := slices.Index(fieldNames, name); place >= 0 {
			has |= 1 << place
		}
	}
	return has
}

// listed is a row of a list.
type listed struct {
	Invoice
	fields fields
}

// parseRows reads a list.
func (c *Client) parseRows(body []byte) ([]listed, error) {
	invoices, err := parseInvoices(body)
	if err != nil {
		return nil, err
	}
	var objects []json.RawMessage
	if err := json.Unmarshal(body, &objects); err != nil {
		return nil, err
	}
	rows := make([]listed, len(invoices))
	for i := range invoices {
		c.local(&invoices[i])
		rows[i] = listed{invoices[i], fieldsOf(objects[i])}
	}
	return rows, nil
}

// answerByID is what this run knows of an invoice that it has read by its id, or written.
type answerByID struct {
	invoice *Invoice // nil where there is nothing to compare with
	fields  fields
}

// isPoorer reports whether a row of a list shows less than the answer by the id, or something
// else. Only the status may have moved on, and what comes with it.
func (row *listed) isPoorer(answer *answerByID) bool {
	if answer.invoice == nil {
		return false
	}
	one, other := &row.Invoice, answer.invoice
	return answer.fields&^row.fields != 0 ||
		!one.Amount.Equal(other.Amount.Decimal) || one.ClientID != other.ClientID || one.OrderID != other.OrderID ||
		one.ServiceName != other.ServiceName || one.ClientEmail != other.ClientEmail || one.ClientPhone != other.ClientPhone ||
		!one.Created.Equal(other.Created.Time) ||
		one.Status == other.Status && (!one.Expires.Equal(other.Expires.Time) || !one.Paid.Equal(other.Paid.Time) || one.PaymentID != other.PaymentID)
}

// isOlder reports whether a row that was listed after the answer by the id shows what was before
// it. A server whose lists lag is not asked for them.
func (row *listed) isOlder(answer *answerByID) bool {
	return answer.invoice != nil && answer.invoice.IsPaid() && !row.IsPaid()
}

// isEnough reports whether a row can stand for the answer by the id. A row that lacks its
// payment may be poor in what no other invoice has shown. One that is over before its time
// may be revoked, and byid may have another word for that.
func (row *listed) isEnough(now time.Time) bool {
	switch row.Status {
	case StatusPaid:
		return !row.Paid.IsZero() && row.PaidBy() != ""
	case StatusExpired:
		return !row.Expires.IsZero() && !now.Before(row.Expires.Time)
	}
	return row.Status == StatusSent
}
