//go:build unix

package chaos

import (
	"slices"
	"strings"
)

// action is what the operator does to a refund or payout, rightly or by mistake.
type action struct {
	kind string
	what *money
	// before is its address at the start of the day.
	before string
	// restore undoes the change in the configuration.
	restore func()
	// isRefused is set when an error has named the way out.
	isRefused bool
}

// The kinds of actions.
const (
	renamed, renamedWithMoved, renamedWithMV   = "renamed", "renamed with moved", "renamed with state mv"
	tainted, replaced, changed, takenOut       = "tainted", "replaced", "changed", "taken out"
	forgotten, forgottenUnprotected, relocated = "forgotten with state rm", "forgotten unprotected", "put into another module"
)

// remedies are the mistakes. An error must refuse each, and name the way out: the value
// is a word of it.
var remedies = map[string]string{
	renamed: "moved", relocated: "moved", tainted: "untaint", replaced: "-replace", changed: "state rm", takenOut: "deletion_protection",
}

var otherModule = map[string]string{"": inBranch, inBranch: ""}

// actionKinds are taken in turn, so that a short run has one of each.
var actionKinds = []string{
	renamed, tainted, relocated, replaced, takenOut, changed, forgottenUnprotected, renamedWithMoved, forgotten, renamedWithMV,
	tainted, renamed, replaced, renamed, relocated, tainted, renamedWithMoved,
}

// act takes an action on some of the given money. It returns arguments for the next apply.
func (o *operator) act(on []*money, count int) (arguments []string) {
	o.t.Helper()
	o.actions = nil
	o.dice.Shuffle(len(on), func(i, j int) { on[i], on[j] = on[j], on[i] })
	var mv [][2]string
	var taints []string
	for _, m := range on[:min(count, len(on))] {
		was := *m
		a := &action{kind: actionKinds[o.nextAction%len(actionKinds)], what: m, before: m.address(), restore: func() { *m = was }}
		o.nextAction++
		switch a.kind {
		case renamed:
			m.key = o.newKey()
		case renamedWithMoved:
			m.key = o.newKey()
			if o.dice.IntN(2) == 0 {
				m.module = otherModule[m.module]
			}
			o.moved = append(o.moved, [2]string{a.before, m.address()})
		case renamedWithMV:
			m.key = o.newKey()
			mv = append(mv, [2]string{a.before, m.address()})
		case relocated:
			m.module = otherModule[m.module]
		case tainted:
			taints = append(taints, m.address())
		case replaced:
			arguments = append(arguments, "-replace="+m.address())
		case changed:
			m.amount++
		case takenOut:
			m.isForgotten = true
		case forgotten:
			o.run("state", "rm", m.address())
			m.isForgotten = true
		case forgottenUnprotected:
			m.isUnprotected = true // it is taken out at the end of the day
		}
		o.tally.actions[a.kind]++
		o.actions = append(o.actions, a)
	}
	for _, addresses := range mv {
		o.run("state", "mv", addresses[0], addresses[1])
	}
	for _, address := range taints {
		o.run("taint", address)
	}
	o.writeConfig()
	return arguments
}

// followErrors does what the errors say.
func (o *operator) followErrors(errors []string) {
	o.t.Helper()
	made, kept := o.atGateway(), o.inState()
	done := map[string]bool{}
	var unknown []string
	for _, text := range errors {
		address, said, _ := strings.Cut(text, ": ")
		if done[address] {
			continue
		}
		inState := kept[address]
		switch at := slices.IndexFunc(o.actions, func(a *action) bool { return a.before == address || a.what.address() == address }); {
		case inState.text("status") == "unknown" && !o.keepsUnknown:
			if !strings.Contains(said, mayHaveBeenMade) {
				continue // another error of the same resource
			}
			unknown = append(unknown, address)
			done[address] = true
			o.tally.unknown++
		case inState.Tainted && strings.Contains(said, "untaint"):
			o.run("untaint", address)
			done[address] = true
			if at >= 0 {
				o.actions[at].isRefused = true
			}
		case at >= 0 && o.actions[at].isRefused && kept[o.actions[at].before].Tainted && strings.Contains(said, "untaint"):
			o.run("untaint", o.actions[at].before) // it is tainted, too, and not moved yet
			done[address] = true
		case at >= 0:
			done[address] = o.takeWayOut(o.actions[at], said)
		}
	}
	o.importUnknown(unknown, made)
	o.writeConfig()
}

// importUnknown forgets what has an unknown outcome, and imports what the merchant's
// account shows of it. The next apply makes the rest.
func (o *operator) importUnknown(unknown []string, made map[string][]string) {
	o.t.Helper()
	if len(unknown) == 0 {
		return
	}
	o.run(append([]string{"state", "rm"}, unknown...)...)
	for _, m := range o.all {
		if ids := made[m.name()]; len(ids) > 0 && slices.Contains(unknown, m.address()) {
			o.imports = append(o.imports, [2]string{m.address(), ids[0]})
		}
	}
}

// takeWayOut takes the way out of a mistake, and reports whether the error names it.
func (o *operator) takeWayOut(a *action, said string) bool {
	if way := remedies[a.kind]; a.isRefused || way == "" || !strings.Contains(said, way) {
		return false
	}
	a.isRefused = true
	switch a.kind {
	case renamed, relocated:
		o.moved = append(o.moved, [2]string{a.before, a.what.address()})
	case changed, takenOut:
		a.restore()
	}
	return true
}

// endDay checks that each mistake was refused, and removes the blocks of the day.
func (o *operator) endDay() {
	o.t.Helper()
	for _, a := range o.actions {
		if way := remedies[a.kind]; way != "" && !a.isRefused {
			o.t.Errorf("%s was %s, and no error named %q", a.before, a.kind, way)
		}
		if a.kind == forgottenUnprotected {
			a.what.isForgotten = true
		}
	}
	o.moved, o.imports = nil, nil
	o.writeConfig()
}
