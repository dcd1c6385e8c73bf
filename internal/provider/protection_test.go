package provider

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What protects refunds and payouts, helpers.

// editState changes the attributes of every object in the state, as an older
// version would have written them.
func (w *workspace) editState(edit func(attributes map[string]any)) {
	w.t.Helper()
	output, ok := w.exec("state", "pull")
	var state map[string]any
	if err := json.Unmarshal([]byte(output), &state); err != nil || !ok {
		w.t.Fatalf("state pull: %v\n%s", err, output)
	}
	resources, _ := state["resources"].([]any)
	for _, one := range resources {
		instances, _ := one.(map[string]any)["instances"].([]any)
		for _, instance := range instances {
			attributes, _ := instance.(map[string]any)["attributes"].(map[string]any)
			edit(attributes)
		}
	}
	serial, _ := state["serial"].(float64)
	state["serial"] = serial + 1
	text, err := json.Marshal(state)
	w.check(err)
	file := filepath.Join(w.dir, "edited.tfstate")
	w.check(os.WriteFile(file, text, 0o600))
	if output, ok := w.exec("state", "push", file); !ok {
		w.t.Fatal(output)
	}
}

// privateState is what the provider keeps in the state, with values in base64.
func (w *workspace) privateState() string {
	w.t.Helper()
	output, _ := w.exec("state", "pull")
	var state struct {
		Resources []struct{ Instances []struct{ Private []byte } }
	}
	if err := json.Unmarshal([]byte(output), &state); err != nil {
		w.t.Fatalf("state pull: %v\n%s", err, output)
	}
	var all strings.Builder
	for _, one := range state.Resources {
		for _, instance := range one.Instances {
			all.Write(instance.Private)
		}
	}
	return all.String()
}

// fromOlderVersion takes out what older versions did not have.
func (w *workspace) fromOlderVersion() {
	w.t.Helper()
	w.editState(func(attributes map[string]any) {
		delete(attributes, "deletion_protection")
		delete(attributes, "sequence")
	})
}

// renamed is a configuration with the resource under another name.
func renamed(config, from, to string) string {
	return strings.Replace(config, `"`+from+`" {`, `"`+to+`" {`, 1)
}

func movedBlock(from, to string) string {
	return "moved {\n  from = " + from + "\n  to   = " + to + "\n}\n"
}

func removedBlock(address string) string {
	return "removed {\n  from = " + address + "\n  lifecycle {\n    destroy = false\n  }\n}\n"
}

// inLifecycle puts lines into the lifecycle of a resource.
func inLifecycle(config string, lines ...string) string {
	if len(lines) == 0 {
		return config
	}
	return strings.Replace(config, "{", "{\n  lifecycle {\n    "+strings.Join(lines, "\n    ")+"\n  }", 1)
}

// orders are the two ways in which a replacement can be made.
var orders = map[string][]string{"destroy first": nil, "create first": {"create_before_destroy = true"}}

func TestRefundKeys(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{refundKey("p", "500", 1), refundKey("p", "500.00", 1), true},
		{refundKey("007", "0.10", 1), refundKey("7", "0.1", 1), true},
		{refundKey("AB", "5", 1), refundKey(" ab ", "5", 1), true},
		{refundKey("p", "500", 1), refundKey("p", "500", 2), false},
		{refundKey("p", "500", 1), refundKey("q", "500", 1), false},
		{refundKey("p", "500", 1), refundKey("p", "50", 1), false},
		{refundKey("7", "500", 1), refundKey("70", "500", 1), false},
	} {
		if (c.a == c.b) != c.want {
			t.Errorf("%q and %q: the same = %t, want %t", c.a, c.b, !c.want, c.want)
		}
	}
}

func mustJSON(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// writeFile puts a further file into the workspace.
func (w *workspace) writeFile(name, content string) {
	w.t.Helper()
	file := filepath.Join(w.dir, name)
	w.check(os.MkdirAll(filepath.Dir(file), 0o700))
	w.check(os.WriteFile(file, []byte(content), 0o600))
}
