package sandbox

import "time"

// paykeeperTokenLifetime is how long a token holds: it rotates every 24 hours
// [V].
const paykeeperTokenLifetime = 24 * time.Hour

// paykeeperState is what is not kept in the database. A restart makes a new
// token, which callers cannot tell from a rotation.
type paykeeperState struct {
	token  string
	issued time.Time
	// lastID is the time the newest invoice's id was made of.
	lastID time.Time
}

// paykeeperToken is the token in force, a new one if there was none, if it was
// time, or if renew says so.
func (s *Sandbox) paykeeperToken(renew bool) string {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := &s.paykeeper; renew || p.stale(now) {
		p.token, p.issued = hexID(), now
	}
	return s.paykeeper.token
}

func (p *paykeeperState) stale(now time.Time) bool {
	return p.token == "" || !now.Before(p.issued.Add(paykeeperTokenLifetime))
}

func (s *Sandbox) paykeeperTokenValid(token string) bool {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.paykeeper.stale(now) && token == s.paykeeper.token
}

// RotatePayKeeperToken ends the security token in force, so that calls that
// carry it are refused until they fetch the new one.
func (s *Sandbox) RotatePayKeeperToken() { s.paykeeperToken(true) }

// token is /info/settings/token/.
func (c *paykeeperCall) token() (any, error) {
	answer := map[string]string{"token": c.sandbox.paykeeperToken(c.dialect.PayKeeperTokenKills)}
	if c.dialect.PayKeeperToken == "array" {
		return []any{answer}, nil
	}
	return answer, nil
}
