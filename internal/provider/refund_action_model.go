package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

// refundActionModel holds those arguments of a refund that an action has.
type refundActionModel struct {
	Gateway    types.String       `tfsdk:"gateway"`
	PaymentID  types.String       `tfsdk:"payment_id"`
	Amount     attributes.Decimal `tfsdk:"amount"`
	Receipt    types.List         `tfsdk:"receipt"`
	RefundCart types.List         `tfsdk:"refund_cart"`
	Currency   types.String       `tfsdk:"currency"`
	Reason     types.String       `tfsdk:"reason"`
	Sequence   types.Int64        `tfsdk:"sequence"`
}

// refundActionArguments are those that the schema takes from the resource.
var refundActionArguments = []string{"gateway", "payment_id", "amount", "receipt", "refund_cart", "currency", "reason", "sequence"}

// refund is what the action makes, as the resource has it. An action has no defaults.
func (m *refundActionModel) refund() *refundModel {
	refund := &refundModel{
		Gateway: m.Gateway, PaymentID: m.PaymentID, Amount: m.Amount, Receipt: m.Receipt, RefundCart: m.RefundCart, Currency: m.Currency, Reason: m.Reason, Sequence: m.Sequence,
	}
	if refund.Currency.IsNull() {
		refund.Currency = types.StringValue(gateway.DefaultCurrency)
	}
	refund.fillIn()
	return refund
}

// refuseRefund adds an error for what the payment, as the gateway shows it, does not allow. It
// reports whether there is one.
func (m *refundModel) refuseRefund(payment *gateway.Refundable, diags *diag.Diagnostics) bool {
	id := m.PaymentID.ValueString()
	switch {
	case payment == nil:
		diags.AddAttributeError(path.Root("payment_id"), "No such payment",
			fmt.Sprintf("The gateway says that it knows no payment %q. Nothing was refunded. Check payment_id.", id))
	case payment.IsRefunded:
		diags.AddAttributeError(path.Root("payment_id"), "The payment is refunded already",
			fmt.Sprintf("Payment %s is %q. Nothing was refunded: its money has gone back.", id, payment.Status))
	case !payment.IsPaid:
		diags.AddAttributeError(path.Root("payment_id"), "The payment is not paid",
			fmt.Sprintf("Payment %s is %q%s. Nothing was refunded: only a paid one has money to give back.", id, payment.Status, inParentheses(payment.About)))
	default:
		return m.refuseAmount(payment, diags)
	}
	return true
}

func inParentheses(text string) string {
	if text == "" {
		return ""
	}
	return " («" + text + "»)"
}

func (m *refundModel) refuseAmount(payment *gateway.Refundable, diags *diag.Diagnostics) bool {
	id, paid, amount := m.PaymentID.ValueString(), payment.Amount, m.Amount.Number()
	switch currency := payment.Currency; {
	case currency != "" && !m.Currency.IsUnknown() && !values.SameCurrency(currency, m.Currency.ValueString()):
		diags.AddAttributeError(path.Root("currency"), "The payment has another currency",
			fmt.Sprintf("Payment %s was paid in %s, and the refund is in %s. Nothing was refunded.", id, currency, m.Currency.ValueString()))
	case amount != nil && !paid.IsZero() && amount.GreaterThan(paid.Decimal):
		diags.AddAttributeError(path.Root("amount"), "The refund is larger than its payment",
			fmt.Sprintf("Payment %s is of %s, and the refund of %s. Nothing was refunded.", id, paid.Money(), amount.Money()))
	default:
		return false
	}
	return true
}
