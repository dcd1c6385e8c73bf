//go:build race

package doctor

// The race detector makes the sandbox ten times slower, so every eighth setting has to do
// there, besides the defaults of each gateway. The run of CI without it tries all of them.
const everySetting = 8
