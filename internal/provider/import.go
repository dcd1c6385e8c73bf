package provider

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// After an import, the state holds what the gateway gives back, and null where
// it gives nothing back (logo, addresses; for a receipt the empty list, since
// generated configuration has to be valid). The first apply takes those from the
// configuration, as an update that calls nothing. Where the two contradict each
// other, neither replacing nor pretending is right: the plan that imports is an
// error, and nothing gets into the state.

// importedDifferences returns the arguments in which the configuration
// contradicts what was imported. rewritable are those in which it may.
func importedDifferences(plan, state []attributes.Argument, rewritable ...string) []attributes.Argument {
	var contradicting []attributes.Argument
	for i, planned := range plan {
		imported := state[i].Value
		if isGivenBack(imported) && !planned.Value.IsUnknown() && !attributes.IsSameArgument(planned.Name, planned.Value, imported) && !slices.Contains(rewritable, planned.Name) {
			contradicting = append(contradicting, attributes.Argument{Name: planned.Name, Value: imported, IsSensitive: planned.IsSensitive})
		}
	}
	return contradicting
}

func isGivenBack(imported attr.Value) bool {
	list, isList := imported.(types.List)
	return !imported.IsNull() && (!isList || len(list.Elements()) > 0)
}

// refuseImportDiffers is for the plan, and once more for the update.
func refuseImportDiffers(differences []attributes.Argument, diags *diag.Diagnostics) {
	for _, one := range differences {
		diags.AddAttributeError(one.Path(), "The imported object cannot be changed",
			fmt.Sprintf("The gateway has %s = %s and offers no way to change it. Nothing was sent. Either:\n"+
				"- write the same into the configuration;\n"+
				"- to have another object, give it a resource of its own; or\n"+
				"- if this one was imported by mistake, take the import block out, or let Terraform forget the object: terraform state rm <address of this resource>. Take the resource out as well, or the next apply makes another.",
				one.Name, one.Shown()))
	}
}

// warnImportRewritten warns about what gateways rewrite: it may differ, and is
// taken from the configuration into the state.
func warnImportRewritten(plan, state []attributes.Argument, diags *diag.Diagnostics, rewritable ...string) {
	for _, one := range importedDifferences(plan, state) {
		if slices.Contains(rewritable, one.Name) {
			diags.AddAttributeWarning(one.Path(), "The configuration differs from the imported object",
				fmt.Sprintf("The gateway has %s = %s. Gateways rewrite it, so it is taken from the configuration into the state, and nothing is sent.", one.Name, one.Shown()))
		}
	}
}
