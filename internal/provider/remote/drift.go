package remote

import (
	"fmt"
	"strings"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// Remember notes the answer to what was just applied.
func (t Table[M, A]) Remember(answer *A, known *Memory) {
	known.Answers, known.Applied = nil, nil
	for _, argument := range t {
		if !argument.isCompared() {
			continue
		}
		if text := textOf(argument.Answer(answer)); text != "" || !argument.IsOpen {
			known.Note(argument.Name, text)
		}
	}
}

// Refresh brings a model in line with what the gateway answers now. The state holds what was
// applied while the answer is the one it got then, and the answer when it is another.
func (t Table[M, A]) Refresh(m *M, answer *A, known *Memory) {
	t.settle(answer, known)
	for _, argument := range t {
		if !argument.isCompared() {
			continue
		}
		current, now := argument.valueIn(m), argument.Answer(answer)
		applied := known.applied(argument.Name, textOf(current))
		_, isAnswered := known.Answers[argument.Name]
		switch {
		case isAnswered && known.hasDrifted(argument.Name, applied, textOf(now)):
			if argument.IsOpen && current.IsNull() {
				continue
			}
			argument.setIn(m, now)
			known.noteApplied(argument.Name, applied)
			continue
		case !isAnswered && !now.IsNull():
			known.Note(argument.Name, textOf(now))
		}
		if textOf(current) != applied {
			argument.setIn(m, valueFrom(applied, current))
		}
		delete(known.Applied, argument.Name)
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
	for _, argument := range t {
		if !argument.isCompared() {
			continue
		}
		now, applied := textOf(argument.Answer(answer)), known.applied(argument.Name, textOf(argument.valueIn(m)))
		if known.hasDrifted(argument.Name, applied, now) {
			drifts = append(drifts, Drift{argument.Name, applied, now})
		}
	}
	return drifts
}

// DriftsOnce tells each drift once, and remembers what the gateway answers now.
func (t Table[M, A]) DriftsOnce(m *M, answer *A, known *Memory) []Drift {
	drifts := t.Drifts(m, answer, known)
	t.Remember(answer, known)
	return drifts
}

// settle takes the first read after a creation for the answer to what was applied, where it may
// be another one than the creation got.
func (t Table[M, A]) settle(answer *A, known *Memory) {
	if !known.Unread {
		return
	}
	for _, argument := range t {
		if !argument.isCompared() || !argument.IsSettledLater {
			continue
		}
		delete(known.Answers, argument.Name)
		if now := textOf(argument.Answer(answer)); now != "" {
			known.Note(argument.Name, now)
		}
	}
	known.Unread = false
}

// hasDrifted reports whether the gateway answers otherwise than it did, and not with what was
// applied either. What it leaves out has not changed, nor has what it only spells otherwise.
func (k *Memory) hasDrifted(name, applied, now string) bool {
	before, isAnswered := k.Answers[name]
	return isAnswered && now != "" && !attributes.IsSpelledAs(name, before, now) && !attributes.IsSpelledAs(name, applied, now)
}

func (k *Memory) noteApplied(name, applied string) {
	if k.Applied == nil {
		k.Applied = map[string]string{}
	}
	k.Applied[name] = applied
}

// Apply notes that a plan was applied without a call. Where it differs from the state, the state
// holds what the gateway has.
func (t Table[M, A]) Apply(plan, state *M, known *Memory) {
	for _, argument := range t {
		current, planned := textOf(argument.valueIn(state)), textOf(argument.valueIn(plan))
		_, isAnswered := known.Answers[argument.Name]
		if hasDrifted := current != known.applied(argument.Name, current); isAnswered && (hasDrifted || current != planned) {
			known.Note(argument.Name, current)
		}
	}
	known.Applied = nil
}
