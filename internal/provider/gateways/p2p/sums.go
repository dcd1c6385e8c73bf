package p2p

import (
	"cmp"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// sumTypes are what a sum with its currency is made of.
var sumTypes = map[string]attr.Type{"amount": attributes.DecimalType{}, "currency": types.StringType}

// sum describes a sum that only the gateway knows.
func sum(about string) schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Computed: true, MarkdownDescription: about + " Null until the gateway shows one; `try(….amount, null)` reads it in any case.",
		PlanModifiers: []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
		Attributes: map[string]schema.Attribute{
			"amount":   schema.StringAttribute{Computed: true, CustomType: attributes.DecimalType{}, MarkdownDescription: "The sum: a decimal with at least two decimals."},
			"currency": schema.StringAttribute{Computed: true, MarkdownDescription: "Its currency."},
		},
	}
}

// sumOf returns a sum of an answer, null if there is none. Some servers write an amount alone.
func sumOf(sum p2p.Money, ownCurrency string) types.Object {
	if sum.Amount == nil {
		return types.ObjectNull(sumTypes)
	}
	return types.ObjectValueMust(sumTypes, map[string]attr.Value{
		"amount": attributes.NewMoney(sum.Amount), "currency": attributes.StringOrNull(cmp.Or(sum.Currency, ownCurrency)),
	})
}
