package remote

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// privateKey is where the memory lies in the private data. It is short, as are the keys below:
// the state holds them once for every object, encoded in base64 twice.
const privateKey = "r"

// stored is a memory as the private data hold it, without what the state beside it says already.
// Gateways mostly answer with what was applied, so usually nothing but the marks is left.
type stored struct {
	Marks

	// Answers holds the answers that are other than what was applied.
	Answers map[string]string `json:"a,omitempty"`
	// Unanswered names arguments that were never answered, although arguments of their kind
	// usually are.
	Unanswered []string `json:"n,omitempty"`
	// Applied holds what was applied, where the state holds something else.
	Applied map[string]string `json:"p,omitempty"`
	Before  []string          `json:"b,omitempty"`
}

// readStored reads what was written last. Where there are old keys as well, an older version has
// written since: it does not know this key, and Write takes the old ones away.
func readStored(ctx context.Context, from private.Reader) (written stored, exists bool) {
	text, _ := from.GetKey(ctx, privateKey)
	exists = len(text) > 0 && !hasOldKeys(ctx, from) && json.Unmarshal(text, &written) == nil
	return written, exists
}

// Read returns what is remembered of an object; nothing for a new one. m is the object as the
// state has it, beside which the memory was written.
func (t Table[M, A]) Read(ctx context.Context, m *M, from private.Reader) Memory {
	if written, exists := readStored(ctx, from); exists {
		return t.expand(m, written)
	}
	return readOldKeys(ctx, from)
}

// Write remembers it until the next write. m is the object as the state will have it.
func (t Table[M, A]) Write(ctx context.Context, m *M, known Memory, to private.Writer) diag.Diagnostics {
	diags := private.WriteJSON(ctx, to, privateKey, t.compact(m, known))
	diags.Append(private.Remove(ctx, to, oldKeys...)...)
	return diags
}

// compact leaves out what expand finds in the state.
func (t Table[M, A]) compact(m *M, known Memory) stored {
	left := Memory{Marks: known.Marks}
	var unanswered []string
	for _, argument := range t.compared() {
		name, current := argument.Name, textOf(argument.valueIn(m))
		applied := known.applied(name, current)
		if applied != current {
			left.noteApplied(name, applied)
		}
		answer, isAnswered := known.Answers[name]
		switch {
		case isAnswered == argument.isUsuallyAnswered(applied, known.Unread) && (!isAnswered || answer == applied):
		case isAnswered:
			left.Note(name, answer)
		default:
			unanswered = append(unanswered, name)
		}
	}
	return stored{Marks: left.Marks, Answers: left.Answers, Unanswered: unanswered, Applied: left.Applied, Before: known.Before}
}

// expand is the reverse of compact.
func (t Table[M, A]) expand(m *M, written stored) Memory {
	known := Memory{Marks: written.Marks, Applied: written.Applied, Before: written.Before}
	for _, argument := range t.compared() {
		name := argument.Name
		applied := known.applied(name, textOf(argument.valueIn(m)))
		if answer, isOther := written.Answers[name]; isOther {
			known.Note(name, answer)
		} else if argument.isUsuallyAnswered(applied, known.Unread) && !slices.Contains(written.Unanswered, name) {
			known.Note(name, applied)
		}
	}
	return known
}

// isUsuallyAnswered reports whether an answer is remembered of an argument, unless the memory says
// otherwise. Where nothing was applied, an open argument has none, nor has one that the first
// read settles, once it was read.
func (a Argument[M, A]) isUsuallyAnswered(applied string, isUnread bool) bool {
	return applied != "" || !a.IsOpen && (!a.IsSettledLater || isUnread)
}
