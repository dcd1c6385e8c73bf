// Package keylock locks by key, such as an order id. Two that create under one
// key at the same time could each take the other's object for its own.
package keylock

import (
	"context"
	"sync"
)

// Locks is one lock for each key. Its zero value is ready for use.
type Locks struct {
	mu    sync.Mutex
	byKey map[string]chan struct{}
}

// Lock waits until nobody else holds the key, and holds it until unlock is
// called. It gives up when the context ends; the error is the context's cause.
func (l *Locks) Lock(ctx context.Context, key string) (unlock func(), err error) {
	held := l.of(key)
	select {
	case held <- struct{}{}:
		return func() { <-held }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (l *Locks) of(key string) chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.byKey == nil {
		l.byKey = map[string]chan struct{}{}
	}
	if l.byKey[key] == nil {
		l.byKey[key] = make(chan struct{}, 1)
	}
	return l.byKey[key]
}
