package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// After an import, the state holds what the gateway gives back, and null where
// it gives nothing back (logo, addresses; for a receipt the empty list, since
// generated configuration has to be valid). The first apply takes those from the
// configuration, as an update that calls nothing. Where the two contradict each
// other, neither replacing nor pretending is right: the plan that imports is an
// error, and nothing gets into the state.

// importedDifferences returns the arguments in which the configuration
// contradicts what was imported. rewritable are those in which it may.
func importedDifferences(plan, state []argument, rewritable ...string) []argument {
	var contradicting []argument
	for i, planned := range plan {
		imported := state[i].value
		if isGivenBack(imported) && !planned.value.IsUnknown() && !attributes.IsSameArgument(planned.name, planned.value, imported) && !slices.Contains(rewritable, planned.name) {
			contradicting = append(contradicting, argument{planned.name, imported, planned.sensitive})
		}
	}
	return contradicting
}

func isGivenBack(imported attr.Value) bool {
	list, isList := imported.(types.List)
	return !imported.IsNull() && (!isList || len(list.Elements()) > 0)
}

// refuseImportDiffers is for the plan, and once more for the update.
func refuseImportDiffers(differences []argument, diags *diag.Diagnostics) {
	for _, one := range differences {
		diags.AddAttributeError(one.path(), "The imported object cannot be changed",
			fmt.Sprintf("The gateway has %s = %s and offers no way to change it. Nothing was sent. Either:\n"+
				"- write the same into the configuration;\n"+
				"- to have another object, give it a resource of its own; or\n"+
				"- if this one was imported by mistake, take the import block out, or let Terraform forget the object: terraform state rm <address of this resource>. Take the resource out as well, or the next apply makes another.",
				one.name, one.shown()))
	}
}

// warnImportRewritten warns about what gateways rewrite: it may differ, and is
// taken from the configuration into the state.
func warnImportRewritten(plan, state []argument, diags *diag.Diagnostics, rewritable ...string) {
	for _, one := range importedDifferences(plan, state) {
		if slices.Contains(rewritable, one.name) {
			diags.AddAttributeWarning(one.path(), "The configuration differs from the imported object",
				fmt.Sprintf("The gateway has %s = %s. Gateways rewrite it, so it is taken from the configuration into the state, and nothing is sent.", one.name, one.shown()))
		}
	}
}

func (a argument) shown() string {
	if a.sensitive {
		return "(another value, which is sensitive)"
	}
	return a.value.String()
}

// stored is a model of a resource that no call can change.
type stored[M any] interface {
	*M
	arguments() []argument
	applied() map[string]string
	identity() any
}

// updateState is the whole Update of a resource that no call can change: it
// takes into the state what only the configuration knows.
func updateState[M any, P stored[M]](ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse, rewritable ...string) {
	state, plan := P(new(M)), P(new(M))
	resp.Diagnostics.Append(req.State.Get(ctx, state)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	refuseImportDiffers(importedDifferences(plan.arguments(), state.arguments(), rewritable...), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(readEcho(ctx, req.Private).appliedAs(plan.applied()).write(ctx, resp.Private)...)
	resp.Diagnostics.Append(private.WriteFlag(ctx, resp.Private, privateImported, false)...)
}

// reportGone removes what is no longer there from the state. That is no error:
// the next plan creates it again. While importing there is nothing to remove.
func reportGone(ctx context.Context, importing bool, resp *resource.ReadResponse, object, seen string) {
	if importing {
		resp.Diagnostics.AddError("Cannot import "+object, fmt.Sprintf("Nothing was imported: %s.", seen))
		return
	}
	resp.Diagnostics.AddWarning("Gone at the gateway: "+object,
		fmt.Sprintf("It is removed from the state, since %s. The next apply creates it again if the configuration still has it.", seen))
	resp.State.RemoveResource(ctx)
}
