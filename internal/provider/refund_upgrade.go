package provider

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/resource"
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
