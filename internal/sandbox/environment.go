package sandbox

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
)

// Variable is an environment variable the provider reads its configuration
// from.
type Variable struct{ Name, Value string }

// Variables are environment variables, given as pairs of name and value, whose
// names start with prefix.
func Variables(prefix string, pairs ...string) []Variable {
	var variables []Variable
	for pair := range slices.Chunk(pairs, 2) {
		variables = append(variables, Variable{prefix + pair[0], pair[1]})
	}
	return variables
}

// Environment lists the environment variables that point the provider at this
// sandbox. base is the address of the sandbox, such as "http://127.0.0.1:8085".
func (s *Sandbox) Environment(base string) []Variable {
	base = cmp.Or(s.options.PublicURL, base)
	var variables []Variable
	for _, g := range s.gateways {
		for _, v := range g.Environment(base) {
			variables = append(variables, Variable{v.Name, s.mountedBase(g, base, v.Value)})
		}
	}
	return variables
}

// environmentRoutes mounts /sandbox/env, which a shell evaluates. The values are quoted, since the
// address in them comes from whoever asks or starts the sandbox.
func (s *Sandbox) environmentRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /sandbox/env", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		for _, v := range s.Environment(s.Base(r)) {
			_, _ = fmt.Fprintf(w, "export %s=%s\n", v.Name, quoteForShell(v.Value))
		}
	})
}
