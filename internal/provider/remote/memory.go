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

// privateKey is where the memory lies in the private data.
const privateKey = "remote"

// Memory is what the provider knows of an object and Terraform does not show.
type Memory struct {
	// Answers holds, by argument, what the gateway answered to what was applied.
	Answers map[string]string `json:"answers,omitempty"`
	// Applied holds what was applied, of arguments whose state shows what the gateway made of
	// them since. Of all others the state holds it.
	Applied map[string]string `json:"applied,omitempty"`
	// Imported is true from an import until the first apply after it. Until then, the state
	// has null for what the gateway never gives back.
	Imported bool `json:"imported,omitempty"`
	// Unread is true until the first read after a creation.
	Unread bool `json:"unread,omitempty"`
	// Unpayable is true when the last read saw that the object failed or expired. Only Read
	// looks at the clock, so that plan and apply agree.
	Unpayable bool `json:"unpayable,omitempty"`
}

// Read returns what is remembered of an object; nothing for a new one.
func Read(ctx context.Context, from private.Reader) Memory {
	if written, _ := from.GetKey(ctx, privateKey); len(written) == 0 {
		return readOldKeys(ctx, from)
	}
	var known Memory
	private.ReadJSON(ctx, from, privateKey, &known)
	return known
}

// Write remembers it until the next write.
func (k Memory) Write(ctx context.Context, to private.Writer) diag.Diagnostics {
	return private.WriteJSON(ctx, to, privateKey, k)
}

// WriteImported marks an object that is being imported.
func WriteImported(ctx context.Context, to private.Writer) diag.Diagnostics {
	return Memory{Imported: true}.Write(ctx, to)
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
