package transport

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	// maxSilent is how many calls in a row a gateway may leave without an answer.
	maxSilent = 10
	// probePause is how long a silent gateway is left alone before it is tried again.
	probePause = 30 * time.Second
)

// breaker keeps a run from waiting for a gateway that does not answer: with a
// thousand objects and five attempts each, that would be hours.
//
// An attempt that was sent and not answered counts. Those that reached nobody
// count together, once for each call: a gateway that restarts refuses connections for
// some seconds, and repeating is what helps. Any answer begins a new count.
type breaker struct {
	mu     sync.Mutex
	silent int
	last   error     // what came instead of the last answer
	probe  time.Time // when the next try is due
}

// refusal is why an attempt is not made.
type refusal struct{ last error }

func (r *refusal) Error() string {
	return fmt.Sprintf("the gateway left the last %d calls without an answer, so it is not called again in this run, but for one try every %s; this call was not sent. The last one ended so: %s",
		maxSilent, probePause, r.last)
}

func isRefusal(err error) bool {
	_, ok := errors.AsType[*refusal](err)
	return ok
}

// refuses returns nil when an attempt may be made, and an error that says why not.
// Beginning an attempt may make it the one try; else it is only asked. A call that
// moves money is nothing to try a gateway with.
func (b *breaker) refuses(rule Rule, begins bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if b.silent < maxSilent {
		return nil
	}
	if now.Before(b.probe) || rule.repeat == never {
		return &refusal{b.last}
	}
	if begins {
		b.probe = now.Add(probePause)
	}
	return nil
}

func (b *breaker) answered() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.silent = 0
}

// unanswered counts. What ended because the run was stopped says nothing about the
// gateway.
func (b *breaker) unanswered(ctx context.Context, err error) {
	if ctx.Err() != nil && !isMaxWait(context.Cause(ctx)) {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last = err
	if b.silent++; b.silent == maxSilent {
		b.probe = time.Now().Add(probePause)
	}
}
