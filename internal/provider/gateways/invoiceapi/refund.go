package invoiceapi

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/mask"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

var _ gateway.Refunder = (*Gateway)(nil)

// RefundTraits says that a refund needs a receipt.
func (*Gateway) RefundTraits() gateway.RefundTraits { return gateway.RefundTraits{NeedsReceipt: true} }

// CheckRefund wants a receipt.
func (g *Gateway) CheckRefund(_ context.Context, order *gateway.RefundOrder, diags *diag.Diagnostics) {
	if order.Receipt.IsNull() && !order.Cart.IsNull() {
		diags.AddAttributeError(path.Root("refund_cart"), "A refund of this gateway has no refund_cart",
			"gateway is \""+g.Name()+"\", which is the default, and that takes the lines of the fiscal receipt in receipt. For a payment of PayKeeper write gateway = \"paykeeper\".")
		return
	}
	if order.Receipt.IsNull() {
		diags.AddAttributeError(path.Root("receipt"), "A refund of this gateway needs a receipt",
			g.Title()+" takes the lines of the fiscal receipt in receipt. It may be empty: receipt = [].")
	}
	if !order.Cart.IsNull() {
		diags.AddAttributeError(path.Root("refund_cart"), "A refund of this gateway has no refund_cart",
			g.Title()+" takes the lines of the fiscal receipt in receipt.")
	}
}

// FindRefundable looks a payment up.
func (g *Gateway) FindRefundable(ctx context.Context, paymentID string) (*gateway.Refundable, error) {
	payment, err := g.Client.FindPayment(ctx, paymentID)
	if payment == nil || err != nil {
		return nil, err
	}
	return &gateway.Refundable{
		Status: payment.Status, About: string(payment.StatusDescription), IsPaid: payment.IsPaid(),
		IsRefunded: payment.Status == invoiceapi.PaymentRefunded, Amount: payment.Order.Amount, Currency: payment.Order.Currency,
	}, nil
}

// MakeRefund sends a refund. Nothing finds one whose answer was lost.
func (g *Gateway) MakeRefund(ctx context.Context, order *gateway.RefundOrder, diags *diag.Diagnostics) gateway.RefundResult {
	request := invoiceapi.CreateRefundRequest{
		PaymentID: order.PaymentID.ValueString(),
		Refund: invoiceapi.RefundOrder{
			Currency: order.Currency.ValueString(),
			Amount:   attributes.OrZero(order.Amount.Number()),
			Reason:   order.Reason.ValueString(),
		},
		Receipt: ReceiptItems(ctx, order.Receipt, diags),
	}
	if diags.HasError() {
		return gateway.RefundResult{}
	}
	refund, err := g.Client.CreateRefund(ctx, request)
	if err == nil {
		warnOtherRefund(request, refund, diags)
		return gateway.RefundResult{Shown: ShownRefund(refund)}
	}
	failed := gateway.FailedCall{Attempt: "make the refund", Attributes: gateway.RefundArguments}
	isUnclear := transport.OutcomeOf(err) == transport.Unclear
	if isUnclear {
		failed.Unclear = order.Unclear()
	}
	failed.Report(diags, err)
	return gateway.RefundResult{IsUnclear: isUnclear}
}

// warnOtherRefund warns when the gateway made another refund than was asked for.
func warnOtherRefund(asked invoiceapi.CreateRefundRequest, refund *invoiceapi.Refund, diags *diag.Diagnostics) {
	if amount := refund.Refund.Amount; !amount.IsZero() && !amount.Equal(asked.Refund.Amount.Decimal) {
		diags.AddWarning("The gateway made another refund", fmt.Sprintf("Refund %s of payment %s: %s was asked for, the gateway answers %s.",
			refund.ID, asked.PaymentID, asked.Refund.Amount, amount.Money()))
	}
}

// FindRefund looks a refund up by its id alone.
func (g *Gateway) FindRefund(ctx context.Context, _, id string) (*gateway.ShownRefund, error) {
	refund, err := g.Client.FindRefund(ctx, id)
	if refund == nil || err != nil {
		return nil, err
	}
	return ShownRefund(refund), nil
}

// ShownRefund is a refund in the words of the attributes.
func ShownRefund(refund *invoiceapi.Refund) *gateway.ShownRefund {
	return &gateway.ShownRefund{
		ID: string(refund.ID), PaymentID: string(refund.PaymentID), Status: refund.Status,
		Amount: refund.Refund.Amount, Currency: refund.Refund.Currency, Reason: refund.Refund.Reason,
		PaymentMethod:    refundMethod(refund.Method.PaymentMethod),
		CustomParameters: attributes.JSONOrNull(refund.CustomParameters),
		Created:          refund.Created, Updated: refund.Updated,
	}
}

// refundMethod maps fields 5.1–5.5 of section 7.2.7.
func refundMethod(method *invoiceapi.PaymentMethod) types.Object {
	if method == nil {
		return types.ObjectNull(gateway.RefundMethodTypes)
	}
	bonuses := attributes.NullDecimal()
	if method.Bonuses != nil {
		bonuses = attributes.NewDecimal(method.Bonuses.String())
	}
	return types.ObjectValueMust(gateway.RefundMethodTypes, map[string]attr.Value{
		"terminal_id": attributes.StringOrNull(string(method.TerminalID)),
		"type":        attributes.StringOrNull(method.Type),
		"account":     attributes.StringOrNull(mask.Cards(method.Account)), // the guide has it masked already
		"funds":       attributes.NewMoney(method.Funds),
		"bonuses":     bonuses,
	})
}
