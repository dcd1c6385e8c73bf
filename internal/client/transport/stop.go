package transport

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// repetitionKey is where a context carries the rule of its call to the attempts.
type repetitionKey struct{}

func withRepetition(ctx context.Context, repeat repetition) context.Context {
	return context.WithValue(ctx, repetitionKey{}, repeat)
}

func repetitionOf(ctx context.Context) repetition {
	repeat, _ := ctx.Value(repetitionKey{}).(repetition)
	return repeat
}

// outlive returns the context of one attempt. A call that creates or moves
// something is waited for a moment longer than the run: most of them are about to
// be answered when a run is stopped, and what is cut may have happened. A read is
// worth no waiting, and what has not reached a connection was never sent. The end
// of max_wait is no stop: it has no grace.
func outlive(ctx context.Context, grace time.Duration, isSent func() bool) (context.Context, context.CancelFunc) {
	if repetitionOf(ctx) == atOnce || grace <= 0 {
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

// endedBy adds to an error that a look-up after it was ended, unless it says why
// already.
func endedBy(ctx context.Context, err error, key string) error {
	cause := context.Cause(ctx)
	if errors.Is(err, cause) {
		return err
	}
	return fmt.Errorf("%w; looking it up by its %s was ended: %w", err, key, cause)
}
