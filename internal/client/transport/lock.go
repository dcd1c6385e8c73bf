package transport

import "context"

// Lock makes the caller the only one that creates under a key until it calls
// unlock. It gives up when the context ends; nothing has been sent then.
func (c *Client) Lock(ctx context.Context, operation, key string) (unlock func(), err error) {
	unlock, err = c.locks.Lock(ctx, key)
	if err != nil {
		return nil, c.Error(operation, &Error{Outcome: NotDone, Cause: err})
	}
	return unlock, nil
}
