package headlines

import (
	"maps"
	"slices"
	"testing"
)

func TestDump(t *testing.T) {
	c := readCode(t)
	all := c.headlines()
	for _, h := range slices.Sorted(maps.Keys(all)) {
		t.Log(len(all[h]), h, c.packages[0].Fset.Position(all[h][0].Pos()))
	}
}
