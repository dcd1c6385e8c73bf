package provider

import (
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// A payment may be refunded several times, in parts of the same amount. What
// tells them apart is their sequence: nothing else says whether a second one is
// meant, or the first one under another name.

const defaultSequence = 1

func refundKey(paymentID, amount string, sequence int64) string {
	return "refund " + values.PlainID(paymentID) + " " + ledger.AmountKey(amount) + " " + strconv.FormatInt(sequence, 10)
}

func aboutRefund(paymentID, amount string, sequence int64) string {
	about := fmt.Sprintf("%s for payment %s", amount, paymentID)
	if sequence != defaultSequence {
		about += fmt.Sprintf(" (sequence %d)", sequence)
	}
	return about
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
	sequence := int64(defaultSequence)
	if s.Sequence != nil {
		sequence = *s.Sequence
	}
	model := refundModel{
		ID: attributes.StringOrNull(s.ID), PaymentID: types.StringValue(s.PaymentID), Amount: attributes.NewDecimal(s.Amount),
		Status: attributes.StringOrNull(s.Status), Sequence: types.Int64Value(sequence),
	}
	return model.outgoing()
}

// outgoing is the refund in the register. While something is not known, it has no key.
func (m *refundModel) outgoing() ledger.Outgoing {
	one := ledger.Outgoing{Kind: "refund", ID: m.ID.ValueString(), Status: m.Status.ValueString(), IsFailed: m.isFailed(), IsUnclear: m.isUnclear()}
	if m.PaymentID.IsUnknown() || m.Amount.IsUnknown() || m.Sequence.IsUnknown() {
		return one
	}
	sequence := int64(defaultSequence)
	if !m.Sequence.IsNull() {
		sequence = m.Sequence.ValueInt64()
	}
	one.Keys = []string{refundKey(m.PaymentID.ValueString(), m.Amount.ValueString(), sequence)}
	one.About = aboutRefund(m.PaymentID.ValueString(), m.Amount.ValueString(), sequence)
	return one
}

// twinOfStoredRefund is what a user reads about a new refund that repeats one in
// the state.
func twinOfStoredRefund(stored ledger.Outgoing) (summary, detail string) {
	if stored.IsUnclear {
		return "A refund is unclear", fmt.Sprintf("A refund of %s was sent, and the gateway's answer never came: it may have been made. It is not sent again, "+
			"nor is another one of the same payment, amount and sequence.\n\n%s\n%s", stored.About, unclearRefundWays, anotherSequence)
	}
	ways := ledger.TaintedWay + ";\n" + ledger.RenamedWay + "\n"
	if (&invoiceapi.Refund{Status: stored.Status}).IsPending() {
		ways += "- if it has failed since, terraform apply -refresh-only sees that;\n"
	}
	return "The refund is in the state already", fmt.Sprintf("The state holds refund %s, and another one of the same payment, amount and sequence is about to be made. "+
		"A refund is sent once: nothing was sent for this one.\n\n%s%s", stored.Name(), ways, anotherSequence+ledger.NeverAgain)
}

const anotherSequence = "- if a further refund of the same payment and amount is meant, give the new one another sequence, such as sequence = 2."

// twinOfNewRefund is what a user reads about two that are both new.
func twinOfNewRefund(other ledger.Outgoing) (summary, detail string) {
	return "Two new refunds are the same", fmt.Sprintf("Another new refund %s has the same payment, amount and sequence. Nothing was sent for this one.\n\n"+
		"- if one of them is too much, take it out;\n%s", other.Name(), anotherSequence)
}

func twinOfRefund(twin ledger.Outgoing) (summary, detail string) {
	if twin.IsNew {
		return twinOfNewRefund(twin)
	}
	return twinOfStoredRefund(twin)
}

// warnFailedRefund warns about a refund that the gateway did not make.
func warnFailedRefund(model *refundModel, warn func(summary, detail string)) {
	if model.isFailed() {
		warn("A refund failed", fmt.Sprintf("The gateway could not make refund %s of payment %s: its status is %q. It is not made again by itself. "+
			"To try once more, apply with -replace=<its address>; or add a new resource.", model.ID.ValueString(), model.PaymentID.ValueString(), model.Status.ValueString()))
	}
}

// warnOtherRefund warns when the gateway made another refund than was asked for.
func warnOtherRefund(model *refundModel, refund *invoiceapi.Refund, warn func(summary, detail string)) {
	if !refund.Refund.Amount.IsZero() && !attributes.EqualDecimals(model.Amount.ValueString(), refund.Refund.Amount.String()) {
		warn("The gateway made another refund", fmt.Sprintf("Refund %s of payment %s: %s was asked for, the gateway answers %s.",
			refund.ID, model.PaymentID.ValueString(), model.Amount.ValueString(), refund.Refund.Amount.Money()))
	}
}
