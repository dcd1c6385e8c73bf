package p2p

import (
	"errors"
	"testing"
	"time"
)

// The invoice of an unclear creation has what was sent, under its internal id.
func TestFindCreated(t *testing.T) {
	for name, test := range map[string]struct {
		internal reply
		found    bool
		err      error
	}{
		"the one that was sent":       {internal: ok(fresh()), found: true},
		"paid, with another sum":      {internal: ok(fresh(`"new"`, `"paid"`, "1000.00", "990.00")), found: true},
		"canceled":                    {internal: ok(fresh(`"new"`, `"canceled"`)), found: true},
		"of another sum":              {internal: ok(fresh("1000.00", "990.00"))},
		"a payout":                    {internal: ok(fresh(`"in"`, `"out"`))},
		"older":                       {internal: ok(sample)},
		"none, on an unproven server": {internal: absent, err: ErrAbsenceUnproven},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := clientOf(newServer(t, map[string][]reply{internal: {test.internal}})).FindCreated(t.Context(), sampleRequest(), time.Now())
			if (got != nil) != test.found || !errors.Is(err, test.err) {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}
