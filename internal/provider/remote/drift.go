package remote

import (
	"fmt"
	"slices"
	"strings"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// compared leaves the arguments that reading compares with what was answered before.
func (t Table[M, A]) compared() Table[M, A] {
	return slices.DeleteFunc(slices.Clone(t), func(a Argument[M, A]) bool { return a.Answer == nil || a.IsForImport || a.IsSensitive })
}

// Remember notes the answer to what was just applied.
func (t Table[M, A]) Remember(answer *A, known *Memory) {
	known.Answers, known.Applied = nil, nil
	for _, argument := range t.compared() {
		if text := textOf(argument.Answer(answer)); text != "" || !argument.IsOpen {
			known.Note(argument.Name, text)
		}
	}
}

// Refresh brings a model in line with what the gateway answers now. The state holds what was
// applied while the answer is the one it got then, and the answer when it is another.
func (t Table[M, A]) Refresh(m *M, answer *A, known *Memory) {
	t.settle(answer, known)
	for _, argument := range t.compared() {
		name, current, now := argument.Name, argument.valueIn(m), argument.Answer(answer)
		applied := known.applied(name, textOf(current))
		if known.hasDrifted(name, applied, textOf(now)) {
			if !argument.IsOpen || !current.IsNull() {
				argument.setIn(m, now)
				known.noteApplied(name, applied)
			}
			continue
		}
		if _, isAnswered := known.Answers[name]; !isAnswered && !now.IsNull() {
			known.Note(name, textOf(now))
		}
		if textOf(current) != applied {
			argument.setIn(m, valueFrom(applied, current, now))
		}
		delete(known.Applied, name)
	}
}

// Drift is an argument that somebody changed at the gateway.
type Drift struct{ Name, Applied, Answer string }

// Listed is one line for each, for messages.
func Listed(drifts []Drift) string {
	var lines strings.Builder
	for _, one := range drifts {
		fmt.Fprintf(&lines, "- %s: %q was applied, the gateway now has %q\n", one.Name, one.Applied, one.Answer)
	}
	return lines.String()
}

// Drifts lists what somebody changed at the gateway, of an object whose state keeps what was
// applied.
func (t Table[M, A]) Drifts(m *M, answer *A, known *Memory) []Drift {
	t.settle(answer, known)
	var drifts []Drift
	for _, argument := range t.compared() {
		now, applied := textOf(argument.Answer(answer)), known.applied(argument.Name, textOf(argument.valueIn(m)))
		if known.hasDrifted(argument.Name, applied, now) {
			drifts = append(drifts, Drift{argument.Name, applied, now})
		}
	}
	return drifts
}

// DriftsOnce lists each drift once, and remembers what the gateway answers now.
func (t Table[M, A]) DriftsOnce(m *M, answer *A, known *Memory) []Drift {
	drifts := t.Drifts(m, answer, known)
	t.Remember(answer, known)
	return drifts
}

// settle takes the first read after a creation for the answer to what was applied, where it may
// be another one than the creation got.
func (t Table[M, A]) settle(answer *A, known *Memory) {
	for _, argument := range t.compared() {
		if !known.Unread || !argument.IsSettledLater {
			continue
		}
		delete(known.Answers, argument.Name)
		if now := textOf(argument.Answer(answer)); now != "" {
			known.Note(argument.Name, now)
		}
	}
	known.Unread = false
}

// Apply notes that a plan was applied without a call. Where the state did not hold what was applied
// before, it holds the answer that belongs to what is applied now.
func (t Table[M, A]) Apply(state *M, known *Memory) {
	for _, argument := range t {
		if current := textOf(argument.valueIn(state)); current != known.applied(argument.Name, current) {
			known.Note(argument.Name, current)
		}
	}
	known.Applied = nil
}

// hasDrifted reports whether the gateway answers otherwise than it did, and not with what was
// applied either. What it leaves out has not changed, nor has what it only spells otherwise.
func (k *Memory) hasDrifted(name, applied, now string) bool {
	before, isAnswered := k.Answers[name]
	return isAnswered && now != "" && !attributes.IsSpelledAs(name, before, now) && !attributes.IsSpelledAs(name, applied, now)
}
