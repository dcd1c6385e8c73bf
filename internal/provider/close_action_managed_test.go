package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// What Terraform manages is not closed behind its back. Terraform plans an action and reads the
// state in any order; the second of the two complains.
func TestCloseActionLeavesWhatTerraformManages(t *testing.T) {
	eachClosable(t, func(s *actionScene, c closable, id string, config map[string]tftypes.Value) {
		says := []string{"Terraform manages what the action was to close", id, "Nothing was closed", "destroy that"}
		typeName, stored := "invoice_invoice", map[string]tftypes.Value{"id": text(id), "gateway": text(c.gateway), "amount": text("1"), "currency": text("RUB")}
		if c.gateway == "invoice" {
			delete(stored, "gateway")
			typeName = "invoice_payment_link"
		}
		s.p.upgrade(typeName, stored)
		s.p.planAction(closeType, config).fails("id", says...)
		s.p.invokeAction(closeType, config).fails("id", says...)
		s.nextRun().planAction(closeType, config)
		if got := summaries(s.p.upgrade(typeName, stored)); got != says[0] {
			s.t.Errorf("after the plan of the action: %q", got)
		}
		s.sent(c.operation, 0)

		// A resource of the same run has issued it.
		issued := s.calm
		s.calm = s.nextRun()
		id = c.make(s)
		s.calm.invokeAction(closeType, onGateway(c.gateway, id)).fails("id", "Terraform manages what the action was to close", "has issued or adopted", id)
		s.calm = issued
		s.sent(c.operation, 0)
	})
}

// While the plan does not know the id, it may be that of anything open in the state. The apply
// would not see that.
func TestCloseActionMayCloseWhatTerraformManages(t *testing.T) {
	eachClosable(t, func(s *actionScene, c closable, id string, _ map[string]tftypes.Value) {
		typeName, own := "invoice_invoice", `"gateway":"`+c.gateway+`",`
		if c.gateway == "invoice" {
			typeName, own = "invoice_payment_link", ""
		}
		another := map[string]string{"invoice": "p2p", "paykeeper": "invoice", "p2p": "paykeeper"}[c.gateway]
		says := []string{"An action may close what Terraform manages", id, "Nothing was closed", "Make the gateway and the id known in the plan", "-target"}
		unknown := func(gateway tftypes.Value) map[string]tftypes.Value {
			return map[string]tftypes.Value{"gateway": gateway, "id": unknownText()}
		}
		for _, t := range []struct {
			config map[string]tftypes.Value
			stored string
			isOpen bool
		}{
			{unknown(text(c.gateway)), `"status":"any"`, true},
			{unknown(text(c.gateway)), `"status":null`, true},
			{unknown(unknownText()), `"status":"any"`, true},
			{unknown(text(another)), `"status":"any"`, false},
			{unknown(text(c.gateway)), `"status":"any","paid":true`, false},
			{unknown(text(c.gateway)), `"status":"closed"`, false},
			{unknown(text(c.gateway)), `"status":"expired","paid":false`, false},
		} {
			stored := `{"id":"` + id + `",` + own + t.stored + `}`
			first, last := s.nextRun(), newPluginWith(s.t, testProvider(), s.front.URL, nil)
			said{t: s.t, messages: first.upgradeJSON(typeName, stored)}.nothing()
			plan := first.planAction(closeType, t.config)
			last.planAction(closeType, t.config).nothing()
			upgraded := said{t: s.t, messages: last.upgradeJSON(typeName, stored)}
			if t.isOpen {
				plan.fails("id", says...)
				upgraded.fails("", says...)
			} else {
				plan.nothing()
				upgraded.nothing()
			}
		}
		s.sent(c.operation, 0)
	})
}
