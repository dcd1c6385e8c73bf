package paykeeper

import (
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// tokenLifetime is how long a token is valid: it rotates every 24 hours [V].
const tokenLifetime = 24 * time.Hour

// currentToken is the token in force. A stale one is renewed first, and any
// other if renew is set.
func (g *Gateway) currentToken(renew bool) string {
	now := g.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	if renew || g.isTokenStale(now) {
		g.token, g.issued = sandbox.HexID(), now
	}
	return g.token
}

func (g *Gateway) isTokenStale(now time.Time) bool {
	return g.token == "" || !now.Before(g.issued.Add(tokenLifetime))
}

func (g *Gateway) isTokenInForce(token string) bool {
	now := g.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	return !g.isTokenStale(now) && token == g.token
}

// RotateToken ends the security token in force. Calls with it are refused until
// they fetch the new one.
func (g *Gateway) RotateToken() { g.currentToken(true) }

// forget forgets the token and the time of the newest id.
func (g *Gateway) forget() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.token, g.lastID = "", time.Time{}
}

// fetchToken is /info/settings/token/.
func (c *call) fetchToken() (any, error) {
	answer := map[string]string{"token": c.currentToken(c.Is(tokenKills, "true"))}
	if c.Is(tokenShape, "array") {
		return []any{answer}, nil
	}
	return answer, nil
}
