//go:build race

package sandbox_test

// The race detector makes the sandbox ten times slower, so every eighth setting has to do
// there, besides what each client needs. The run of CI without it tries all of them.
const everySetting = 8

// isRace excuses times.
const isRace = true
