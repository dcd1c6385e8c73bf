package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/wire"
)

const terminalStays = "The gateway offers no way to delete a terminal: its page stays and can still take payments. Terraform only forgets it."

func (r *terminalResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	plan, state := readPlan[terminalModel](ctx, req, resp)
	switch {
	case resp.Diagnostics.HasError(), req.State.Raw.IsNull():
	case req.Plan.Raw.IsNull():
		r.warnStays(&state, &resp.Diagnostics)
		resp.Diagnostics.Append(ledger.MarkDestroy(ctx, resp.Private)...)
	default:
		planTerminalChange(&plan, &state, remote.ReadMarks(ctx, req.Private).Imported, resp)
	}
}

// warnStays warns for the first terminal that a run forgets. What holds for one holds for all, and
// the CLI lists them itself.
func (r *terminalResource) warnStays(state *terminalModel, diags *diag.Diagnostics) {
	if !r.run.NoteStaying() {
		return
	}
	diags.AddWarning("The terminal stays at the gateway",
		fmt.Sprintf("Terminal %q. %s The same goes for every other terminal that this run destroys: there is one warning for all.", state.Alias.ValueString(), terminalStays))
}

// planUnchanged leaves to ModifyPlan what was moved here and not read yet.
func (r *terminalResource) planUnchanged(ctx context.Context, _, state wire.Object, data private.Data) bool {
	return !remote.ReadMarks(ctx, data).Imported || !state.String("id").IsNull()
}

func planTerminalChange(plan, state *terminalModel, imported bool, resp *resource.ModifyPlanResponse) {
	changed := terminalArguments.CertainlyChanged(plan, state)
	switch {
	case refuseUnread(imported && state.ID.IsNull(), fmt.Sprintf("terminal %q", state.Alias.ValueString()), &resp.Diagnostics):
	case !plan.Alias.Equal(state.Alias):
		resp.RequiresReplace.Append(path.Root("alias"))
		resp.Diagnostics.AddAttributeWarning(path.Root("alias"), "A new terminal will be created",
			fmt.Sprintf("Terminal %q will be replaced by one with another alias. %s", state.Alias.ValueString(), terminalStays))
	case len(changed) == 0:
	case imported:
		remote.PlanImported(terminalArguments.Contradictions(plan, state), &resp.Diagnostics)
		if resp.Diagnostics.HasError() {
			return
		}
		// An imported terminal may need no update for long, so this may also be a
		// change that somebody hopes to reach the payment page.
		resp.Diagnostics.AddWarning("An imported terminal is only changed in the state",
			fmt.Sprintf("Terminal %q: %s will be taken from the configuration into the state. The gateway cannot change a terminal, so nothing is sent.",
				state.Alias.ValueString(), strings.Join(changed, ", ")))
	default:
		for _, name := range changed {
			resp.Diagnostics.AddAttributeError(path.Root(name), "A terminal cannot be changed",
				fmt.Sprintf("The gateway offers no way to change terminal %q, or to delete it. Either:\n"+
					"- put %s back to what was applied;\n"+
					"- give a new alias: that creates another terminal, and this one stays as it is;\n"+
					"- add a new resource for the changed terminal; or\n"+
					"- let Terraform forget this one: "+ledger.StateRm+", and take it out of the configuration.",
					state.Alias.ValueString(), name))
		}
	}
}
