//go:build unix

package chaos

import (
	"slices"
	"strings"
)

// wish is something that the person does to a refund or payout, rightly or wrongly.
type wish struct {
	kind string
	what *money
	// before is its address when the day began.
	before string
	// back puts the configuration back to what it was.
	back func()
	// isRefused is set when an error has named the way out, which was then taken.
	isRefused bool
}

// What people do. Those in mistakes must be refused by an error that names a way
// out, which the value is a word of.
const (
	renamed, renamedWithMoved, renamedWithMV   = "renamed", "renamed with moved", "renamed with state mv"
	tainted, replaced, changed, takenOut       = "tainted", "replaced", "changed", "taken out"
	forgotten, forgottenUnprotected, relocated = "forgotten with state rm", "forgotten unprotected", "put into another module"
)

var mistakes = map[string]string{
	renamed: "moved", relocated: "moved", tainted: "untaint", replaced: "-replace", changed: "state rm", takenOut: "deletion_protection",
}

var otherPlace = map[string]string{"": branch, branch: ""}

// deeds are dealt like cards, so that a short run has one of each.
var deeds = []string{
	renamed, tainted, relocated, replaced, takenOut, changed, forgottenUnprotected, renamedWithMoved, forgotten, renamedWithMV,
	tainted, renamed, replaced, renamed, relocated, tainted, renamedWithMoved,
}

// misuse does something to some of what is there. It returns the arguments that the
// next apply is given.
func (c *cashier) misuse(count int) (arguments []string) {
	c.t.Helper()
	c.wishes = nil
	there := c.managed()
	c.dice.Shuffle(len(there), func(i, j int) { there[i], there[j] = there[j], there[i] })
	var mv [][2]string
	var taints []string
	for _, m := range there[:min(count, len(there))] {
		was := *m
		w := &wish{kind: deeds[c.dealt%len(deeds)], what: m, before: m.address(), back: func() { m.key, m.place, m.amount, m.isForgotten = was.key, was.place, was.amount, was.isForgotten }}
		c.dealt++
		switch w.kind {
		case renamed:
			m.key = c.newKey()
		case renamedWithMoved:
			m.key = c.newKey()
			if c.dice.IntN(2) == 0 {
				m.place = otherPlace[m.place]
			}
			c.moved = append(c.moved, [2]string{w.before, m.address()})
		case renamedWithMV:
			m.key = c.newKey()
			mv = append(mv, [2]string{w.before, m.address()})
		case relocated:
			m.place = otherPlace[m.place]
		case tainted:
			taints = append(taints, m.address())
		case replaced:
			arguments = append(arguments, "-replace="+m.address())
		case changed:
			m.amount++
		case takenOut:
			m.isForgotten = true
		case forgotten:
			c.must("state", "rm", m.address())
			m.isForgotten = true
		case forgottenUnprotected:
			m.unprotected = true // and taken out when that is applied
		}
		c.tally.deeds[w.kind]++
		c.wishes = append(c.wishes, w)
	}
	for _, one := range mv {
		c.must("state", "mv", one[0], one[1])
	}
	for _, address := range taints {
		c.must("taint", address)
	}
	c.save()
	return arguments
}

// read does what the errors say. It reports whether there is anything to do but to
// apply again.
func (c *cashier) read(errors []string) {
	c.t.Helper()
	made, kept := c.made(), c.kept()
	done := map[string]bool{}
	var unclear []string
	for _, text := range errors {
		address, said, _ := strings.Cut(text, ": ")
		if done[address] {
			continue
		}
		inState := kept[address]
		switch at := slices.IndexFunc(c.wishes, func(w *wish) bool { return w.before == address || w.what.address() == address }); {
		case inState.text("status") == "unknown":
			// Nobody knows: it is looked up in the merchant's account.
			if !strings.Contains(said, "may have been made") {
				continue // another trouble of the same one
			}
			unclear = append(unclear, address)
			done[address] = true
			c.tally.unclear++
		case inState.Tainted && strings.Contains(said, "untaint"):
			c.must("untaint", address)
			done[address] = true
			if at >= 0 {
				c.wishes[at].isRefused = true
			}
		case at >= 0:
			done[address] = c.undo(c.wishes[at], said)
		}
	}
	c.lookUp(unclear, made)
	c.save()
}

// lookUp forgets what is unclear, and imports what the account shows of it. The
// rest is made by the next apply.
func (c *cashier) lookUp(unclear []string, made map[string][]string) {
	c.t.Helper()
	if len(unclear) == 0 {
		return
	}
	c.must(append([]string{"state", "rm"}, unclear...)...)
	for _, m := range c.all {
		if ids := made[m.name()]; len(ids) > 0 && slices.Contains(unclear, m.address()) {
			c.imports = append(c.imports, [2]string{m.address(), ids[0]})
		}
	}
}

// undo takes the way out of a mistake, if the error names it.
func (c *cashier) undo(w *wish, said string) bool {
	if way := mistakes[w.kind]; w.isRefused || way == "" || !strings.Contains(said, way) {
		return false
	}
	w.isRefused = true
	switch w.kind {
	case renamed, relocated:
		c.moved = append(c.moved, [2]string{w.before, w.what.address()})
	case changed, takenOut:
		w.back()
	}
	return true
}

// endDay checks that each mistake was refused, and drops what was there for a day.
func (c *cashier) endDay() {
	c.t.Helper()
	for _, w := range c.wishes {
		if way := mistakes[w.kind]; way != "" && !w.isRefused {
			c.t.Errorf("%s was %s, and no error named %q", w.before, w.kind, way)
		}
		if w.kind == forgottenUnprotected {
			w.what.isForgotten = true
		}
	}
	c.moved, c.imports = nil, nil
	c.save()
}
