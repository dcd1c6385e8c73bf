package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
)

func (r *invoiceResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return stateUpgraders(addCurrencies)
}

// addCurrencies makes an object of what was an amount alone. Its currency was not stored. It is that
// of the invoice, until the gateway names another one.
func addCurrencies(state map[string]any) {
	own, _ := state["p2p"].(map[string]any)
	for _, name := range []string{"received_from_taker", "received_from_maker", "service_fee"} {
		if amount, isAmount := own[name].(string); isAmount {
			own[name] = map[string]any{"amount": amount, "currency": state["currency"]}
		}
	}
}
