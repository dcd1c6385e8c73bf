package gateway

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// Statuses of invoices, the same for all gateways. A word of a gateway that matches none
// of them is shown as it is.
const (
	StatusCreated  = "created"
	StatusPaid     = "paid"
	StatusExpired  = "expired"
	StatusCanceled = "canceled"
	StatusDisputed = "disputed"
	StatusRefunded = "refunded"
)

// DefaultCurrency is that of an amount that names none.
const DefaultCurrency = "RUB"

// AboutStatus describes the attribute status.
const AboutStatus = "`created`, `sent`, `processing`, `partially_paid`, `held`, `paid`, `failed`, `refunded`, `expired`, `canceled` or `disputed`, " +
	"whichever the gateway has; a word that is none of these is shown as it came."

// AboutPaid says which words of the gateways mean paid.
const AboutPaid = "Paid are `paid` of PayKeeper, `paid`, `recalculated`, `recalculation` and `re_calculation` of P2P, `Paid` and `Refund` of IntellectMoney. " +
	"A part of the amount, money that is only held, and a dispute do not count."

// Invoice is what the resource and the data source have in common. The object of a
// gateway holds what is its own.
type Invoice struct {
	ID            types.String       `tfsdk:"id"`
	Gateway       types.String       `tfsdk:"gateway"`
	Amount        attributes.Decimal `tfsdk:"amount"`
	Currency      types.String       `tfsdk:"currency"`
	OrderID       types.String       `tfsdk:"order_id"`
	CustomerID    types.String       `tfsdk:"customer_id"`
	URL           types.String       `tfsdk:"url"`
	Status        types.String       `tfsdk:"status"`
	GatewayStatus types.String       `tfsdk:"gateway_status"`
	Paid          types.Bool         `tfsdk:"paid"`
	PaymentID     types.String       `tfsdk:"payment_id"`
	CreatedAt     timetypes.RFC3339  `tfsdk:"created_at"`
	UpdatedAt     timetypes.RFC3339  `tfsdk:"updated_at"`
	ExpiresAt     timetypes.RFC3339  `tfsdk:"expires_at"`
	PaidAt        timetypes.RFC3339  `tfsdk:"paid_at"`
	Objects       Objects            `tfsdk:"-"`
}

// Object is the object of a gateway, null when there is none.
func (m *Invoice) Object(of Gateway) types.Object { return m.Objects[of.Name()] }

// SetObject leaves copies of the model as they are.
func (m *Invoice) SetObject(of Gateway, object types.Object) {
	m.Objects = maps.Clone(m.Objects)
	if m.Objects == nil {
		m.Objects = Objects{}
	}
	m.Objects[of.Name()] = object
}

// InvoiceIdentity is the identity of the resource.
type InvoiceIdentity struct {
	Gateway types.String `tfsdk:"gateway"`
	ID      types.String `tfsdk:"id"`
}

// Identity names the invoice for Terraform. The framework insists on one, so an invoice
// of unknown outcome, which has no id, gets one from its order id.
func (m *Invoice) Identity() any {
	id := m.ID
	if id.IsNull() {
		id = types.StringValue(ledger.StatusUnknown + "/" + m.OrderID.ValueString())
	}
	return InvoiceIdentity{Gateway: m.Gateway, ID: id}
}

// Money is the amount for messages.
func (m *Invoice) Money() string { return m.Amount.ValueString() + " " + m.Currency.ValueString() }

// Key is the import id.
func (m *Invoice) Key() string { return m.Gateway.ValueString() + "/" + m.ID.ValueString() }

// Owner names the invoice among those of a plan, also one that has no id.
func (m *Invoice) Owner() string {
	if m.ID.IsNull() {
		return m.Gateway.ValueString() + "/" + ledger.StatusUnknown + "/" + m.OrderID.ValueString()
	}
	return m.Key()
}

// IsPaid reports whether the invoice was seen paid. States that were written
// before there was an attribute "paid" have the status alone.
func (m *Invoice) IsPaid() bool {
	return m.Paid.ValueBool() || m.Status.ValueString() == StatusPaid
}

// IsUnclear reports whether it is unknown if the invoice was made.
func (m *Invoice) IsUnclear() bool { return ledger.IsUnclear(m.ID, m.Status) }
