//go:build !race

package paykeeper

const refreshSeeds = 60
