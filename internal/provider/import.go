package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// After an import, the state holds what the gateway gives back, and null where
// it gives nothing back (receipt, logo, addresses). The first apply takes those
// from the configuration, as an update that calls nothing. Where the two
// contradict each other, neither replacing nor pretending is right: the plan
// warns, and the apply fails with an error. It is no error in the plan, since
// that would also stop terraform destroy.

// importedDifferences returns the arguments in which the configuration
// contradicts what was imported. rewritable are those in which it may.
func importedDifferences(plan, state []argument, rewritable ...string) []argument {
	var contradicting []argument
	for i, planned := range plan {
		imported := state[i].value
		if !imported.IsNull() && !planned.value.IsUnknown() && !planned.value.Equal(imported) && !slices.Contains(rewritable, planned.name) {
			contradicting = append(contradicting, argument{planned.name, imported, planned.sensitive})
		}
	}
	return contradicting
}

func warnImportDiffers(differences []argument, diags *diag.Diagnostics) {
	for _, one := range differences {
		diags.AddAttributeWarning(one.path(), "The configuration differs from the imported object", importDiffers(one))
	}
}

func refuseImportDiffers(differences []argument, diags *diag.Diagnostics) {
	for _, one := range differences {
		diags.AddAttributeError(one.path(), "The imported object cannot be changed", importDiffers(one))
	}
}

func importDiffers(one argument) string {
	value := one.value.String()
	if one.sensitive {
		value = "(another value, which is sensitive)"
	}
	return fmt.Sprintf("The gateway has %s = %s and offers no way to change it. Nothing was sent. "+
		"Write the same into the configuration; or, to have another object instead, give it a resource of its own.", one.name, value)
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
	resp.Diagnostics.Append(writeFlag(ctx, resp.Private, privateImported, false)...)
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
