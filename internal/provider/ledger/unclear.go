package ledger

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// What was sent and never answered is unclear: nobody knows whether it was made. It
// is in the state with the status "unknown", and without an id.

// StatusUnknown marks an object of which nobody knows whether it exists: its
// creation was sent and the answer never came. It has no id then.
const StatusUnknown = "unknown"

// IsUnclear reports whether an object is. A gateway's own word "unknown" comes with
// an id, and is a status like any other.
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
func MayStillCome(sent time.Time, settleTime time.Duration) bool {
	return time.Since(sent) < settleTime
}

// unclearOrders are the orders of the unclear objects of one kind in the state, with
// the times of their creations, while nobody knows what became of them.
type unclearOrders struct {
	mu   sync.Mutex
	sent map[string]time.Time
}

// Note takes an unclear object out of the stored state, before anything is planned.
func (u *unclearOrders) Note(state []byte) {
	var object struct {
		ID        *string   `json:"id"`
		OrderID   string    `json:"order_id"`
		Status    string    `json:"status"`
		CreatedAt time.Time `json:"created_at"`
	}
	if json.Unmarshal(state, &object) != nil || object.ID != nil || object.Status != StatusUnknown {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.sent == nil {
		u.sent = map[string]time.Time{}
	}
	u.sent[object.OrderID] = object.CreatedAt
}

// Settle notes that it is known what became of an order.
func (u *unclearOrders) Settle(orderID string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.sent, orderID)
}

// SentAt is when an unclear creation of an order was sent.
func (u *unclearOrders) SentAt(orderID string) (at time.Time, found bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	at, found = u.sent[orderID]
	return at, found
}
