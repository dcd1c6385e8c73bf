package sandbox

import (
	"net/http"
	"strings"
)

// mount lets the gateway of Options.Mount answer at the root, too: many clients
// know a host, and paths of their own. What the gateway does not have there, such
// as /healthz and /sandbox/, stays what it is.
func (s *Sandbox) mount(mux *http.ServeMux, next http.Handler) http.Handler {
	if s.options.Mount == "" {
		return next
	}
	prefix := "/" + s.options.Mount
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		below, address := *r, *r.URL
		address.Path = prefix + address.Path
		if address.RawPath != "" {
			address.RawPath = prefix + address.RawPath
		}
		below.URL = &address
		_, pattern := mux.Handler(&below)
		if _, path, hasMethod := strings.Cut(pattern, " "); hasMethod {
			pattern = path
		}
		if strings.HasPrefix(pattern, prefix+"/") {
			next.ServeHTTP(w, &below)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// mountedBase is a gateway's setting, which may start with its address below base.
// The mounted one is at base itself.
func (s *Sandbox) mountedBase(g Gateway, base, setting string) string {
	rest, isAddress := strings.CutPrefix(setting, base+"/"+g.Name)
	if g.Name != s.options.Mount || !isAddress {
		return setting
	}
	return base + rest
}
