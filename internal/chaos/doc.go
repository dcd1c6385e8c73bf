// Package chaos tries to break the promise of the provider: nothing is created
// twice, nothing that was created is lost. It has tests only.
//
// The provider runs as users run it: a program of its own, started by the CLI. It
// is built to wait seconds, not minutes, for what may still come.
// Between it and a sandbox stands a network that loses answers, or nginx, Varnish or
// a server that resets HTTP/2 streams; somebody kills the run, and somebody renames,
// taints and replaces what has moved money. Afterwards the sandbox's tables are
// compared with the state: what is there twice, or in no state, must have been
// announced by an error that names it, and in the storm is then withdrawn, as a
// person would.
//
// make test runs a little of it, make chaos all. A run prints its seed, and -seed
// repeats all that was decided by chance; what the scheduler makes of it may differ.
package chaos
