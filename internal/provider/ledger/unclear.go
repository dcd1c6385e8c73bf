package ledger

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// StatusUnknown marks an unclear object: its creation was sent and never answered,
// so nobody knows whether it exists. It is in the state, and has no id.
const StatusUnknown = "unknown"

// IsUnclear reports whether an object is unclear. A gateway's own word "unknown" comes
// with an id, and is a status like any other.
func IsUnclear(id, status types.String) bool {
	return id.ValueString() == "" && status.ValueString() == StatusUnknown
}

// SentAt is when the creation of an unclear object was sent, which the state has in
// place of the time of its creation.
func SentAt(created timetypes.RFC3339) time.Time {
	sent, err := time.Parse(time.RFC3339, created.ValueString())
	if err != nil {
		return time.Time{}
	}
	return sent
}

// MayStillCome reports whether a creation was sent so short a time ago that the
// gateway may still carry it out.
func (r *Run) MayStillCome(created timetypes.RFC3339) bool {
	return time.Since(SentAt(created)) < r.settleTime
}

// MayStillBeIssued is what a user reads about an object that may still come.
func (r *Run) MayStillBeIssued(what, name string) (summary, detail string) {
	return what + " may still be issued",
		fmt.Sprintf("The creation of the %s was not answered a moment ago. The gateway does not show it yet, and may still issue it. Nothing was sent. "+
			"Apply again in %s: by then it is there, or it never will be.", name, r.settleTime)
}

// NoteUnclear notes the order of an unclear object in the stored state, before
// anything is planned.
func (r *Run) NoteUnclear(kind string, state []byte) {
	var object struct {
		ID        *string `json:"id"`
		OrderID   string  `json:"order_id"`
		Status    string  `json:"status"`
		CreatedAt string  `json:"created_at"`
	}
	if json.Unmarshal(state, &object) == nil && object.ID == nil && object.Status == StatusUnknown {
		created, _ := timetypes.NewRFC3339Value(object.CreatedAt) // null when it is not one
		r.unclear.set(key{kind, object.OrderID}, created)
	}
}

// SettleUnclear notes that it is known what became of an order.
func (r *Run) SettleUnclear(kind, orderID string) {
	r.unclear.set(key{kind, orderID}, timetypes.RFC3339{})
}

// UnclearSince is when an unclear creation of an order was sent, null for none.
func (r *Run) UnclearSince(kind, orderID string) timetypes.RFC3339 {
	return r.unclear.of(key{kind, orderID})
}
