// Package attributes holds what attributes are made of: types, schemas that many share,
// validators, plan modifiers, and how values are written and compared.
package attributes

import (
	"fmt"
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

// TimeType is the type of moments.
var TimeType = timetypes.RFC3339Type{}

// Amount is a mandatory sum of money.
func Amount(description string) schema.StringAttribute {
	return schema.StringAttribute{
		Required:            true,
		CustomType:          DecimalType{},
		MarkdownDescription: description,
		Validators:          []validator.String{IsAmount()},
		PlanModifiers:       []planmodifier.String{KeepEqualDecimal()},
	}
}

// Quantity is the mandatory quantity of a line of a receipt.
func Quantity() schema.StringAttribute {
	quantity := Amount("The quantity: a positive decimal with at most six decimals, such as `1` or `0.125`.")
	quantity.Validators = []validator.String{IsQuantity()}
	return quantity
}

// ComputedText is a text that the gateway decides.
func ComputedText(description string) schema.StringAttribute {
	return schema.StringAttribute{
		Computed:            true,
		MarkdownDescription: description,
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

// ComputedTime is a moment that the gateway decides.
func ComputedTime(description string) schema.StringAttribute {
	attribute := ComputedText(description + " (RFC 3339).")
	attribute.CustomType = TimeType
	return attribute
}

// LookedUpText is a text of a data source.
func LookedUpText(description string) datasource.StringAttribute {
	return datasource.StringAttribute{Computed: true, MarkdownDescription: description}
}

// LookedUpTime is a moment of a data source.
func LookedUpTime(description string) datasource.StringAttribute {
	return datasource.StringAttribute{Computed: true, CustomType: TimeType, MarkdownDescription: description + " (RFC 3339)."}
}

// LookedUpMoney is a sum of a data source.
func LookedUpMoney(description string) datasource.StringAttribute {
	return datasource.StringAttribute{Computed: true, CustomType: DecimalType{}, MarkdownDescription: description + ", with two decimals."}
}

// LookedUp describes attributes of a resource as those of a data source.
func LookedUp(of map[string]schema.Attribute) map[string]datasource.Attribute {
	shown := map[string]datasource.Attribute{}
	for name, attribute := range of {
		about := attribute.GetMarkdownDescription()
		switch a := attribute.(type) {
		case schema.StringAttribute:
			shown[name] = datasource.StringAttribute{Computed: true, Sensitive: a.Sensitive, CustomType: a.CustomType, MarkdownDescription: about}
		case schema.BoolAttribute:
			shown[name] = datasource.BoolAttribute{Computed: true, MarkdownDescription: about}
		case schema.SingleNestedAttribute:
			shown[name] = datasource.SingleNestedAttribute{Computed: true, MarkdownDescription: about, Attributes: LookedUp(a.Attributes)}
		case schema.ListNestedAttribute:
			inside := datasource.NestedAttributeObject{Attributes: LookedUp(a.NestedObject.Attributes)}
			shown[name] = datasource.ListNestedAttribute{Computed: true, MarkdownDescription: about, NestedObject: inside}
		default:
			panic(fmt.Sprintf("%s: no data source shows a %T yet", name, attribute))
		}
	}
	return shown
}

// HoldsSecret reports whether an attribute is sensitive, or has one that is inside.
func HoldsSecret(attribute schema.Attribute) bool {
	var inside map[string]schema.Attribute
	switch a := attribute.(type) {
	case schema.SingleNestedAttribute:
		inside = a.Attributes
	case schema.ListNestedAttribute:
		inside = a.NestedObject.Attributes
	}
	for _, one := range inside {
		if HoldsSecret(one) {
			return true
		}
	}
	return attribute.IsSensitive()
}

// Quoted lists names for a message.
func Quoted(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }
