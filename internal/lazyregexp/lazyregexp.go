// Package lazyregexp compiles patterns when they are first needed: most runs of the
// provider need none of them, and each CLI command starts the provider twice.
package lazyregexp

import (
	"regexp"
	"sync"
)

// New returns a pattern, to be compiled at its first call.
func New(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
