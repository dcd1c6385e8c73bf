package transport

import (
	"context"
	"fmt"
	"time"
)

// outlive returns the context of one attempt. A call that creates or moves
// something is waited for a moment longer than the run: most of them are about to
// be answered when a run is stopped, and what is cut may have happened. A read is
// worth no waiting, and what has not reached a connection was never sent. The end
// of max_wait is no stop: it has no grace.
func (x *exchange) outlive(ctx context.Context, isSent func() bool) (context.Context, context.CancelFunc) {
	grace := x.config.StopGrace
	if x.rule.repeat == atOnce || grace <= 0 {
		return context.WithCancel(ctx)
	}
	detached, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	forget := context.AfterFunc(ctx, func() {
		cause := context.Cause(ctx)
		if !isSent() || isMaxWait(cause) {
			cancel(cause)
			return
		}
		time.AfterFunc(grace, func() { cancel(&stoppedError{grace, cause}) })
	})
	return detached, func() { forget(); cancel(context.Canceled) }
}

// stoppedError is why an attempt ended that went on after a stop.
type stoppedError struct {
	grace time.Duration
	err   error
}

func (e *stoppedError) Error() string {
	return fmt.Sprintf("no answer came, not even in the %s after the run was stopped: %s", e.grace, e.err)
}

func (e *stoppedError) Unwrap() error { return e.err }
