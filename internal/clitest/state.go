package clitest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Attributes returns the state of one resource.
func (w *Workspace) Attributes(address string) map[string]any {
	w.T.Helper()
	return w.Resources()[address]
}

// Resources returns the whole state, by address.
func (w *Workspace) Resources() map[string]map[string]any {
	w.T.Helper()
	output, ok := w.Exec("show", "-json")
	if !ok {
		w.T.Fatalf("show: %s", output)
	}
	var state struct {
		Values struct {
			RootModule struct {
				Resources []struct {
					Address string         `json:"address"`
					Values  map[string]any `json:"values"`
				} `json:"resources"`
			} `json:"root_module"`
		} `json:"values"`
	}
	if err := json.Unmarshal([]byte(output), &state); err != nil {
		w.T.Fatalf("show: %v\n%s", err, output)
	}
	all := map[string]map[string]any{}
	for _, one := range state.Values.RootModule.Resources {
		all[one.Address] = one.Values
	}
	return all
}

// StateHas checks attributes of a resource; nil means null.
func (w *Workspace) StateHas(address string, want map[string]any) {
	w.T.Helper()
	got := w.Attributes(address)
	if got == nil {
		w.T.Fatalf("%s is not in the state", address)
	}
	for name, value := range want {
		if fmt.Sprint(got[name]) != fmt.Sprint(value) {
			w.T.Errorf("%s.%s = %v, want %v", address, name, got[name], value)
		}
	}
}

// StateLacks checks that a resource is not in the state.
func (w *Workspace) StateLacks(address string) {
	w.T.Helper()
	if got := w.Attributes(address); got != nil {
		w.T.Errorf("%s is in the state: %v", address, got)
	}
}

// EditState changes the attributes of every object in the state, as if an older version had
// written them.
func (w *Workspace) EditState(edit func(attributes map[string]any)) {
	w.T.Helper()
	output, ok := w.Exec("state", "pull")
	var state map[string]any
	if err := json.Unmarshal([]byte(output), &state); err != nil || !ok {
		w.T.Fatalf("state pull: %v\n%s", err, output)
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
	w.Must(err)
	file := filepath.Join(w.Dir, "edited.tfstate")
	w.Must(os.WriteFile(file, text, 0o600))
	if output, ok := w.Exec("state", "push", file); !ok {
		w.T.Fatal(output)
	}
}

// RewriteState replaces all matches of a pattern in the file of the state, as if another
// version had written it. Something has to match.
func (w *Workspace) RewriteState(pattern, replacement string) {
	w.T.Helper()
	file := filepath.Join(w.Dir, "terraform.tfstate")
	state, err := os.ReadFile(file)
	w.Must(err)
	rewritten := regexp.MustCompile(pattern).ReplaceAll(state, []byte(replacement))
	if bytes.Equal(state, rewritten) {
		w.T.Fatalf("nothing in the state matches %s", pattern)
	}
	w.Must(os.WriteFile(file, rewritten, 0o600))
}

// PrivateState is the provider's private data in the state, with values in base64.
func (w *Workspace) PrivateState() string {
	w.T.Helper()
	output, _ := w.Exec("state", "pull")
	var state struct {
		Resources []struct{ Instances []struct{ Private []byte } }
	}
	if err := json.Unmarshal([]byte(output), &state); err != nil {
		w.T.Fatalf("state pull: %v\n%s", err, output)
	}
	var all strings.Builder
	for _, one := range state.Resources {
		for _, instance := range one.Instances {
			all.Write(instance.Private)
		}
	}
	return all.String()
}
