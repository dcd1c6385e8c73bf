package provider

import (
	"strings"
	"testing"
)

const threeTerminals = `
resource "invoice_terminal" "branch" {
  for_each = toset(["till-1", "till-2", "till-3"])
  alias    = each.key
  name     = each.key
}
`

func TestDestroyOfManyTerminalsIsOneWarning(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(threeTerminals)
	destroyed := w.Destroy().Succeeds().Warns("The terminal stays at the gateway", `Terminal "till-`, "every other terminal")
	if len(destroyed.Messages) != 1 {
		t.Errorf("%d messages, want one warning for all:\n%s", len(destroyed.Messages), destroyed)
	}
	// Taken out of the configuration, the plan warns once, and the apply of the saved plan says nothing.
	w.MustApply(threeTerminals)
	w.Write(strings.Replace(threeTerminals, `"till-1", "till-2", `, "", 1))
	planned := w.Run("plan", "-out=saved")
	if warnings := len(planned.Messages); warnings != 1 {
		t.Errorf("%d messages in the plan, want one:\n%s", warnings, planned)
	}
	w.Run("apply", "saved").Succeeds().SaysNothing()
}

func TestReplacedTerminalsWarnOnceInTheApply(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(threeTerminals)
	// No plan is asked for the destroying half of a replacement, so the apply warns.
	replaced := w.Apply("-replace=invoice_terminal.branch[\"till-1\"]", "-replace=invoice_terminal.branch[\"till-2\"]").Succeeds().Warns("The terminal stays at the gateway")
	warnings := 0
	for _, message := range replaced.Messages {
		if message.Summary == "The terminal stays at the gateway" {
			warnings++
		}
	}
	if warnings != 1 {
		t.Errorf("%d warnings that a terminal stays, want one:\n%s", warnings, replaced)
	}
}
