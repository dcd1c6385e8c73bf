//go:build !race

package sandbox_test

const everySetting = 1

const isRace = false
