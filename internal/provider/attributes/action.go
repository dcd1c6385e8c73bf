package attributes

import (
	"fmt"

	action "github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// ForAction returns an argument of a resource as an action has it: checked and described alike.
// An action has no defaults, so the caller gives a value to what is left out.
func ForAction(argument schema.Attribute) action.Attribute {
	switch a := argument.(type) {
	case schema.StringAttribute:
		return action.StringAttribute{
			Required: a.Required, Optional: a.Optional, CustomType: a.CustomType, Validators: a.Validators, MarkdownDescription: a.MarkdownDescription,
		}
	case schema.Int64Attribute:
		return action.Int64Attribute{Required: a.Required, Optional: a.Optional, Validators: a.Validators, MarkdownDescription: a.MarkdownDescription}
	case schema.ListNestedAttribute:
		inside := map[string]action.Attribute{}
		for name, attribute := range a.NestedObject.Attributes {
			inside[name] = ForAction(attribute)
		}
		return action.ListNestedAttribute{
			Required: a.Required, Optional: a.Optional, Validators: a.Validators, MarkdownDescription: a.MarkdownDescription,
			NestedObject: action.NestedAttributeObject{Attributes: inside},
		}
	}
	panic(fmt.Sprintf("no action has a %T yet", argument))
}
