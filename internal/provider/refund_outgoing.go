package provider

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// A payment may be refunded several times, in parts of the same amount. What
// tells them apart is their sequence: nothing else says whether a second one is
// meant, or the first one under another name.

const defaultSequence = 1

func refundKey(paymentID, amount string, sequence int64) string {
	if number, err := values.ParseDecimal(amount); err == nil {
		amount = number.String()
	}
	return values.PlainID(paymentID) + " " + amount + " " + strconv.FormatInt(sequence, 10)
}

// storedRefund is what the state says of a refund.
type storedRefund struct {
	ID        string `json:"id"`
	PaymentID string `json:"payment_id"`
	Amount    string `json:"amount"`
	Status    string `json:"status"`
	Sequence  *int64 `json:"sequence"`
}

func (s storedRefund) outgoing() ledger.Outgoing {
	model := refundModel{
		ID: attributes.StringOrNull(s.ID), PaymentID: types.StringValue(s.PaymentID), Amount: attributes.NewDecimal(s.Amount),
		Status: attributes.StringOrNull(s.Status), Sequence: types.Int64PointerValue(s.Sequence),
	}
	return model.outgoing()
}

// outgoing is the refund in the ledger. While something is not known, it has no key.
func (m *refundModel) outgoing() ledger.Outgoing {
	one := ledger.Outgoing{
		Kind: ledger.Refunds, ID: m.ID.ValueString(), Status: m.Status.ValueString(), IsFailed: m.isFailed(), IsUnclear: m.isUnclear(),
		IsPending:  gateway.IsPendingRefund(m.Status.ValueString()),
		Protection: m.DeletionProtection,
		Currency:   m.Currency.ValueString(),
	}
	if !m.Currency.IsUnknown() {
		one.Amount = m.Amount.Number()
	}
	if m.PaymentID.IsUnknown() || m.Amount.IsUnknown() || m.Sequence.IsUnknown() {
		one.MayEqual = m.mayEqual
		return one
	}
	sequence := int64(defaultSequence)
	if !m.Sequence.IsNull() {
		sequence = m.Sequence.ValueInt64()
	}
	one.Key = refundKey(m.PaymentID.ValueString(), m.Amount.ValueString(), sequence)
	one.About = fmt.Sprintf("%s for payment %s", m.Amount.ValueString(), m.PaymentID.ValueString())
	if sequence != defaultSequence {
		one.About += fmt.Sprintf(" (sequence %d)", sequence)
	}
	return one
}

// mayEqual reports whether a refund, of which the plan does not know all yet, may turn out to
// have a key.
func (m *refundModel) mayEqual(key string) bool {
	parts := strings.Split(key, " ")
	last := len(parts) - 1
	if last < 2 {
		return false
	}
	guess := *m
	if m.PaymentID.IsUnknown() {
		guess.PaymentID = types.StringValue(strings.Join(parts[:last-1], " "))
	}
	if m.Amount.IsUnknown() {
		guess.Amount = attributes.NewDecimal(parts[last-1])
	}
	if sequence, err := strconv.ParseInt(parts[last], 10, 64); m.Sequence.IsUnknown() && err == nil {
		guess.Sequence = types.Int64Value(sequence)
	}
	return guess.outgoing().Key == key
}

// warnFailedRefund warns about a refund that the gateway did not make.
func warnFailedRefund(model *refundModel, warn func(summary, detail string)) {
	if model.isFailed() {
		warn("A refund failed", fmt.Sprintf("The gateway could not make refund %s of payment %s: its status is %q. It is not made again by itself. "+
			"To try once more, apply with -replace=<its address>; or add a new resource.", model.ID.ValueString(), model.PaymentID.ValueString(), model.Status.ValueString()))
	}
}
