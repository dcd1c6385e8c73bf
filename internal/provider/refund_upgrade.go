package provider

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func (r *refundResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return stateUpgraders(writeBonusesAsText, nameGateway)
}

// writeBonusesAsText makes a decimal of what was a whole number. A fraction was not stored: the next
// read brings it.
func writeBonusesAsText(state map[string]any) {
	method, _ := state["payment_method"].(map[string]any)
	if number, isNumber := method["bonuses"].(json.Number); isNumber {
		method["bonuses"] = number.String()
	}
}

// nameGateway names the only gateway that refunds had. A provider that does not know of another
// would ask it for refunds of PayKeeper.
func nameGateway(state map[string]any) { state["gateway"] = "invoice" }

// UpgradeIdentity takes identities that have no more than an id, as all had before PayKeeper's
// refunds. OpenTofu does not read one of the same version that lacks an attribute.
func (r *refundResource) UpgradeIdentity(context.Context) map[int64]resource.IdentityUpgrader {
	return map[int64]resource.IdentityUpgrader{0: {IdentityUpgrader: nameIdentityGateway}}
}

// nameIdentityGateway decodes the identity itself: Terraform asks with nothing where a CLI without
// identities has stored the state, and the framework takes that for an error. All null is then
// what the framework calls none, and the next read brings it.
func nameIdentityGateway(ctx context.Context, req resource.UpgradeIdentityRequest, resp *resource.UpgradeIdentityResponse) {
	var stored struct{ ID *string }
	if text := req.RawIdentity.JSON; len(text) > 0 {
		if err := json.Unmarshal(text, &stored); err != nil {
			resp.Diagnostics.AddError("Cannot read the stored identity of a refund",
				"It is not what an older version of the provider stores: "+err.Error()+
					". Nothing was changed. Put an older copy of the state back, or take the refund out with terraform state rm and import it.")
			return
		}
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, refundIdentity{ID: types.StringPointerValue(stored.ID)})...)
}
