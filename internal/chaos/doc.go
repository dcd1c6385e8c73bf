// Package chaos tries to break the promise of the provider: nothing is created
// twice, nothing that was created is lost. It has tests only.
//
// The provider runs as users run it: as a program that the CLI starts. It is built to
// wait seconds, not minutes, for an answer that may still come. Between it and the
// sandbox stands a network that loses answers, or nginx, Varnish, or a server that
// resets HTTP/2 streams. Runs are killed. An operator renames, taints and replaces what
// has moved money. Refunds are made by actions, too, and by two configurations at the same
// time. Two runs at once share a remote state, on PostgreSQL and on S3. Afterwards the tables
// of the sandbox are compared with the state. What is there twice, or in no state, must be
// named by an error.
//
// make test runs a little of this, make chaos all. A run prints its seed. -seed repeats
// all random decisions; the order in which things happen at the same time may differ.
//
// It is a module of its own, so that the provider's go.mod does not name what only this
// harness needs.
package chaos
