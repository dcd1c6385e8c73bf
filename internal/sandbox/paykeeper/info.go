package paykeeper

import (
	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// invoiceAnswer is an invoice as the API shows it (document, table
// 3.1.1), with the two fields that servers add [P]. All values are strings or
// null [P].
type invoiceAnswer struct {
	ID              string `json:"id"`
	UserID          string `json:"user_id"`
	UserLogin       string `json:"user_login"`
	Status          string `json:"status"`
	PayAmount       string `json:"pay_amount"`
	ClientID        string `json:"clientid"`
	OrderID         string `json:"orderid"`
	PaymentID       any    `json:"paymentid"`
	ServiceName     string `json:"service_name"`
	ClientEmail     string `json:"client_email"`
	ClientPhone     string `json:"client_phone"`
	ExpiryDatetime  string `json:"expiry_datetime"`
	CreatedDatetime string `json:"created_datetime"`
	PaidDatetime    any    `json:"paid_datetime"`
}

func (c *call) answer(i Invoice) invoiceAnswer {
	a := invoiceAnswer{
		ID: i.ID, UserID: "1", UserLogin: c.options.Login, Status: i.statusAnswer(), PayAmount: c.amount(i.PayAmount),
		ClientID: i.ClientID, OrderID: i.OrderID, ServiceName: i.ServiceName, ClientEmail: i.ClientEmail, ClientPhone: i.ClientPhone,
		ExpiryDatetime: i.ExpiryDatetime, CreatedDatetime: i.CreatedDatetime,
		PaymentID: sandbox.OrNull(i.PaymentID), PaidDatetime: sandbox.OrNull(i.PaidDatetime),
	}
	switch service := readService(i.ServiceName); {
	case c.Is(cartShape, "text"):
		a.ServiceName = service.Name
	case c.Is(cartShape, "string") && len(service.Cart) > 0:
		a.ServiceName = service.withCartInString(i.ServiceName)
	}
	return a
}

// amount is an amount in answers.
func (c *call) amount(stored string) string {
	if amount, err := decimal.NewFromString(stored); err == nil && c.Is(amountFormat, "plain") {
		return amount.String()
	}
	return stored
}

// statusAnswer is the status in answers. A revoked invoice shows as expired, if it
// shows at all.
func (i *Invoice) statusAnswer() string {
	if i.Status == "revoked" {
		return "expired"
	}
	return i.Status
}

// byID is /info/invoice/byid/ (document, section 3.1). It shows created
// invoices.
func (c *call) byID() (any, error) {
	i, err := c.named()
	if err != nil {
		return nil, err
	}
	if c.Is(byIDShape, "array") {
		return []any{c.answer(i)}, nil
	}
	return c.answer(i), nil
}
