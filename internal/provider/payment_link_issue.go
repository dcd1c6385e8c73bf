package provider

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	apigateway "github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

func issueFailed(orderID string) gateway.FailedCall {
	return gateway.FailedCall{
		Attempt: "issue the payment link",
		Unclear: fmt.Sprintf("The payment may have been issued. To find out, look in the merchant's account for order %q, "+
			"or read it with: data \"invoice_payment\" \"check\" { order_id = %q }", orderID, orderID),
		Attributes: paymentLinkArguments.Names(),
	}
}

// issueWithNewOrderID issues a link under an order id that was made just now.
// When the outcome stays unclear, the order id is the only trace of what may
// exist: it is kept in the state, and the next apply closes what it finds.
func (r *paymentLinkResource) issueWithNewOrderID(ctx context.Context, model *paymentLinkModel, resp *resource.CreateResponse) *invoiceapi.Payment {
	request := model.request(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return nil
	}
	payment, err := r.client.CreatePayment(ctx, request, true)
	if err == nil {
		warnRewritten(payment, request, &resp.Diagnostics)
		r.run.NoteIssued(apigateway.PaymentKind, string(payment.ID))
		return payment
	}
	r.reportIssueFailed(ctx, model, err, resp)
	return nil
}

// reportIssueFailed reports why there is no payment. When nobody knows whether
// there is one, its order id is kept.
func (r *paymentLinkResource) reportIssueFailed(ctx context.Context, model *paymentLinkModel, err error, resp *resource.CreateResponse) {
	orderID := model.OrderID.ValueString()
	failed := issueFailed(orderID)
	switch {
	case transport.OutcomeOf(err) == transport.Unclear:
		model.keepUnclear(ctx, resp)
		failed.Unclear += ". Terraform keeps the order id: the next apply closes the payment if it is there, and issues a new one. " +
			"To keep what was issued instead: " + ledger.Untaint + "."
	case invoiceapi.IsOrderRefused(err):
		failed.Next = fmt.Sprintf("The gateway does not take order id %q again. Give this link another order_id, such as %q.", orderID, nextOrderID(orderID))
	}
	failed.Report(&resp.Diagnostics, err)
}

// getOrIssue looks a configured order id up first. An open payment that is the
// same is adopted; one order is never issued or paid twice.
func (r *paymentLinkResource) getOrIssue(ctx context.Context, model *paymentLinkModel, resp *resource.CreateResponse) *invoiceapi.Payment {
	orderID, diags := model.OrderID.ValueString(), &resp.Diagnostics
	request := model.request(ctx, diags)
	if diags.HasError() {
		return nil
	}
	existing, err := r.client.FindPaymentByOrder(ctx, orderID)
	if err != nil {
		gateway.FailedCall{Attempt: fmt.Sprintf("look for order %q before issuing it", orderID)}.Report(diags, err)
		return nil
	}
	orderError := func(summary, detail string) { diags.AddAttributeError(path.Root("order_id"), summary, detail) }
	alreadyPaid := func() {
		orderError("The order is already paid", fmt.Sprintf("Order %q was paid with payment %s (%s %s). An order is not paid twice: nothing was issued. "+
			"For another order, give another order_id; to manage the paid one, import it:\n\n%s",
			orderID, existing.ID, existing.Order.Amount.Money(), existing.Order.Currency, importBlock(existing)))
	}
	now := time.Now()
	switch {
	case existing == nil, existing.IsClosed(), existing.IsFailed():
	case existing.WasPaid():
		alreadyPaid()
		return nil
	case existing.IsOpen(now):
		return r.adopt(existing, request, diags)
	case existing.IsExpired(now):
		// Its status still says that it waits: nothing may be payable twice.
		if r.makeUnpayable(ctx, string(existing.ID), diags) {
			alreadyPaid()
		}
		if diags.HasError() {
			return nil
		}
	default:
		orderError("The order has a payment in an unknown status", fmt.Sprintf("Payment %s of order %q is %q, which this provider does not know. "+
			"Nothing was issued, since it may be payable or paid. Look it up in the merchant's account; for another order, give another order_id.",
			existing.ID, orderID, existing.Status))
		return nil
	}

	payment, err := r.client.CreatePayment(ctx, request, existing == nil)
	switch {
	case err != nil:
		r.reportIssueFailed(ctx, model, err, resp)
		return nil
	case existing != nil && values.SameID(string(payment.ID), string(existing.ID)):
		orderError("The gateway issued no new payment", fmt.Sprintf("For order %q the gateway answered with its old payment %s, which is %q. "+
			"Give this link another order_id, such as %q.", orderID, existing.ID, existing.Status, nextOrderID(orderID)))
		return nil
	}
	warnRewritten(payment, request, diags)
	r.run.NoteIssued(apigateway.PaymentKind, string(payment.ID))
	return payment
}

func (r *paymentLinkResource) adopt(existing *invoiceapi.Payment, request invoiceapi.CreatePaymentRequest, diags *diag.Diagnostics) *invoiceapi.Payment {
	differences := existing.Differences(request)
	if hard := differences.Hard(); len(hard) > 0 {
		diags.AddAttributeError(path.Root("order_id"), "The order has another open payment",
			fmt.Sprintf("Order %q already has payment %s, which is open and differs:\n- %s\n\n"+
				"Nothing was issued: two open payments of one order could both be paid. Give another order_id, or make the configuration the same; "+
				"then it is adopted. If this link replaces the other one with create_before_destroy, the other is still open now: it needs another order_id. "+
				"To manage the existing one as it is, import it:\n\n%s",
				request.Order.ID, existing.ID, strings.ReplaceAll(hard.String(), "; ", "\n- "), importBlock(existing)))
		return nil
	}
	if r.run.IsIssued(apigateway.PaymentKind, string(existing.ID)) {
		diags.AddAttributeError(path.Root("order_id"), "Two payment links have one order_id",
			fmt.Sprintf("Payment %s of order %q was issued for another resource of this run. A payment has one owner: "+
				"destroying one would close it for the other. Give each link an order_id of its own.", existing.ID, request.Order.ID))
		return nil
	}
	if !r.adoption.Adopt(path.Root("order_id"), fmt.Sprintf("payment %s of order %q", existing.ID, request.Order.ID), "closes it for whoever else manages it",
		importBlock(existing)+"\n\nIf this link replaces it with create_before_destroy, give this one another order_id instead.", diags) {
		return nil
	}
	if len(differences) > 0 {
		diags.AddAttributeWarning(path.Root("description"), "The adopted payment has another description",
			fmt.Sprintf("Payment %s of order %q exists already and is adopted as it is. %s. Gateways rewrite descriptions, and cannot change them later.",
				existing.ID, request.Order.ID, differences.String()))
	}
	r.run.NoteAdopted(apigateway.PaymentKind, string(existing.ID))
	return existing
}

func importBlock(payment *invoiceapi.Payment) string {
	return fmt.Sprintf("import {\n  to = invoice_payment_link.NAME\n  id = %q\n}", payment.ID)
}

// nextOrderID proposes an order id that is easy to recognise.
func nextOrderID(orderID string) string {
	const maxLength = 36
	runes := []rune(orderID)
	return string(runes[:min(len(runes), maxLength-2)]) + "-2"
}

// warnRewritten warns when the gateway issued something else than was asked for.
func warnRewritten(payment *invoiceapi.Payment, request invoiceapi.CreatePaymentRequest, diags *diag.Diagnostics) {
	if rewritten := payment.Differences(request).Hard(); len(rewritten) > 0 {
		diags.AddWarning("The gateway rewrote the payment",
			fmt.Sprintf("Payment %s was issued, but the gateway answered: %s.", payment.ID, rewritten.String()))
	}
}
