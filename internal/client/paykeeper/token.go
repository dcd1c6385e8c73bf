package paykeeper

import (
	"context"
	"encoding/json"
	"errors"
	"sync"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/gateway"
)

// tokenSource shares the security token among all calls of a client. The
// gateway changes it every 24 hours, and fetching a new one may end the old
// one, so calls that need one at the same time must not fetch one each.
type tokenSource struct {
	fetch func(context.Context) (string, error)

	mu     sync.Mutex
	value  string
	flight *tokenFetch
}

// tokenFetch is one fetch under way. Its results may be read once done is closed.
type tokenFetch struct {
	done  chan struct{}
	value string
	err   error
	// abandoned: the call that fetched was cancelled, which says nothing about
	// the calls that waited for it.
	abandoned bool
}

// get returns a token other than the stale one, fetching it if need be. A
// fetch that failed fails all who waited for it: with a wrong password, two
// hundred tries would be worse than one.
func (s *tokenSource) get(ctx context.Context, stale string) (string, error) {
	for {
		s.mu.Lock()
		if s.value != "" && s.value != stale {
			defer s.mu.Unlock()
			return s.value, nil
		}
		flight := s.flight
		if flight == nil {
			flight = &tokenFetch{done: make(chan struct{})}
			s.flight = flight
			s.mu.Unlock()
			return s.lead(ctx, flight)
		}
		s.mu.Unlock()
		select {
		case <-ctx.Done():
			return "", &gateway.Error{Gateway: Name, Operation: pathToken, Outcome: gateway.NotDone, Cause: ctx.Err()}
		case <-flight.done:
		}
		switch {
		case flight.abandoned: // try again
		case flight.err != nil:
			return "", flight.err
		case flight.value != stale:
			return flight.value, nil
		}
	}
}

func (s *tokenSource) lead(ctx context.Context, flight *tokenFetch) (string, error) {
	flight.value, flight.err = s.fetch(ctx)
	flight.abandoned = flight.err != nil && ctx.Err() != nil
	s.mu.Lock()
	if flight.err == nil {
		s.value = flight.value
	}
	s.flight = nil
	s.mu.Unlock()
	close(flight.done)
	return flight.value, flight.err
}

// fetchToken asks for the token. The vendor's page shows an array with one
// object, every SDK reads the object itself.
func (c *Client) fetchToken(ctx context.Context) (string, error) {
	body, answer, err := c.get(ctx, pathToken, nil)
	if err != nil {
		return "", err
	}
	token, err := parseToken(body)
	if err != nil {
		return "", c.unusable(pathToken, answer, err)
	}
	return token, nil
}

func parseToken(body []byte) (string, error) {
	object, err := single(body)
	if err != nil {
		return "", err
	}
	var wire struct {
		Token gateway.ID `json:"token"`
	}
	if err := json.Unmarshal(object, &wire); err != nil {
		return "", err
	}
	if wire.Token == "" {
		return "", errors.New("it holds no token")
	}
	return string(wire.Token), nil
}
