package gateway

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// Refunder is a gateway that gives money back.
type Refunder interface {
	Gateway
	// RefundTraits says what is particular about its refunds.
	RefundTraits() RefundTraits
	// CheckRefund adds errors for what the gateway does not take, or lacks. Values may be
	// unknown.
	CheckRefund(ctx context.Context, order *RefundOrder, diags *diag.Diagnostics)
	// FindRefundable looks up the payment, nil when the gateway says that there is none.
	FindRefundable(ctx context.Context, paymentID string) (*Refundable, error)
	// MakeRefund sends it once. It adds the errors and warnings itself.
	MakeRefund(ctx context.Context, order *RefundOrder, diags *diag.Diagnostics) RefundResult
	// FindRefund looks a refund up, nil when the gateway says that there is none.
	FindRefund(ctx context.Context, paymentID, id string) (*ShownRefund, error)
}

// RefundSeeker is a gateway that lists the refunds of a payment, so it finds one again whose
// answer was lost.
type RefundSeeker interface {
	Refunder
	// SeekRefund looks for what was sent and not answered. before holds the ids of the
	// refunds that were there when it was sent. It returns the one that it must be, or all
	// those that it may be.
	SeekRefund(ctx context.Context, order *RefundOrder, before []string) (found *ShownRefund, candidates []ShownRefund, err error)
}

// RefundTraits are what is particular about the refunds of a gateway. What is left out does
// not apply.
type RefundTraits struct {
	// NeedsReceipt means that receipt is mandatory.
	NeedsReceipt bool
	// IsOfPayment means that a refund is found among those of its payment only. Its import id
	// and its identity name the gateway and the payment as well.
	IsOfPayment bool
}

// RefundArguments are the arguments of a refund that a gateway may have remarks on.
var RefundArguments = []string{"gateway", "payment_id", "amount", "receipt", "refund_cart", "currency", "reason"}

// RefundOrder is a refund as it is asked for.
type RefundOrder struct {
	PaymentID, Currency, Reason types.String
	Amount                      attributes.Decimal
	Receipt, Cart               types.List
	Sequence                    int64
	// IsByAction means that nothing of it comes into the state.
	IsByAction bool
	// Unclear says what may have happened, and how to find out, when nobody knows whether it
	// was made. It is asked after the refund was sent.
	Unclear func() string
	// IsHeld reports whether another resource has a refund of this payment.
	IsHeld func(id string) bool
}

// RefundResult is what came of sending a refund. Without a refund, and not unclear, nothing
// was made.
type RefundResult struct {
	Shown *ShownRefund
	// IsUnclear means that it was sent, and may have been made. Before holds the ids of the
	// refunds that were there before.
	IsUnclear bool
	Before    []string
	// IsAccepted means that the gateway has accepted it, and does not show it yet. It is unclear
	// too, and no error. Seen says why it could not be looked for, if it could not.
	IsAccepted bool
	Seen       string
	// IsAdopted means that the refund was there already: nothing was sent.
	IsAdopted bool
}

// ShownRefund is a refund as its gateway shows it, in the words of the attributes. What the
// gateway does not tell is null, "" or zero.
type ShownRefund struct {
	// Sequence is its number among those of its payment and amount, 0 where that is not known.
	Sequence              int64
	ID, PaymentID, Status string
	Amount                values.Decimal
	Currency, Reason      string
	PaymentMethod         types.Object
	CustomParameters      jsontypes.Normalized
	Created, Updated      values.Time
	// Number counts the refunds of a payment, and Remaining is what was left of the payment
	// after this one. MadeBy is the login that made it.
	Number, MadeBy string
	Remaining      *values.Decimal
}

// Described is what messages say of one among several.
func (s *ShownRefund) Described(importID string) string {
	text := fmt.Sprintf("%s: %s, status %q", importID, s.Amount.Money(), s.Status)
	if !s.Created.IsZero() {
		text += ", made at " + s.Created.Format(time.RFC3339)
	}
	if s.MadeBy != "" {
		text += fmt.Sprintf(", by %q", s.MadeBy)
	}
	return text
}

// Refundable is a payment as its gateway shows it, for a look before it is refunded.
type Refundable struct {
	Status string // the gateway's own word
	// About is what the gateway says about the status.
	About string
	// IsPaid means that its money has come, and IsRefunded that all of it has gone back.
	IsPaid, IsRefunded bool
	Amount, Refunded   values.Decimal // zero where they are not shown
	Currency           string
}

// RefundMethodTypes are the types of what a refund shows of its payment's method.
var RefundMethodTypes = map[string]attr.Type{
	"terminal_id": types.StringType,
	"type":        types.StringType,
	"account":     types.StringType,
	"funds":       attributes.DecimalType{},
	"bonuses":     attributes.DecimalType{},
}

// Statuses of refunds, the same for all gateways. The guide of Invoice API v2 (section 7.2.7)
// has init, which may still become either of the others, successful and fail; the vendor's
// SDKs also know created and process, which are on their way as well, and error. A word that is
// none of these is shown as it came.
const (
	RefundInit       = "init"
	RefundCreated    = "created"
	RefundProcess    = "process"
	RefundSuccessful = "successful"
	RefundFail       = "fail"
	RefundError      = "error"
)

// IsFailedRefund reports whether the gateway has given a refund up.
func IsFailedRefund(status string) bool { return status == RefundFail || status == RefundError }

// IsPendingRefund reports whether a refund is still on its way: it may succeed or fail.
func IsPendingRefund(status string) bool {
	return slices.Contains([]string{RefundInit, RefundCreated, RefundProcess}, status)
}
