// Package remote holds what the gateway said last about an object, and what follows from it:
// what is drift, what an import leaves open, what is gone.
//
// Gateways rewrite what they are sent. So the provider remembers the answer to what was
// applied: the same answer again is no drift, another one is.
package remote

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// Memory is what the provider knows of an object and Terraform does not show.
type Memory struct {
	// Answers holds, by argument, what the gateway answered to what was applied.
	Answers map[string]string
	// Applied holds what was applied, of arguments whose state shows what the gateway made of
	// them since. Of all others the state holds it.
	Applied map[string]string
	// Before holds the ids of what was there before a creation that was never answered. What
	// it has made is none of them.
	Before []string
	Marks
}

// Marks are what is remembered of an object as a whole.
type Marks struct {
	// Imported is true from an import until the first apply after it. Until then, the state
	// has null for what the gateway never gives back.
	Imported bool `json:"i,omitempty"`
	// Unread is true until the first read after a creation.
	Unread bool `json:"u,omitempty"`
	// Unpayable is true when the last read saw that the object failed or expired. Only Read
	// looks at the clock, so that plan and apply agree.
	Unpayable bool `json:"x,omitempty"`
	// Accepted is true of a creation that the gateway has accepted, and does not show yet.
	Accepted bool `json:"c,omitempty"`
}

// ReadMarks returns the marks of an object; none for a new one.
func ReadMarks(ctx context.Context, from private.Reader) Marks {
	if written, exists := readStored(ctx, from); exists {
		return written.Marks
	}
	return readOldKeys(ctx, from).Marks
}

// WriteImported marks an object that is being imported. The read that follows remembers the rest.
func WriteImported(ctx context.Context, to private.Writer) diag.Diagnostics {
	return private.WriteJSON(ctx, to, privateKey, stored{Marks: Marks{Imported: true}})
}

// Note remembers an answer to what was applied.
func (k *Memory) Note(name, answer string) {
	if k.Answers == nil {
		k.Answers = map[string]string{}
	}
	k.Answers[name] = answer
}

// noteApplied remembers what was applied, when the state comes to hold something else.
func (k *Memory) noteApplied(name, applied string) {
	if k.Applied == nil {
		k.Applied = map[string]string{}
	}
	k.Applied[name] = applied
}

// applied returns what was applied of an argument whose state holds the current value.
func (k *Memory) applied(name, current string) string {
	if applied, drifted := k.Applied[name]; drifted {
		return applied
	}
	return current
}
