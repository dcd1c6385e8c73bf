package transport

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestLock(t *testing.T) {
	c := New(quick(0))
	unlock, err := c.Lock(t.Context(), "Make", "a")
	if err != nil {
		t.Fatal(err)
	}
	// Another key is free.
	other, err := c.Lock(t.Context(), "Make", "b")
	if err != nil {
		t.Fatal(err)
	}
	other()
	// Who waits leaves with the context, and has sent nothing.
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer stop()
	_, err = c.Lock(ctx, "Make", "a")
	if !errors.Is(err, context.DeadlineExceeded) || OutcomeOf(err) != NotDone {
		t.Errorf("%v", err)
	}
	wantContains(t, err.Error(), "Test gateway, Make: ")

	// One at a time, and all get their turn.
	inside, done := 0, 0
	var first atomic.Bool
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			unlock, err := c.Lock(t.Context(), "Make", "a")
			if err != nil {
				t.Error(err)
				return
			}
			defer unlock()
			first.Store(true)
			if inside++; inside != 1 {
				t.Error("two inside")
			}
			time.Sleep(time.Millisecond)
			inside--
			done++
		})
	}
	time.Sleep(5 * time.Millisecond)
	if first.Load() {
		t.Error("the lock is not held")
	}
	unlock()
	all.Wait()
	if done != 20 {
		t.Errorf("%d", done)
	}
}
