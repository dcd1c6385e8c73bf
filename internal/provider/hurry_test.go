package provider

import (
	"testing"
	"time"
)

// Only the fault harness shortens the waiting. A release never does.
func TestReleaseIsNeverInAHurry(t *testing.T) {
	if p := newProvider("test"); p.settleTime != 2*time.Minute || p.patience != 0 {
		t.Errorf("settle time %s, patience %s, want 2m and that of the requests", p.settleTime, p.patience)
	}
	hurriedPatience, hurriedSettleTime = "2s", "4s"
	t.Cleanup(func() { hurriedPatience, hurriedSettleTime = "", "" })
	if p := newProvider("test"); p.settleTime != 4*time.Second || p.patience != 2*time.Second {
		t.Errorf("in a hurry: settle time %s, patience %s, want 4s and 2s", p.settleTime, p.patience)
	}
}
