package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Attributes that many schemas have. A resource's computed ones keep their
// value in plans: nothing but a read changes them.

var timeType = timetypes.RFC3339Type{}

func amountArgument(description string) schema.StringAttribute {
	return schema.StringAttribute{
		Required:            true,
		CustomType:          decimalType{},
		MarkdownDescription: description,
		Validators:          []validator.String{isAmount()},
		PlanModifiers:       []planmodifier.String{keepEqualDecimal()},
	}
}

func quantityArgument() schema.StringAttribute {
	quantity := amountArgument("How many or how much: a positive decimal with at most six decimals, such as `1` or `0.125`.")
	quantity.Validators = []validator.String{isQuantity()}
	return quantity
}

func computedText(description string) schema.StringAttribute {
	return schema.StringAttribute{
		Computed:            true,
		MarkdownDescription: description,
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

func computedTime(description string) schema.StringAttribute {
	attribute := computedText(description + " (RFC 3339).")
	attribute.CustomType = timeType
	return attribute
}

func lookedUpText(description string) datasource.StringAttribute {
	return datasource.StringAttribute{Computed: true, MarkdownDescription: description}
}

func lookedUpTime(description string) datasource.StringAttribute {
	return datasource.StringAttribute{Computed: true, CustomType: timeType, MarkdownDescription: description + " (RFC 3339)."}
}

func lookedUpMoney(description string) datasource.StringAttribute {
	return datasource.StringAttribute{Computed: true, CustomType: decimalType{}, MarkdownDescription: description + ", with two decimals."}
}
