package keylock_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/keylock"
)

func lock(t *testing.T, locks *keylock.Locks, key string) (unlock func()) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Second)
	defer stop()
	unlock, err := locks.Lock(ctx, key)
	if err != nil {
		t.Fatal(err)
	}
	return unlock
}

func TestOnlyOneHoldsAKey(t *testing.T) {
	var locks keylock.Locks
	unlock := lock(t, &locks, "a")
	var inside, total atomic.Int32
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			unlock, err := locks.Lock(t.Context(), "a")
			if err != nil {
				t.Error(err)
				return
			}
			defer unlock()
			if inside.Add(1) != 1 {
				t.Error("two hold the key")
			}
			time.Sleep(time.Millisecond)
			inside.Add(-1)
			total.Add(1)
		})
	}
	time.Sleep(5 * time.Millisecond)
	if total.Load()+inside.Load() != 0 {
		t.Error("the key is not held")
	}
	unlock()
	all.Wait()
	if total.Load() != 20 {
		t.Errorf("%d of 20 got the key", total.Load())
	}
}

func TestAnotherKeyIsFree(t *testing.T) {
	var locks keylock.Locks
	defer lock(t, &locks, "a")()
	lock(t, &locks, "b")()
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	var locks keylock.Locks
	defer lock(t, &locks, "a")()
	stopped := errors.New("the run was stopped")
	ctx, stop := context.WithCancelCause(t.Context())
	time.AfterFunc(10*time.Millisecond, func() { stop(stopped) })
	if unlock, err := locks.Lock(ctx, "a"); unlock != nil || !errors.Is(err, stopped) {
		t.Errorf("%v", err)
	}
}
