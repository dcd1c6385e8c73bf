package sandbox

import "github.com/shopspring/decimal"

// paykeeperInvoiceAnswer is an invoice as the API shows it (document, table
// 3.1.1), with the two fields that servers add [P]. All values are strings or
// null [P].
type paykeeperInvoiceAnswer struct {
	ID              string  `json:"id"`
	UserID          string  `json:"user_id"`
	UserLogin       string  `json:"user_login"`
	Status          string  `json:"status"`
	PayAmount       string  `json:"pay_amount"`
	ClientID        string  `json:"clientid"`
	OrderID         string  `json:"orderid"`
	PaymentID       *string `json:"paymentid"`
	ServiceName     string  `json:"service_name"`
	ClientEmail     string  `json:"client_email"`
	ClientPhone     string  `json:"client_phone"`
	ExpiryDatetime  string  `json:"expiry_datetime"`
	CreatedDatetime string  `json:"created_datetime"`
	PaidDatetime    *string `json:"paid_datetime"`
}

func (c *paykeeperCall) answer(i PayKeeperInvoice) paykeeperInvoiceAnswer {
	a := paykeeperInvoiceAnswer{
		ID: i.ID, UserID: "1", UserLogin: c.sandbox.options.PayKeeperLogin, Status: c.status(i), PayAmount: i.PayAmount,
		ClientID: i.ClientID, OrderID: i.OrderID, ServiceName: i.ServiceName, ClientEmail: i.ClientEmail, ClientPhone: i.ClientPhone,
		ExpiryDatetime: i.ExpiryDatetime, CreatedDatetime: i.CreatedDatetime,
	}
	if i.PaymentID != "" {
		a.PaymentID = &i.PaymentID
	}
	if i.PaidDatetime != "" {
		a.PaidDatetime = &i.PaidDatetime
	}
	if amount, err := decimal.NewFromString(i.PayAmount); err == nil && c.dialect.PayKeeperAmount == "plain" {
		a.PayAmount = amount.String()
	}
	switch cart := readPayKeeperCart(i.ServiceName); {
	case c.dialect.PayKeeperServiceName == "text":
		a.ServiceName = cart.ServiceName
	case c.dialect.PayKeeperServiceName == "string" && len(cart.Cart) > 0:
		a.ServiceName = cart.inString()
	}
	return a
}

// status is an invoice's status in answers, where a revoked one that shows at
// all shows as expired.
func (c *paykeeperCall) status(i PayKeeperInvoice) string {
	if i.Status == "revoked" {
		return "expired"
	}
	return i.Status
}

// byID is /info/invoice/byid/ (document, section 3.1). It shows created
// invoices.
func (c *paykeeperCall) byID() (any, error) {
	i, err := c.named()
	if err != nil {
		return nil, err
	}
	if c.dialect.PayKeeperByID == "array" {
		return []any{c.answer(i)}, nil
	}
	return c.answer(i), nil
}
