package provider

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
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
	return map[int64]resource.IdentityUpgrader{0: {
		PriorSchema: &identityschema.Schema{Attributes: map[string]identityschema.Attribute{"id": identityschema.StringAttribute{RequiredForImport: true}}},
		IdentityUpgrader: func(ctx context.Context, req resource.UpgradeIdentityRequest, resp *resource.UpgradeIdentityResponse) {
			var before idIdentity
			resp.Diagnostics.Append(req.Identity.Get(ctx, &before)...)
			resp.Diagnostics.Append(resp.Identity.Set(ctx, refundIdentity{ID: before.ID})...)
		},
	}}
}
