package transport

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// CreateByKey carries out the operation that creates an object with a key of
// ours, by its rule. Where that allows for a look-up, it settles an unclear
// outcome by looking the key up, for as long as the gateway may still be working
// on the request: what is there is taken, and what is absent is created again,
// unless somebody stopped waiting for the gateway's end. It needs the key to have
// been free before. Otherwise a look-up proves nothing, and create is called
// directly.
//
// What one attempt leaves unclear stays so, whatever becomes of the next ones,
// until the object is found, or created.
//
// find returns (nil, nil) when the gateway says that there is no such object,
// and an error when it does not say. check says why a found object cannot be
// the one that was sent.
func CreateByKey[T any](ctx context.Context, c *Client, operation string, create, find func(context.Context) (*T, error), check func(*T) error) (*T, error) {
	rule, err := c.ruleFor(operation)
	if err != nil || rule.repeat != afterLookUp {
		return create(ctx)
	}
	for attempt := 0; ; attempt++ {
		object, err := create(ctx)
		// Refused after a doubt, it may be so because our first one has arrived.
		late := OutcomeOf(err) != Unclear
		if err == nil || late && attempt == 0 {
			return object, err
		}
		found, findErr := lookUp(ctx, c, attempt, late || isUnderWay(err), find)
		err = asUnclear(err)
		switch {
		case found != nil && findErr == nil:
			if differs := check(found); differs != nil {
				return nil, fmt.Errorf("%w; under its key there is another object: %w", err, differs)
			}
			return found, nil
		case ctx.Err() != nil:
			return nil, withEnd(ctx, err, rule.key)
		case findErr != nil:
			return nil, fmt.Errorf("%w; looking it up by its %s did not settle it: %w", err, rule.key, findErr)
		case late:
			return nil, err // the first one may have arrived, and not be shown yet
		case isTimedOut(err):
			return nil, fmt.Errorf("%w; it was looked up by its %s and is not there, but it may still come", err, rule.key)
		case attempt >= c.config.MaxRetries:
			return nil, fmt.Errorf("%w; it was looked up by its %s and is not there", err, rule.key)
		}
	}
}

// lookUp gives a request whose answer was lost time to arrive before it looks. One
// that may still be under way is looked for until patience has run out, also
// where a look-up fails: a later one may show what came meanwhile.
func lookUp[T any](ctx context.Context, c *Client, attempt int, underWay bool, find func(context.Context) (*T, error)) (*T, error) {
	end := time.Now().Add(c.config.Patience)
	for look := 0; ; look++ {
		pause := backoff(c.config.WaitMin, c.config.WaitMax, attempt+look, nil)
		if look > 0 {
			pause = min(pause, time.Until(end)) // the last look comes at the end
		}
		if err := sleep(ctx, pause); err != nil {
			return nil, err
		}
		found, err := find(ctx)
		if found != nil || !underWay || ctx.Err() != nil || isRefusal(err) || !time.Now().Before(end) {
			return found, err
		}
	}
}

// LookUp looks for what a call has made that is never sent again. find returns nil where
// there is nothing yet. LookUp gives up when patience has run out, or the context ends.
func LookUp[T any](ctx context.Context, c *Client, find func(context.Context) (*T, error)) (*T, error) {
	return lookUp(ctx, c, 0, true, find)
}

func sleep(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

// isUnderWay reports whether the gateway may still be working on the failed request.
func isUnderWay(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.UnderWay
}

func isTimedOut(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.TimedOut
}

// asUnclear is an error of a call that an earlier attempt may have carried out.
func asUnclear(err error) error {
	if e, ok := errors.AsType[*Error](err); ok && e.Outcome != Unclear {
		corrected := *e
		corrected.Outcome = Unclear
		return &corrected
	}
	return err
}

// withEnd adds to an error what ended the look-up after it, unless it says so already.
func withEnd(ctx context.Context, err error, key string) error {
	cause := context.Cause(ctx)
	if errors.Is(err, cause) {
		return err
	}
	return fmt.Errorf("%w; looking it up by its %s was ended: %w", err, key, cause)
}

// Lock makes the caller the only one that creates under a key until it calls
// unlock. It gives up when the context ends; nothing has been sent then.
func (c *Client) Lock(ctx context.Context, operation, key string) (unlock func(), err error) {
	unlock, err = c.locks.Lock(ctx, key)
	if err != nil {
		return nil, c.NotSent(operation, err)
	}
	return unlock, nil
}
