package ledger

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// StatusUnknown marks an unclear object in the state. Its creation was sent and never
// answered, so it has no id, and may or may not exist.
const StatusUnknown = "unknown"

// IsUnclear reports whether an object is unclear. A gateway's own status "unknown" comes
// with an id.
func IsUnclear(id, status types.String) bool {
	return id.ValueString() == "" && status.ValueString() == StatusUnknown
}

// SentAt returns when the creation of an unclear object was sent. The state has it as
// created_at.
func SentAt(created timetypes.RFC3339) time.Time {
	sent, _ := time.Parse(time.RFC3339, created.ValueString())
	return sent
}

// MayStillCome reports whether a creation was sent so recently that the gateway may still
// carry it out.
func (r *Run) MayStillCome(created timetypes.RFC3339) bool {
	return time.Since(SentAt(created)) < r.settleTime
}

// MayStillBeIssued tells the user about an object that may still come.
func (r *Run) MayStillBeIssued(what, name string) (summary, detail string) {
	return what + " may still be issued",
		fmt.Sprintf("The gateway did not answer the creation of the %s a moment ago. It does not show it yet, and may still issue it. Nothing was sent. "+
			"Apply again in %s: by then it exists, or it never will.", name, r.settleTime)
}

// NoteStored notes an object that the state holds, and the order of an unclear one. It is
// called before anything is planned. An action of the plan must not close what the state holds:
// if one does, or may do so, there is an error.
func (r *Run) NoteStored(kind string, state []byte) (problem diag.Diagnostic) {
	var object struct {
		ID        *string `json:"id"`
		Gateway   string  `json:"gateway"`
		OrderID   string  `json:"order_id"`
		Status    string  `json:"status"`
		Paid      bool    `json:"paid"`
		CreatedAt string  `json:"created_at"`
	}
	switch {
	case json.Unmarshal(state, &object) != nil:
	case object.ID != nil:
		isOpen := !object.Paid && !slices.Contains(overStatuses, object.Status)
		return r.noteHeld(cmp.Or(object.Gateway, kind), *object.ID, isOpen)
	case object.Status == StatusUnknown:
		created, _ := timetypes.NewRFC3339Value(object.CreatedAt) // null if it is no time
		r.unclear.set(key{kind, object.OrderID}, created)
	}
	return nil
}

// SettleUnclear notes that the outcome of an order is known.
func (r *Run) SettleUnclear(kind, orderID string) {
	r.unclear.set(key{kind, orderID}, timetypes.RFC3339{})
}

// UnclearSince returns when an unclear creation of an order was sent, null for none.
func (r *Run) UnclearSince(kind, orderID string) timetypes.RFC3339 {
	return r.unclear.of(key{kind, orderID})
}
