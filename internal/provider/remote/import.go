package remote

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// After an import, the state holds what the gateway gives back, and null where it gives nothing
// back (an empty list for a receipt and "" for an address that are mandatory, since generated
// configuration has to be valid). The first
// apply takes those from the configuration, as an update that calls nothing. Where the two
// contradict each other, the plan that imports fails, and nothing gets into the state: to replace
// the object is as wrong as to pretend.

// Import takes everything that the gateway gives back.
func (t Table[M, A]) Import(m *M, answer *A) {
	for _, argument := range t {
		if argument.Answer == nil {
			continue
		}
		if value := argument.Answer(answer); !value.IsNull() {
			argument.setIn(m, value)
		}
	}
}

// FillUnknown takes what was left to the gateway.
func (t Table[M, A]) FillUnknown(m *M, answer *A) {
	for _, argument := range t {
		if argument.Answer != nil && argument.valueIn(m).IsUnknown() {
			argument.setIn(m, argument.Answer(answer))
		}
	}
}

// Contradiction is an argument in which the configuration contradicts what was imported.
type Contradiction struct {
	Name        string
	Shown       string // what the gateway has, for messages
	IsRewritten bool
}

// Contradictions compares the first plan after an import with what was imported.
func (t Table[M, A]) Contradictions(plan, state *M) []Contradiction {
	var found []Contradiction
	for _, argument := range t {
		planned, imported := argument.valueIn(plan), argument.valueIn(state)
		if argument.IsChangeable || !isGivenBack(imported) || planned.IsUnknown() || attributes.IsSameArgument(argument.Name, planned, imported) {
			continue
		}
		shown := imported.String()
		if argument.IsSensitive {
			shown = "(another value, which is sensitive)"
		}
		found = append(found, Contradiction{argument.Name, shown, argument.IsRewritten})
	}
	return found
}

func isGivenBack(imported attr.Value) bool {
	switch value := attributes.NullIfEmpty(imported).(type) {
	case types.List:
		return len(value.Elements()) > 0
	case types.String:
		return value.ValueString() != ""
	}
	return !attributes.NullIfEmpty(imported).IsNull()
}

// PlanImported refuses what no update can make true, and warns about what the gateway rewrites:
// it may differ, and goes from the configuration into the state.
func PlanImported(found []Contradiction, diags *diag.Diagnostics) {
	RefuseContradictions(found, diags)
	for _, one := range found {
		if one.IsRewritten {
			diags.AddAttributeWarning(attributes.Path(one.Name), "The configuration differs from the imported object",
				fmt.Sprintf("The gateway has %s = %s. Gateways rewrite it, so it is taken from the configuration into the state, and nothing is sent.", one.Name, one.Shown))
		}
	}
}

// RefuseContradictions is for the plan, and once more for the update.
func RefuseContradictions(found []Contradiction, diags *diag.Diagnostics) {
	for _, one := range found {
		if !one.IsRewritten {
			diags.AddAttributeError(attributes.Path(one.Name), "The imported object cannot be changed",
				fmt.Sprintf("The gateway has %s = %s and offers no way to change it. Nothing was sent. Either:\n"+
					"- write the same into the configuration;\n"+
					"- to have another object, give it a resource of its own; or\n"+
					"- if this one was imported by mistake, take the import block out, or let Terraform forget the object: "+ledger.StateRm+
					". Take the resource out as well, or the next apply makes another.", one.Name, one.Shown))
		}
	}
}

// Update is the whole Update of a resource that no call can change: it takes into the state what
// only the configuration knows.
func (t Table[M, A]) Update(ctx context.Context, identity func(*M) any, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.Diagnostics.Append(ledger.DropPlanned(ctx, resp.Private)...)
	state, plan := new(M), new(M)
	resp.Diagnostics.Append(req.State.Get(ctx, state)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	RefuseContradictions(t.Contradictions(plan, state), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	known := t.Read(ctx, state, req.Private)
	t.Apply(state, &known)
	known.Imported = false
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity(plan))...)
	resp.Diagnostics.Append(t.Write(ctx, plan, known, resp.Private)...)
}
