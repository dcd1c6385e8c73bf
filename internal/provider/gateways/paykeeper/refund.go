package paykeeper

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

// RefundTraits says that a refund is found among those of its payment.
func (*Gateway) RefundTraits() gateway.RefundTraits { return gateway.RefundTraits{IsOfPayment: true} }

// CheckRefund looks at the currency and the cart.
func (g *Gateway) CheckRefund(ctx context.Context, order *gateway.RefundOrder, diags *diag.Diagnostics) {
	if !order.Receipt.IsNull() {
		diags.AddAttributeError(path.Root("receipt"), "A refund of PayKeeper has no receipt",
			"PayKeeper takes the lines of the fiscal receipt in refund_cart, each with its tax. Write them there, and leave receipt out. For a payment of Invoice API v2 leave gateway out: it defaults to \"invoice\".")
	}
	if currency := order.Currency.ValueString(); currency != "" && currency != gateway.DefaultCurrency {
		diags.AddAttributeError(path.Root("currency"), "PayKeeper takes roubles only",
			fmt.Sprintf("The currency is %q. A refund of PayKeeper is always in RUB: leave currency out.", currency))
	}
	sum, amount := sumOfCart(ctx, order.Cart), order.Amount.Number()
	if sum != nil && amount != nil && !sum.Equal(amount.Decimal) {
		diags.AddAttributeError(path.Root("refund_cart"), "The cart does not add up",
			fmt.Sprintf("The sum values of refund_cart add up to %s, and amount is %s. They must be equal (54-FZ).", sum.Money(), amount.Money()))
	}
}

// FindRefundable looks a payment up.
func (g *Gateway) FindRefundable(ctx context.Context, paymentID string) (*gateway.Refundable, error) {
	payment, err := g.Client.FindPayment(ctx, paymentID)
	if payment == nil || err != nil {
		return nil, err
	}
	return &gateway.Refundable{
		Status: payment.Status, IsPaid: payment.WasPaid(), IsRefunded: payment.Status == paykeeper.PaymentRefunded,
		Amount: payment.Amount, Refunded: payment.RefundAmount, Currency: gateway.DefaultCurrency,
	}, nil
}

// FindRefund looks a refund up among those of its payment.
func (g *Gateway) FindRefund(ctx context.Context, paymentID, id string) (*gateway.ShownRefund, error) {
	payment, err := g.Client.FindPayment(ctx, paymentID)
	if payment == nil || err != nil {
		return nil, err
	}
	refunds, err := g.Client.Refunds(ctx, payment)
	if err != nil {
		return nil, err
	}
	for i := range refunds {
		if values.SameID(string(refunds[i].ID), id) {
			shown := shownRefund(paymentID, &refunds[i])
			shown.Sequence = paykeeper.NumberOf(id, refunds)
			return shown, nil
		}
	}
	return nil, nil
}

// refundStatuses are PayKeeper's words in those of the attributes.
var refundStatuses = map[string]string{
	paykeeper.RefundStarted: gateway.RefundInit, paykeeper.RefundDone: gateway.RefundSuccessful, paykeeper.RefundFailed: gateway.RefundFail,
}

// shownRefund knows its payment also where a row leaves it out.
func shownRefund(paymentID string, refund *paykeeper.Refund) *gateway.ShownRefund {
	status, isKnown := refundStatuses[refund.Status]
	if !isKnown {
		status = refund.Status
	}
	return &gateway.ShownRefund{
		ID: string(refund.ID), PaymentID: paymentID, Status: status, Amount: refund.Amount, Currency: gateway.DefaultCurrency,
		Created: refund.Created, Number: string(refund.Number), MadeBy: string(refund.User), Remaining: refund.Remainder,
	}
}
