package paykeeper

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/lazyregexp"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// cartTaxes are the VAT rates of a line (54-FZ) that PayKeeper knows.
var cartTaxes = []string{"none", "vat0", "vat5", "vat7", "vat10", "vat20", "vat22", "vat105", "vat107", "vat110", "vat120", "vat122"}

// These are the words that public clients send. The list may have grown since, so others are taken too.
var (
	cartItemTypes = []string{
		"goods", "service", "work", "excise", "ip", "payment", "agent", "property_right", "non_operating", "sales_tax", "resort_fee", "other",
		"exc_uncoded", "exc_coded", "goods_uncoded", "goods_coded",
	}
	cartPaymentTypes = []string{"prepay", "part_prepay", "advance", "full", "part_credit", "credit", "credit_payment"}
)

// languages are those of the page to pay on.
var languages = []string{"ru", "en"}

const (
	aboutLanguage    = "The language of the page to pay on, the gateway's `lang`"
	aboutResultURL   = "Where that page leads the payer back to, the gateway's `user_result_callback`"
	aboutItemType    = "What is sold (the subject of the calculation under 54-FZ), the gateway's `item_type`"
	aboutPaymentType = "How it is paid for (the method of the calculation under 54-FZ), the gateway's `payment_type`"
	aboutMeasure     = "The unit of `quantity`, the gateway's `measure`."
)

// isWord catches capital letters, blanks and sentences.
func isWord() validator.String {
	return attributes.Only("must be a word of the gateway, in small Latin letters", "is not such a word",
		func(text string) bool { return cartWord().MatchString(text) })
}

var cartWord = lazyregexp.New(`^[a-z0-9_]+$`)

type cartItemModel struct {
	Name     types.String       `tfsdk:"name"`
	Price    attributes.Decimal `tfsdk:"price"`
	Quantity attributes.Decimal `tfsdk:"quantity"`
	Sum      attributes.Decimal `tfsdk:"sum"`
	Tax      types.String       `tfsdk:"tax"`

	ItemType    types.String `tfsdk:"item_type"`
	PaymentType types.String `tfsdk:"payment_type"`
	Measure     types.String `tfsdk:"measure"`
}

// RefundCartSchema describes the lines of a refund.
func RefundCartSchema() schema.ListNestedAttribute {
	return schema.ListNestedAttribute{
		Optional: true,
		MarkdownDescription: "Of `paykeeper`: what goes back, as lines of the fiscal receipt (54-FZ), like those of `paykeeper.cart` of an invoice. Their `sum` values must add up to `amount`. " +
			"PayKeeper takes them in its field `refund_cart`, and never returns them. Which receipt it makes without them is not documented: give them for a part of a payment.",
		NestedObject: cartLines(),
	}
}

// cartLines are the lines of a cart.
func cartLines() schema.NestedAttributeObject {
	return schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
		"name": schema.StringAttribute{
			Required: true, MarkdownDescription: "The product or service.", Validators: []validator.String{attributes.IsNotBlank()},
		},
		"price":    attributes.Amount("The price of one unit: a positive decimal with at most two decimals."),
		"quantity": attributes.Quantity(),
		"sum":      attributes.Amount("The price of the whole line: a positive decimal with at most two decimals."),
		"tax": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "The VAT rate: " + attributes.Quoted(cartTaxes) + ".",
			Validators:          []validator.String{stringvalidator.OneOf(cartTaxes...)},
		},
		"item_type": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: aboutItemType + ": " + attributes.Quoted(cartItemTypes) + ", or another word that the server knows. The server decides when unset.",
			Validators:          []validator.String{isWord()},
		},
		"payment_type": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: aboutPaymentType + ": " + attributes.Quoted(cartPaymentTypes) + ", or another word that the server knows. The server decides when unset.",
			Validators:          []validator.String{isWord()},
		},
		"measure": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: aboutMeasure + " Ask PayKeeper for the words that your server takes. The server decides when unset.",
			Validators:          []validator.String{attributes.IsNotBlank()},
		},
	}}
}

// sumOfCart is nil when the cart is empty, or a part of it is unknown.
func sumOfCart(ctx context.Context, cart types.List) *values.Decimal {
	var lines []cartItemModel
	if cart.IsNull() || cart.IsUnknown() || cart.ElementsAs(ctx, &lines, true).HasError() || len(lines) == 0 {
		return nil
	}
	sum := new(values.Decimal)
	for _, line := range lines {
		one := line.Sum.Number()
		if one == nil {
			return nil
		}
		sum.Decimal = sum.Add(one.Decimal)
	}
	return sum
}

// cartItems are the lines as PayKeeper takes them.
func cartItems(ctx context.Context, list types.List, diags *diag.Diagnostics) (cart paykeeper.Cart) {
	var lines []cartItemModel
	diags.Append(list.ElementsAs(ctx, &lines, true)...)
	for _, line := range lines {
		cart = append(cart, paykeeper.CartItem{
			Name:     values.Text(line.Name.ValueString()),
			Price:    attributes.OrZero(line.Price.Number()),
			Quantity: attributes.OrZero(line.Quantity.Number()),
			Sum:      attributes.OrZero(line.Sum.Number()),
			Tax:      values.Text(line.Tax.ValueString()),

			ItemType:    values.Text(line.ItemType.ValueString()),
			PaymentType: values.Text(line.PaymentType.ValueString()),
			Measure:     values.Text(line.Measure.ValueString()),
		})
	}
	return cart
}

var cartItemType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"name": types.StringType, "price": attributes.DecimalType{}, "quantity": attributes.DecimalType{}, "sum": attributes.DecimalType{}, "tax": types.StringType,
	"item_type": types.StringType, "payment_type": types.StringType, "measure": types.StringType,
}}

func cartList(cart paykeeper.Cart) types.List {
	if len(cart) == 0 {
		return types.ListNull(cartItemType)
	}
	lines := make([]attr.Value, 0, len(cart))
	for _, line := range cart {
		lines = append(lines, types.ObjectValueMust(cartItemType.AttrTypes, map[string]attr.Value{
			"name":     types.StringValue(string(line.Name)),
			"price":    attributes.NewMoney(&line.Price),
			"quantity": attributes.NewDecimal(line.Quantity.String()),
			"sum":      attributes.NewMoney(&line.Sum),
			"tax":      attributes.StringOrNull(string(line.Tax)),

			"item_type":    attributes.StringOrNull(string(line.ItemType)),
			"payment_type": attributes.StringOrNull(string(line.PaymentType)),
			"measure":      attributes.StringOrNull(string(line.Measure)),
		}))
	}
	return types.ListValueMust(cartItemType, lines)
}
