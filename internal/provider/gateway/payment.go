package gateway

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// PaymentFinder is a gateway whose payments can be looked up.
type PaymentFinder interface {
	Gateway
	// PaymentKeys are the attributes by which a payment can be found.
	PaymentKeys() []string
	// FindPayment returns nil when the gateway says that there is none. Of what nobody has paid
	// yet it shows a payment without an id.
	FindPayment(ctx context.Context, key, value string) (*ShownPayment, error)
}

// ShownPayment is a payment as its gateway shows it, in the words of the attributes. What the
// gateway does not tell is null, "" or zero.
type ShownPayment struct {
	ID, OrderID, CustomerID, System string
	Status                          string // the gateway's own word
	IsPaid                          bool
	Amount, Refunded                attributes.Decimal
	Currency                        string
	Created, Paid, Updated          values.Time
	// Refunds are what was given back, oldest first; nil where the gateway does not list it.
	Refunds []ShownRefund
	// Own holds the attributes that only this gateway has.
	Own map[string]attr.Value
}
