package main

import (
	"strings"
	"testing"
	"time"
)

// Each size is planned at each latency; many are applied and destroyed once.
func TestMatrixHasAllPlans(t *testing.T) {
	latencies := []time.Duration{0, 20 * time.Millisecond, 100 * time.Millisecond}
	jobs := matrixRuns(tools{}, []int{300, 3000}, latencies)
	for what, want := range map[string]int{
		"apply of 300 payment links at":                       3,
		"plan of 300 payment links at":                        3,
		"destroy of 300 PayKeeper invoices at":                3,
		"apply of 3,000 payment links at 20ms":                1,
		"apply of 3,000 payment links at":                     1,
		"plan of 3,000 PayKeeper invoices at":                 3,
		"plan -refresh=false of 3,000 payment links at 100ms": 1,
		"destroy of 3,000 PayKeeper invoices at":              1,
		"plan of 3,000 terraform_data at 0s":                  1,
		"destroy of 300 terraform_data at":                    1,
	} {
		got := 0
		for _, j := range jobs {
			if strings.HasPrefix(j.what, what) {
				got++
			}
		}
		if got != want {
			t.Errorf("%d × %s, want %d", got, what, want)
		}
	}
}
