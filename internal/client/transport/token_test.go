package transport

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"
)

// A failed fetch fails all who waited for it, and none who come later.
func TestAFailedFetchIsShared(t *testing.T) {
	var mu sync.Mutex
	fetches := 0
	boom := errors.New("boom")
	release := make(chan struct{})
	source := &TokenSource{Fetch: func(context.Context) (string, error) {
		mu.Lock()
		fetches++
		first := fetches == 1
		mu.Unlock()
		if !first {
			return "two", nil
		}
		<-release
		return "", boom
	}}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := source.Get(t.Context(), ""); !errors.Is(err, boom) {
				t.Errorf("%v", err)
			}
		})
	}
	time.Sleep(50 * time.Millisecond)
	close(release)
	all.Wait()
	if token, err := source.Get(t.Context(), ""); token != "two" || err != nil || fetches != 2 {
		t.Errorf("%q, %v, %d", token, err, fetches)
	}
}

// A cancelled caller neither delays nor fails the others.
func TestACancelledFetchIsTakenOver(t *testing.T) {
	var mu sync.Mutex
	fetches := 0
	source := &TokenSource{Fetch: func(ctx context.Context) (string, error) {
		mu.Lock()
		fetches++
		first := fetches == 1
		mu.Unlock()
		if first {
			<-ctx.Done()
			return "", ctx.Err()
		}
		return "two", nil
	}}
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() {
		if _, err := source.Get(ctx, ""); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	time.Sleep(20 * time.Millisecond)
	// A waiter that is cancelled leaves at once.
	short, stop := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer stop()
	if _, err := source.Get(short, ""); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	for range 5 {
		all.Go(func() {
			if token, err := source.Get(t.Context(), ""); token != "two" || err != nil {
				t.Errorf("%q, %v", token, err)
			}
		})
	}
	time.Sleep(20 * time.Millisecond)
	cancel()
	all.Wait()
	if fetches != 2 {
		t.Errorf("%d fetches", fetches)
	}
}

// A fetch may return the stale token again. Those who waited with that very token do not accept
// it.
func TestAWaiterWantsAnotherToken(t *testing.T) {
	release := make(chan struct{})
	fetches := 0
	source := &TokenSource{Fetch: func(context.Context) (string, error) {
		fetches++
		if fetches == 1 {
			<-release
			return "two", nil
		}
		return "three", nil
	}}
	var all sync.WaitGroup
	all.Go(func() { _, _ = source.Get(t.Context(), "") })
	time.Sleep(20 * time.Millisecond)
	all.Go(func() {
		if token, err := source.Get(t.Context(), "two"); token != "three" || err != nil {
			t.Errorf("%q, %v", token, err)
		}
	})
	time.Sleep(20 * time.Millisecond)
	close(release)
	all.Wait()
}
