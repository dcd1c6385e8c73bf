// Package attributes holds what attributes are made of: types, schemas that many share,
// validators, plan modifiers, and how values are written and compared.
package attributes

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Attributes that many schemas have. A resource's computed ones keep their
// value in plans: nothing but a read changes them.

var TimeType = timetypes.RFC3339Type{}

func Amount(description string) schema.StringAttribute {
	return schema.StringAttribute{
		Required:            true,
		CustomType:          DecimalType{},
		MarkdownDescription: description,
		Validators:          []validator.String{IsAmount()},
		PlanModifiers:       []planmodifier.String{KeepEqualDecimal()},
	}
}

func Quantity() schema.StringAttribute {
	quantity := Amount("How many or how much: a positive decimal with at most six decimals, such as `1` or `0.125`.")
	quantity.Validators = []validator.String{isQuantity()}
	return quantity
}

func ComputedText(description string) schema.StringAttribute {
	return schema.StringAttribute{
		Computed:            true,
		MarkdownDescription: description,
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

func ComputedTime(description string) schema.StringAttribute {
	attribute := ComputedText(description + " (RFC 3339).")
	attribute.CustomType = TimeType
	return attribute
}

func LookedUpText(description string) datasource.StringAttribute {
	return datasource.StringAttribute{Computed: true, MarkdownDescription: description}
}

func LookedUpTime(description string) datasource.StringAttribute {
	return datasource.StringAttribute{Computed: true, CustomType: TimeType, MarkdownDescription: description + " (RFC 3339)."}
}

func LookedUpMoney(description string) datasource.StringAttribute {
	return datasource.StringAttribute{Computed: true, CustomType: DecimalType{}, MarkdownDescription: description + ", with two decimals."}
}

func Quoted(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }
