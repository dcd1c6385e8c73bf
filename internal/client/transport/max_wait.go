package transport

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// WithMaxWait bounds all calls that are made with a context, with their repetitions,
// pauses and look-ups. Waiting for a turn, because of Config.RequestsPerSecond, does
// not count: it says nothing about the gateway. setting is where the bound is set, for
// errors.
func WithMaxWait(ctx context.Context, maxWait time.Duration, setting string) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	b := &budget{left: maxWait, since: time.Now()}
	b.timer = time.AfterFunc(maxWait, func() { cancel(&maxWaitError{maxWait, setting}) })
	return context.WithValue(ctx, budgetKey{}, b), func() { b.timer.Stop(); cancel(context.Canceled) }
}

// maxWaitError is the cause of a context that [WithMaxWait] ended. It is a
// cancellation, so whatever ends for one ends for it.
type maxWaitError struct {
	maxWait time.Duration
	setting string
}

func (e *maxWaitError) Error() string {
	return fmt.Sprintf("the limit of %s for one operation, with all its calls and pauses, was reached (%s)", e.maxWait, e.setting)
}

func (e *maxWaitError) Unwrap() error { return context.Canceled }

func isMaxWait(err error) bool { return isA[*maxWaitError](err) }

type budgetKey struct{}

// budget is a timer that stands still while any call waits for its turn.
type budget struct {
	mu      sync.Mutex
	timer   *time.Timer
	left    time.Duration
	since   time.Time // when left was counted
	waiting int
}

// pauseMaxWait stops the budget of a context, until resume is called.
func pauseMaxWait(ctx context.Context) (resume func()) {
	b, ok := ctx.Value(budgetKey{}).(*budget)
	if !ok {
		return func() {}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting++; b.waiting == 1 {
		b.timer.Stop()
		b.left -= time.Since(b.since)
	}
	return b.resume
}

func (b *budget) resume() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting--; b.waiting == 0 && b.left > 0 {
		b.since = time.Now()
		b.timer.Reset(b.left)
	}
}

// tries are the attempts of one call that max_wait did not end.
type tries struct {
	count int
	last  string
}

func (t *tries) add(response *http.Response, err error) {
	switch {
	case isMaxWait(err):
		return
	case err != nil:
		t.last = fmt.Sprintf("an error: «%s»", err)
	default:
		t.last = fmt.Sprintf("HTTP %d", response.StatusCode)
	}
	t.count++
}

// explain adds to the end of max_wait what was tried until then.
func (t *tries) explain(ctx context.Context, err error) error {
	over := context.Cause(ctx)
	switch {
	case !isMaxWait(over):
		return err
	case t.count == 0:
		return fmt.Errorf("no answer came: %w", over)
	case t.count == 1:
		return fmt.Errorf("it was tried once, with %s; then %w", t.last, over)
	}
	return fmt.Errorf("it was tried %d times, the last time with %s; then %w", t.count, t.last, over)
}
