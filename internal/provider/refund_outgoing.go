package provider

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
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

func refundKey(payment, amount string, sequence int64) string {
	if number, err := values.ParseDecimal(amount); err == nil {
		amount = number.String()
	}
	return values.PlainID(payment) + " " + amount + " " + strconv.FormatInt(sequence, 10)
}

// storedRefund is what the state says of a refund.
type storedRefund struct {
	ID        string `json:"id"`
	Gateway   string `json:"gateway"`
	PaymentID string `json:"payment_id"`
	Amount    string `json:"amount"`
	Status    string `json:"status"`
	Sequence  *int64 `json:"sequence"`
}

func (s storedRefund) outgoing() ledger.Outgoing {
	model := refundModel{
		ID: attributes.StringOrNull(s.ID), Gateway: attributes.StringOrNull(s.Gateway), PaymentID: types.StringValue(s.PaymentID), Amount: attributes.NewDecimal(s.Amount),
		Status: attributes.StringOrNull(s.Status), Sequence: types.Int64PointerValue(s.Sequence),
	}
	return model.outgoing()
}

// outgoing is the refund in the ledger. While something is not known, it has no key.
func (m *refundModel) outgoing() ledger.Outgoing {
	one := ledger.Outgoing{
		Kind: ledger.Refunds, Status: m.Status.ValueString(), IsFailed: m.isFailed(), IsUnclear: m.isUnclear(),
		IsPending:  gateway.IsPendingRefund(m.Status.ValueString()),
		Protection: m.DeletionProtection,
		Currency:   m.Currency.ValueString(),
	}
	if id := m.ID.ValueString(); id != "" {
		one.ID = m.importID(id)
	}
	if m.traits().IsOfPayment {
		one.ImportExample, one.IsSought = m.importID("…"), true
		if !m.PaymentID.IsUnknown() {
			one.Source = m.paymentKey()
		}
	}
	if !m.Currency.IsUnknown() {
		one.Amount = m.Amount.Number()
	}
	if m.Gateway.IsUnknown() || m.PaymentID.IsUnknown() || m.Amount.IsUnknown() || m.Sequence.IsUnknown() {
		one.MayEqual = m.mayEqual
		return one
	}
	sequence := int64(defaultSequence)
	if !m.Sequence.IsNull() {
		sequence = m.Sequence.ValueInt64()
	}
	one.Key = refundKey(m.paymentKey(), m.Amount.ValueString(), sequence)
	one.About = fmt.Sprintf("%s for payment %s", m.Amount.ValueString(), m.PaymentID.ValueString())
	if m.traits().IsOfPayment {
		one.About += " of " + m.Gateway.ValueString()
	}
	if sequence != defaultSequence {
		one.About += fmt.Sprintf(" (sequence %d)", sequence)
	}
	return one
}

// paymentKey is the payment as keys have it. Two gateways may have the same number.
func (m *refundModel) paymentKey() string {
	key := values.PlainID(m.PaymentID.ValueString())
	if m.traits().IsOfPayment {
		key = m.Gateway.ValueString() + "/" + key
	}
	return key
}

// splitPayment is the reverse of paymentKey.
func splitPayment(key string) (gatewayName, id string) {
	name, id, _ := strings.Cut(key, "/")
	if named := (&refundModel{Gateway: types.StringValue(name)}); named.traits().IsOfPayment {
		return name, id
	}
	return defaultRefunder, key
}

// mayEqual reports whether a refund, of which the plan does not know all yet, may turn out to
// have a key.
func (m *refundModel) mayEqual(key string) bool {
	parts := strings.Split(key, " ")
	last := len(parts) - 1
	if last < 2 {
		return false
	}
	guess, payment := *m, strings.Join(parts[:last-1], " ")
	name, id := splitPayment(payment)
	if m.Gateway.IsUnknown() {
		guess.Gateway = types.StringValue(name)
	}
	if m.PaymentID.IsUnknown() {
		guess.PaymentID = types.StringValue(id)
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

// warnAccepted says that the gateway has accepted a refund, and does not show it yet. seen says
// what it shows instead.
func warnAccepted(model *refundModel, seen, next string, diags *diag.Diagnostics) {
	title := model.Gateway.ValueString()
	if refunder := refunderOf(gateway.Select[gateway.Refunder](unconfigured), model); refunder != nil {
		title = refunder.Title()
	}
	diags.AddWarning("The refund is accepted, and not shown yet",
		fmt.Sprintf("%s has accepted the refund of %s and does not list it yet.%s %s", title, model.outgoing().About, seen, next))
}

func couldNotLook(problem string) string {
	if problem == "" {
		return ""
	}
	return " It could not be looked for: " + problem + "."
}
