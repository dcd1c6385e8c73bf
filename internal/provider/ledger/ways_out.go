package ledger

// The ways out that messages offer.

const (
	// Untaint keeps a tainted object.
	Untaint = "terraform untaint <its address>"
	// StateRm lets Terraform forget an object.
	StateRm = "terraform state rm <its address>"
	// WaysAroundReplacement keep an object that Terraform wants to replace.
	WaysAroundReplacement = taintedWay + ";\n" +
		"- if -replace or replace_triggered_by asks for it, leave that out"

	forgetPaid = StateRm + ", and take it out of the configuration: left there, the next apply would issue another. Note its id before: a refund needs it."
	taintedWay = "- if it is tainted, keep it: " + Untaint
	renamedWay = `- if it only has a new address, say so, or use terraform state mv:
  moved {
    from = <its address until now>
    to   = <its new address>
  }`
)

// WaysToForget let Terraform forget a protected object.
func WaysToForget(typeName string) string {
	return renamedWay + `
- to let Terraform forget it, which leaves it as it is, write this in place of the resource:
  removed {
    from = ` + typeName + `.NAME
    lifecycle {
      destroy = false
    }
  }
  ` + StateRm + ` does the same, if you take the resource out as well: left there, the next apply makes another one;
- or set deletion_protection = false in it, apply, and then take it out or destroy it.`
}
