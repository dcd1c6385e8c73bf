//go:build !race

package doctor

const everySetting = 1
