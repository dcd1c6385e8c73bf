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
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
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
				"- if this one was imported by mistake, take the import block out, or let Terraform forget the object: "+ledger.StateRm+". Take the resource out as well, or the next apply makes another.",
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

// stored is a model of a resource that no call can change.
type stored[M any] interface {
	*M
	arguments() []attributes.Argument
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
