package transport

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestWaitingForALockHasSentNothing(t *testing.T) {
	c := New(quick(0))
	unlock, err := c.Lock(t.Context(), "Make", "a")
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer stop()
	_, err = c.Lock(ctx, "Make", "a")
	if !errors.Is(err, context.DeadlineExceeded) || OutcomeOf(err) != NotDone {
		t.Errorf("%v", err)
	}
	wantContains(t, err.Error(), "Test gateway, Make: ")
}
