package oracle

import (
	"encoding/json"
	"strings"
	"testing"
)

// Fuzz feeds any answer to the check of one client, alone and in the holes (§) of templates.
// The templates reach each field of an otherwise valid answer. The check reports whether the
// answer was read as an object. In a tolerant template it must be, whatever stands in the hole.
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
