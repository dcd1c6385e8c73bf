//go:build race

package paykeeper

// The race detector makes a refresh ten times slower, so a quarter of the made-up periods has
// to do there. The run of CI without it reads all of them.
const refreshSeeds = 15
