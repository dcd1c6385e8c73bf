// Package install tests what stands between the source and a run of the CLI: make install, a
// release, and its mirrors.
package install
