package transport

import (
	"context"
	"sync"
)

// locks holds one lock for each key of an object that is being created.
type locks struct {
	mu    sync.Mutex
	byKey map[string]chan struct{}
}

// Lock makes the caller the only one that creates under a key until it calls
// unlock: two calls under one key could each take the other's object for its
// own. It gives up when the context ends; nothing has been sent then.
func (c *Client) Lock(ctx context.Context, operation, key string) (unlock func(), err error) {
	c.locks.mu.Lock()
	if c.locks.byKey == nil {
		c.locks.byKey = map[string]chan struct{}{}
	}
	held, ok := c.locks.byKey[key]
	if !ok {
		held = make(chan struct{}, 1)
		c.locks.byKey[key] = held
	}
	c.locks.mu.Unlock()
	select {
	case held <- struct{}{}:
		return func() { <-held }, nil
	case <-ctx.Done():
		return nil, c.Error(operation, &Error{Outcome: NotDone, Cause: context.Cause(ctx)})
	}
}
