package sandbox

import (
	"database/sql"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// A look at what is due may be older than the end of a try. What was delivered
// meanwhile, or waits for its next time, is not sent.
func TestOnlyWhatIsDueIsSent(t *testing.T) {
	var asked atomic.Int32
	status := http.StatusOK
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		asked.Add(1)
	}))
	defer shop.Close()
	for _, status = range []int{http.StatusOK, http.StatusServiceUnavailable} {
		asked.Store(0)
		s, err := Open(Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Transact(func(tx *sql.Tx) error { return s.Notify(tx, "x", Notification{Object: "1", Address: shop.URL}) }); err != nil {
			t.Fatal(err)
		}
		var d Delivery
		for range 500 {
			all, err := s.Deliveries()
			if err != nil {
				t.Fatal(err)
			}
			if d = all[0]; len(d.Tries) == 1 {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if _, err := s.try(d.ID, false); !errors.Is(err, errNotDue) || asked.Load() != 1 {
			t.Errorf("%d: sent %d times: %v", status, asked.Load(), err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
