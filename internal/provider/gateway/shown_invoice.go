package gateway

import (
	"context"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// ShownInvoice is an invoice as its gateway shows it, in the words of the
// attributes. What the gateway does not tell is null, "" or zero.
type ShownInvoice struct {
	ID, URL                          string
	Status, GatewayStatus, PaymentID string
	Amount                           attributes.Decimal
	Currency, OrderID, CustomerID    string
	Created, Updated, Expires, Paid  values.Time
	IsExpired                        bool
	// Gone says why the invoice is as good as absent, such as "it is canceled";
	// "" when it is not.
	Gone string
	// Brief means that this is the answer to the creation, and that reading tells more.
	Brief bool
	// Arguments and Computed hold what the gateway shows of its own object: what
	// was sent to it, and what is its own.
	Arguments, Computed map[string]attr.Value
}

// IsPaid reports whether its money is here.
func (s *ShownInvoice) IsPaid() bool { return s.Status == StatusPaid }

// WasPaid reports whether its money has come, even if it was given back.
func (s *ShownInvoice) WasPaid() bool { return s.IsPaid() || s.Status == StatusRefunded }

// UnclearInvoice is what is shown of an invoice that was sent and not answered.
func UnclearInvoice(sent time.Time) *ShownInvoice {
	return &ShownInvoice{Status: ledger.StatusUnknown, Created: values.Time{Time: sent.UTC()}}
}

// Observe takes over what only the gateway knows.
func (m *Invoice) Observe(shown *ShownInvoice) {
	if shown.ID == "" {
		m.ID = types.StringNull()
	} else {
		m.ID = attributes.KeepID(m.ID, values.ID(shown.ID))
	}
	m.Paid = types.BoolValue(m.IsPaid() || shown.WasPaid())
	m.URL = attributes.StringOrNull(shown.URL)
	m.Status = attributes.StringOrNull(shown.Status)
	m.GatewayStatus = attributes.StringOrNull(shown.GatewayStatus)
	m.PaymentID = attributes.StringOrNull(shown.PaymentID)
	m.CreatedAt = attributes.TimeOrNull(shown.Created)
	m.UpdatedAt = attributes.TimeOrNull(shown.Updated)
	m.ExpiresAt = attributes.TimeOrNull(shown.Expires)
	m.PaidAt = attributes.TimeOrNull(shown.Paid)
}

// ObservedAttributes are the texts that only the gateway knows, and sending may change.
var ObservedAttributes = []string{"url", "status", "gateway_status", "payment_id", "created_at", "updated_at", "expires_at", "paid_at"}

// KeepObserved fills in what a plan leaves open from the state.
func (m *Invoice) KeepObserved(a InvoiceAdapter, state *Invoice) {
	m.ID, m.Gateway, m.URL = state.ID, state.Gateway, state.URL
	m.Status, m.GatewayStatus, m.Paid, m.PaymentID = state.Status, state.GatewayStatus, state.Paid, state.PaymentID
	m.CreatedAt, m.UpdatedAt, m.ExpiresAt, m.PaidAt = state.CreatedAt, state.UpdatedAt, state.ExpiresAt, state.PaidAt
	object, before := m.Object(a), state.Object(a).Attributes()
	inside := maps.Clone(object.Attributes())
	for name, value := range inside {
		if value.IsUnknown() && before[name] != nil {
			inside[name] = before[name]
		}
	}
	if len(inside) > 0 {
		m.SetObject(a, types.ObjectValueMust(object.AttributeTypes(context.Background()), inside))
	}
}
