package transport

import (
	"context"
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
// An attempt that was sent and not answered counts. Attempts that came to no connection
// count once for the whole call: a gateway that restarts refuses connections for some
// seconds, and repeating helps. Any answer begins a new count.
type breaker struct {
	mu     sync.Mutex
	silent int
	last   error     // what came instead of the last answer
	probe  time.Time // when the next try is due
}

// refusal is why an attempt is not made.
type refusal struct{ last error }

func (r *refusal) Error() string {
	return fmt.Sprintf("the gateway did not answer the last %d calls, so it is not called again in this run, except for one try every %s; this call was not sent. The last of them ended with: %s",
		maxSilent, probePause, r.last)
}

func isRefusal(err error) bool { return isA[*refusal](err) }

// refuses returns why an attempt may not be made, and nil where it may. One that begins
// becomes the one try, if that is due. A call that moves money is never the try.
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

// unanswered counts an attempt without an answer. One that ended because the run was
// stopped says nothing about the gateway.
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
