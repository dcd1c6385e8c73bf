package provider

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The schema of each resource has a version. Terraform stores it with the state, and refuses a
// state of a newer version than the provider knows. So an older provider never reads what it
// does not understand. It would plan from it: to replace a link that was just imported, for example.

// upgrade makes a stored state, as it was decoded from JSON, one of the next version. Numbers are
// json.Number. It never fails: what it does not find, it leaves alone. It is not changed
// once it was released, and calls nothing that may change.
type upgrade func(state map[string]any)

// keep is the upgrade to a version whose state has the same attributes.
func keep(map[string]any) {}

// stateUpgraders returns what upgrades a state of each older version. The upgrades are those
// from version 0, from version 1, and so on.
func stateUpgraders(upgrades ...upgrade) map[int64]resource.StateUpgrader {
	all := map[int64]resource.StateUpgrader{}
	for version := range upgrades {
		all[int64(version)] = resource.StateUpgrader{
			StateUpgrader: func(ctx context.Context, req resource.UpgradeStateRequest, resp *resource.UpgradeStateResponse) {
				upgraded, err := upgradeState(req.RawState, upgrades[version:], resp.State.Schema.Type().TerraformType(ctx))
				if err != nil {
					resp.Diagnostics.Append(diag.NewErrorDiagnostic("Cannot read the stored state",
						"The state was stored by an older version of the provider, and it is not what that version stores: "+err.Error()+
							". Nothing was changed. Put an older copy of the state back, or take the object out with terraform state rm and import it."))
					return
				}
				resp.State.Raw = upgraded
			},
		}
	}
	return all
}

func upgradeState(stored *tfprotov6.RawState, upgrades []upgrade, as tftypes.Type) (tftypes.Value, error) {
	decoder := json.NewDecoder(bytes.NewReader(stored.JSON))
	decoder.UseNumber()
	var state map[string]any
	if err := decoder.Decode(&state); err != nil {
		return tftypes.Value{}, err
	}
	for _, upgrade := range upgrades {
		upgrade(state)
	}
	encoded, err := json.Marshal(state)
	if err != nil {
		return tftypes.Value{}, err
	}
	// What the schema no longer has is dropped, as the framework does in a state of this version.
	drops := tfprotov6.UnmarshalOpts{ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true}}
	return tfprotov6.RawState{JSON: encoded}.UnmarshalWithOpts(as, drops)
}
