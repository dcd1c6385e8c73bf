package p2p

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

// Check looks at what a payout needs, at max_amount, and at what each new invoice needs.
func (g *Gateway) Check(ctx context.Context, planned, config *gateway.Invoice, diags *diag.Diagnostics) {
	at := path.Root("p2p").AtName
	block := attributes.ReadObject[invoiceBlock](ctx, planned.Object(g), diags)
	if limit, amount := block.MaxAmount.Number(), planned.Amount.Number(); limit != nil && amount != nil && limit.LessThan(amount.Decimal) {
		diags.AddAttributeError(at("max_amount"), "max_amount is below amount",
			fmt.Sprintf("Attribute p2p.max_amount is %s, and amount is %s. The gateway adds to amount, so max_amount cannot be less.", limit.Money(), amount.Money()))
	}
	written := block
	if config != nil {
		written = attributes.ReadObject[invoiceBlock](ctx, config.Object(g), diags)
		checkNew(written, diags)
	}
	if block.Direction.ValueString() != p2p.DirectionOut {
		return
	}
	if !attributes.NullIfEmpty(written.PaymentRequisites).IsNull() && !attributes.NullIfEmpty(written.PaymentRequisitesWO).IsNull() {
		diags.AddAttributeError(at("payment_requisites"), "Invalid Attribute Combination",
			"Attribute p2p.payment_requisites_wo cannot be given when p2p.payment_requisites is given: leave one of them out.")
	}
	for _, needed := range []string{"payment_option", "payment_method"} {
		if isMissing(planned.Object(g).Attributes()[needed]) {
			diags.AddAttributeError(at(needed), "A payout needs to know where the money goes",
				fmt.Sprintf("Attribute p2p.%s is missing: with direction = %q it is mandatory. Nothing was sent.", needed, p2p.DirectionOut))
		}
	}
	if config != nil || !receiverIn(written.PaymentRequisites, written.PaymentRequisitesWO).IsNull() {
		checkReceiver(written, diags)
	}
	if block.StartDeal.ValueBool() {
		diags.AddAttributeError(at("start_deal"), "A payout starts no deal",
			fmt.Sprintf("Attribute p2p.start_deal is for direction = %q only: leave it out.", p2p.DirectionIn))
	}
}

// checkNew looks for what each new invoice needs, and the configuration of an imported one may
// lack.
func checkNew(config invoiceBlock, diags *diag.Diagnostics) {
	at := path.Root("p2p").AtName
	var found validator.StringResponse
	attributes.IsWebAddress().ValidateString(context.Background(), validator.StringRequest{Path: at("notification_url"), ConfigValue: config.NotificationURL}, &found)
	diags.Append(found.Diagnostics...)
	if config.hasNoToken() {
		diags.AddAttributeError(at("notification_token"), "Invalid Attribute Combination",
			"No attribute specified when one (and only one) of [p2p.notification_token,p2p.notification_token_wo] is required")
	}
}

// isPartial reports whether a configuration lacks what each invoice was issued with.
func (g *Gateway) isPartial(config *gateway.Invoice) bool {
	var ignored diag.Diagnostics
	written := attributes.ReadObject[invoiceBlock](context.Background(), config.Object(g), &ignored)
	return isMissing(written.NotificationURL) || written.hasNoToken()
}

func (b invoiceBlock) hasNoToken() bool {
	return b.NotificationToken.IsNull() && b.NotificationTokenWO.IsNull()
}

// isMissing reports whether a value is null, or blank as far as it is known.
func isMissing(value attr.Value) bool {
	if object, ok := value.(types.Object); ok && !object.IsNull() && !object.IsUnknown() {
		return isMissing(object.Attributes()["requisites"])
	}
	text, ok := value.(types.String)
	return value.IsNull() || ok && !text.IsUnknown() && strings.TrimSpace(text.ValueString()) == ""
}
