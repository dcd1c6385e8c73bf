package oracle

import (
	"encoding/json"
	"strings"
	"testing"
)

// Fuzz feeds answers of any kind to a check of one client, alone and in the holes (§) of
// templates, which reach each field of an answer that is fine otherwise. The check
// reports whether the answer was read as an object: one in a tolerant template must be,
// whatever stands there.
func Fuzz(f *testing.F, statuses []int, seeds, templates, tolerant []string, check func(t *testing.T, status int, body []byte) (isRead bool)) {
	f.Helper()
	for _, seed := range seeds {
		for _, status := range statuses {
			f.Add(status, []byte(seed))
		}
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		fill := func(template string) []byte { return []byte(strings.ReplaceAll(template, "§", string(body))) }
		check(t, status, body)
		for _, template := range templates {
			check(t, 200, fill(template))
		}
		for _, template := range tolerant {
			if !check(t, 200, fill(template)) && json.Valid(body) {
				t.Errorf("%q in %s loses the object", body, template)
			}
		}
	})
}
