package paykeeper

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// MakeRefund sends a refund, unless the gateway shows that it was sent already.
func (g *Gateway) MakeRefund(ctx context.Context, order *gateway.RefundOrder, diags *diag.Diagnostics) gateway.RefundResult {
	request := g.refundRequest(ctx, order, diags)
	if diags.HasError() {
		return gateway.RefundResult{}
	}
	made, err := g.Client.CreateRefund(ctx, request)
	if err != nil {
		return g.reportNotMade(ctx, order, err, diags)
	}
	if made.IsOfHeld() {
		diags.AddAttributeError(path.Root("payment_id"), "The payment was held, and this was no refund",
			fmt.Sprintf("Payment %s is of %s and %q now; it was of %s. In a two-stage shop this call cancels the authorisation of a payment that is held, or captures what is left of it. "+
				"That cannot be taken back here. It is kept with the status unknown, so that nothing is sent again. Look the payment up in the PayKeeper account, "+
				"and take this resource out: "+ledger.StateRm+".", request.PaymentID, made.Now.Amount.Money(), made.Now.Status, made.Paid.Money()))
		return gateway.RefundResult{IsUnclear: true, Before: made.Before}
	}
	if made.Refund == nil {
		return gateway.RefundResult{IsUnclear: true, IsAccepted: true, Before: made.Before, Seen: textOf(made.LookUp)}
	}
	shown := shownRefund(request.PaymentID, made.Refund)
	if made.IsAdopted {
		g.adoptRefund(order, shown, len(made.Before)+1, diags)
	}
	if made.Refused != nil {
		diags.AddWarning("The gateway refused the refund, and shows it",
			fmt.Sprintf("%s. And yet the payment has a new refund of this amount, which was not there before: %s. It is in the state, and is not sent again. "+
				"Look the payment up in the PayKeeper account.", made.Refused, shown.Described(g.refundImportID(shown))))
	}
	if made.IsInferred {
		g.warnInferred(shown, diags)
	}
	if made.GivenBack.GreaterThan(made.Paid.Decimal) {
		diags.AddWarning("More was given back than was paid",
			fmt.Sprintf("Payment %s is of %s, and its refunds come to %s, refund %s of %s included. Somebody else has refunded it at the same time, and the gateway has taken both. "+
				"Look the payment up in the PayKeeper account.", shown.PaymentID, made.Paid.Money(), made.GivenBack.Money(), shown.ID, shown.Amount.Money()))
	}
	return gateway.RefundResult{Shown: shown, IsAdopted: made.IsAdopted}
}

// warnInferred says that no answer has told whose refund it is. A run beside this one may have
// made it, and then this one was refused.
func (g *Gateway) warnInferred(shown *gateway.ShownRefund, diags *diag.Diagnostics) {
	described := shown.Described(g.refundImportID(shown))
	if user := shown.MadeBy; user != "" && !strings.EqualFold(user, g.Client.Login()) {
		diags.AddWarning("The refund may be somebody else's",
			fmt.Sprintf("No answer came, and then the payment had one new refund of this amount: %s. It is taken for the one that was sent, though its user is %q and the login %q. "+
				"Look the payment up in the PayKeeper account.", described, user, g.Client.Login()))
		return
	}
	diags.AddWarning("The refund was found without an answer",
		fmt.Sprintf("No answer came, and then the payment had one new refund of this amount: %s. It is taken for the one that was sent, and is not sent again. "+
			"If something else refunds this payment with the same login at the same time, look the payment up in the PayKeeper account.", described))
}

func textOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func (g *Gateway) refundRequest(ctx context.Context, order *gateway.RefundOrder, diags *diag.Diagnostics) paykeeper.RefundRequest {
	return paykeeper.RefundRequest{
		PaymentID: order.PaymentID.ValueString(), Amount: attributes.OrZero(order.Amount.Number()), Cart: cartItems(ctx, order.Cart, diags),
		Sequence: order.Sequence, IsHeld: order.IsHeld, Adopt: !g.adoption.IsForbidden,
	}
}

func (g *Gateway) refundImportID(shown *gateway.ShownRefund) string {
	return g.Name() + "/" + shown.PaymentID + "/" + shown.ID
}

func (g *Gateway) importBlock(shown *gateway.ShownRefund) string {
	return fmt.Sprintf("import {\n  to = invoice_refund.NAME\n  id = %q\n}", g.refundImportID(shown))
}

// adoptRefund says that a refund was there already. It may be from a run that was killed.
// Where that is forbidden, it is an error.
func (g *Gateway) adoptRefund(order *gateway.RefundOrder, shown *gateway.ShownRefund, next int, diags *diag.Diagnostics) {
	if order.IsByAction {
		text := g.thereForAction([]*gateway.ShownRefund{shown}, next)
		if g.adoption.IsForbidden {
			diags.AddAttributeError(path.Root("amount"), cannotMakeRefund, text)
			return
		}
		diags.AddAttributeWarning(path.Root("amount"), "The refund is there already", text)
		return
	}
	g.adoption.Adopt(path.Root("amount"), "refund "+shown.Described(g.refundImportID(shown)), "makes Terraform forget it", g.importBlock(shown), diags)
}

// reportNotMade adds the error of a refund that was not made, or may have been.
func (g *Gateway) reportNotMade(ctx context.Context, order *gateway.RefundOrder, err error, diags *diag.Diagnostics) (result gateway.RefundResult) {
	if refusal, isOurs := errors.AsType[*paykeeper.RefundRefusal](err); isOurs {
		g.reportRefusal(order, refusal, diags)
		return result
	}
	failed := gateway.FailedCall{Attempt: "make the refund", Attributes: gateway.RefundArguments}
	switch transport.OutcomeOf(err) {
	case transport.Unclear:
		result.IsUnclear = true
		if unclear, isKnown := errors.AsType[*paykeeper.UnclearRefund](err); isKnown {
			result.Before = unclear.Before
		}
		failed.Unclear = order.Unclear()
	case transport.Refused:
		switch e, _ := errors.AsType[*transport.Error](err); {
		case errors.Is(err, paykeeper.ErrNotLookedAt):
			failed.Next = "Look the payment up in the PayKeeper account before you apply again."
		case e.Operation == paykeeper.OperationRefund: // else the token was refused
			failed.Next = "The payment shows no new refund of this amount" + g.seenOf(ctx, order.PaymentID.ValueString()) + ". Nothing was refunded, and nothing is kept in the state."
		}
	case transport.NotDone:
	}
	failed.Report(diags, err)
	return result
}

// seenOf says what a payment shows now, if it can be looked at.
func (g *Gateway) seenOf(ctx context.Context, paymentID string) string {
	payment, err := g.Client.FindPayment(ctx, paymentID)
	if payment == nil || err != nil {
		return ""
	}
	return fmt.Sprintf(": payment %s is %q now, and %s of its %s are given back", paymentID, payment.Status, payment.RefundAmount.Money(), payment.Amount.Money())
}

const cannotMakeRefund = "Cannot make the refund"

// refusals say which attribute a refusal is about, and what to do next.
var refusals = map[paykeeper.RefusalKind]struct{ attribute, next string }{
	paykeeper.RefusedNoPayment: {"payment_id", "Check payment_id: it is the payment's number, which invoice_invoice has as payment_id once it is paid, and not the id of the invoice."},
	paykeeper.RefusedStatus:    {"payment_id", "Only a payment that is \"success\", \"obtained\", \"stuck\" or \"partially_refunded\" has money to give back."},
	paykeeper.RefusedUnderWay:  {"payment_id", "Apply again once that one is over. PayKeeper makes refunds in the background."},
	paykeeper.RefusedListBehind: {"payment_id", "Apply again in a while. If it stays so, somebody has refunded in a way that the list does not show: " +
		"look the payment up in the PayKeeper account."},
	paykeeper.RefusedTooEarly: {"sequence", "Refunds of a payment are made in the order of their sequence: 1, 2 and so on. Apply again once those before it are made, or give sequence = %d."},
	paykeeper.RefusedTooMuch:  {"amount", "Give an amount up to what is left."},
}

// reportRefusal says why the provider has sent nothing.
func (g *Gateway) reportRefusal(order *gateway.RefundOrder, refusal *paykeeper.RefundRefusal, diags *diag.Diagnostics) {
	if refusal.Kind != paykeeper.RefusedThere {
		about := refusals[refusal.Kind]
		if refusal.Kind == paykeeper.RefusedTooEarly {
			about.next = fmt.Sprintf(about.next, refusal.Next)
		}
		diags.AddAttributeError(path.Root(about.attribute), cannotMakeRefund, fmt.Sprintf("Nothing was sent: %s. %s", refusal, about.next))
		return
	}
	var shown []*gateway.ShownRefund
	for i := range refusal.Refunds {
		shown = append(shown, shownRefund(order.PaymentID.ValueString(), &refusal.Refunds[i]))
	}
	switch {
	case order.IsByAction:
		diags.AddAttributeError(path.Root("amount"), cannotMakeRefund, g.thereForAction(shown, refusal.Next))
	case len(shown) == 1 && !refusal.IsDoubtful:
		g.adoptRefund(order, shown[0], refusal.Next, diags)
	default:
		diags.AddAttributeError(path.Root("amount"), cannotMakeRefund, g.mayBeThere(shown, refusal.Next))
	}
}

// mayBeThere says what to do about refunds that are there, one of which may be the one. A
// resource may have it: an apply does not see what the state holds and the plan leaves alone.
func (g *Gateway) mayBeThere(shown []*gateway.ShownRefund, next int) string {
	var blocks strings.Builder
	for _, one := range shown {
		blocks.WriteString("\n" + g.importBlock(one))
	}
	return fmt.Sprintf("Nothing was sent: the payment has refunds of this amount already:\n%s"+
		"Look into your state first (terraform state list).\n"+
		"- If a resource has it, this one is a further refund: sequence = %d.\n"+
		"- Otherwise it may be this one, from a run that was killed: import it:%s", g.listed(shown), next, blocks.String())
}

// thereForAction says that an action sends nothing, since a refund of the amount is there.
func (g *Gateway) thereForAction(shown []*gateway.ShownRefund, next int) string {
	return fmt.Sprintf("A refund of this amount is there already:\n%sNothing was sent. For a further one: sequence = %d.", g.listed(shown), next)
}

func (g *Gateway) listed(shown []*gateway.ShownRefund) string {
	var all strings.Builder
	for _, one := range shown {
		all.WriteString("- " + one.Described(g.refundImportID(one)) + "\n")
	}
	return all.String()
}

// SeekRefund looks for a refund whose answer was lost.
func (g *Gateway) SeekRefund(ctx context.Context, order *gateway.RefundOrder, before []string) (found *gateway.ShownRefund, candidates []gateway.ShownRefund, err error) {
	request := paykeeper.RefundRequest{PaymentID: order.PaymentID.ValueString(), Amount: attributes.OrZero(order.Amount.Number()), Sequence: order.Sequence, IsHeld: order.IsHeld}
	one, several, err := g.Client.FindUnclearRefund(ctx, request, before)
	if err != nil {
		return nil, nil, err
	}
	for i := range several {
		candidates = append(candidates, *shownRefund(request.PaymentID, &several[i]))
	}
	if one != nil {
		found = shownRefund(request.PaymentID, one)
	}
	return found, candidates, nil
}
