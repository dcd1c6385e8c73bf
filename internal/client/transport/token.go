package transport

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// TokenSource shares a token among all calls of a client. Gateways change their
// tokens, and fetching a new one may end the old one, so calls that need one
// at the same time must not fetch one each.
type TokenSource struct {
	// Operation names the call that fetches a token, for errors.
	Operation string
	Fetch     func(context.Context) (string, error)
	// IsStale reports whether a call was refused, and not carried out, because of its
	// token.
	IsStale func(error) bool

	mu     sync.Mutex
	value  string
	seen   []string
	flight *tokenFetch
}

// WithToken makes a call with a token. A stale token is the one refusal after which a
// call is sent again, once, with another token: the gateway has said that it did
// nothing.
func (c *Client) WithToken(ctx context.Context, s *TokenSource, call func(token string) error) error {
	stale := ""
	for {
		token, err := c.Token(ctx, s, stale)
		if err != nil {
			return err
		}
		if err = call(token); stale != "" || !s.IsStale(err) {
			return err
		}
		stale = token
	}
}

// Token returns a token other than the stale one, which may be "". The error is an [*Error].
func (c *Client) Token(ctx context.Context, s *TokenSource, stale string) (string, error) {
	token, err := s.Get(ctx, stale)
	if _, ours := errors.AsType[*Error](err); err != nil && !ours {
		return "", c.NotSent(s.Operation, err) // the context ended
	}
	return token, err
}

// tokenFetch is one fetch under way. Its results may be read once done is closed.
type tokenFetch struct {
	done  chan struct{}
	value string
	err   error
	// abandoned says that the call that fetched was cancelled, which says nothing
	// about the calls that waited for it.
	abandoned bool
}

// Get returns a token other than the stale one, fetching it if need be. A
// fetch that failed fails all who waited for it: with a wrong password, two
// hundred tries are worse than one.
func (s *TokenSource) Get(ctx context.Context, stale string) (string, error) {
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
			return "", context.Cause(ctx)
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

// Seen returns every token so far: a gateway may repeat them in errors, old ones too.
func (s *TokenSource) Seen() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

func (s *TokenSource) lead(ctx context.Context, flight *tokenFetch) (string, error) {
	flight.value, flight.err = s.Fetch(ctx)
	flight.abandoned = flight.err != nil && ctx.Err() != nil
	s.mu.Lock()
	if flight.err == nil {
		s.value = flight.value
		s.seen = append(s.seen, flight.value)
	}
	s.flight = nil
	s.mu.Unlock()
	close(flight.done)
	return flight.value, flight.err
}
