package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/wire"
)

// A payout is an invoice by which money goes out. Like a refund it is sent once.
// Its order id is the only key by which it can be found again, at the gateway and
// by its merchant, and what tells two payouts apart.

// Payer is a gateway that also pays out.
type Payer interface {
	InvoiceAdapter
	// PayoutChoice names the argument, and its value, that make an invoice a payout.
	PayoutChoice() (argument, value string)
	// Receiver is where a payout goes to, masked, for messages.
	Receiver(ctx context.Context, config *Invoice) string
	// WithoutReceiver returns what an imported payout has to show instead, in the named
	// attribute, if the configuration keeps the receiver out of the state; else "".
	WithoutReceiver(plan, state *Invoice) (attribute string, value attr.Value)
}

// IsPayout reports whether the money of an invoice goes out: then it is sent once, and
// neither changed nor repeated.
func IsPayout(a InvoiceAdapter, m *Invoice) bool {
	payer, ok := a.(Payer)
	if !ok {
		return false
	}
	argument, value := payer.PayoutChoice()
	chosen, _ := m.Object(a).Attributes()[argument].(types.String)
	return chosen.ValueString() == value
}

// IsPayoutIn is [IsPayout] for an invoice as Terraform sends it.
func IsPayoutIn(a InvoiceAdapter, state wire.Object) bool {
	payer, ok := a.(Payer)
	if !ok {
		return false
	}
	argument, value := payer.PayoutChoice()
	return state.Object(a.Name()).String(argument).ValueString() == value
}

// MayBePayout reports whether it is unknown yet in which direction the money goes.
func MayBePayout(a InvoiceAdapter, m *Invoice) bool {
	object := m.Object(a)
	if payer, ok := a.(Payer); ok && !object.IsUnknown() {
		argument, _ := payer.PayoutChoice()
		chosen, given := object.Attributes()[argument]
		return given && chosen.IsUnknown()
	}
	return object.IsUnknown()
}

// IsStoredPayout is [IsPayout] for an invoice as Terraform stores it.
func IsStoredPayout(payer Payer, state []byte) bool {
	var objects map[string]any
	if json.Unmarshal(state, &objects) != nil {
		return false
	}
	object, _ := objects[payer.Name()].(map[string]any)
	argument, value := payer.PayoutChoice()
	return object[argument] == value
}

// IsFailedPayout reports whether the gateway said that it will not pay out. Our
// clock does not end a payout: one past its time may still be carried out.
func (m *Invoice) IsFailedPayout() bool {
	return m.Status.ValueString() == StatusCanceled || m.Status.ValueString() == StatusExpired
}

// Payout is the payout in the ledger. Without a known order id it has no key.
func (m *Invoice) Payout() ledger.Outgoing {
	one := ledger.Outgoing{
		Kind: ledger.Payouts, Status: m.Status.ValueString(), About: m.Money(),
		IsFailed: m.IsFailedPayout(), IsUnclear: m.IsUnclear(), IsPending: m.Status.ValueString() != StatusPaid,
	}
	if m.ID.ValueString() != "" {
		one.ID = m.Key()
	}
	if orderID := strings.TrimSpace(m.OrderID.ValueString()); orderID != "" {
		one.About += fmt.Sprintf(" (order %q)", m.OrderID.ValueString())
		one.Key = values.PlainID(orderID)
	}
	return one
}

// NewPayout is [Invoice.Payout] for one that is about to be made, with the most that may go
// out: a gateway may raise the amount up to a limit, to make sums unique.
func (m *Invoice) NewPayout(a InvoiceAdapter) ledger.Outgoing {
	one := m.Payout()
	if m.Currency.IsUnknown() {
		return one
	}
	one.Amount, one.Currency = m.Amount.Number(), m.Currency.ValueString()
	limit, _ := m.Object(a).Attributes()[a.Traits().AmountLimit].(attributes.Decimal)
	if limit := limit.Number(); limit != nil && one.Amount != nil && limit.GreaterThan(one.Amount.Decimal) {
		one.Amount = limit
	}
	return one
}
