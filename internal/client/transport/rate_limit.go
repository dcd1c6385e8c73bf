package transport

import (
	"context"

	"golang.org/x/time/rate"
)

// newLimiter makes the limiter of one gateway; 0 is no limit.
func newLimiter(perSecond rate.Limit) *rate.Limiter {
	if perSecond <= 0 {
		perSecond = rate.Inf
	}
	return rate.NewLimiter(perSecond, 1)
}

// awaitTurn waits until another request may be sent. The wait is part neither of the
// time that an answer may take nor of max_wait: it says nothing about the gateway.
func (c *Client) awaitTurn(ctx context.Context) error {
	defer pauseMaxWait(ctx)()
	return c.limiter.Wait(ctx)
}
