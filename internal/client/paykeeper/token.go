package paykeeper

import (
	"context"
	"errors"
	"fmt"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// SecurityToken returns the token that changes carry. It is the one that the client has: to fetch
// another may end it, and break the calls under way.
func (c *Client) SecurityToken(ctx context.Context) (string, error) {
	return c.gateway.Token(ctx, c.token, "")
}

// fetchToken asks for the token. The vendor's page shows an array with one
// object, every SDK reads the object itself.
func (c *Client) fetchToken(ctx context.Context) (string, error) {
	body, answer, err := c.get(ctx, pathToken, nil)
	if e, ok := errors.AsType[*transport.Error](err); ok && e.Outcome == transport.Unclear {
		e.Outcome = transport.NotDone // what the token is for was not sent
	}
	if err != nil {
		return "", err
	}
	token, err := parseToken(body)
	if err != nil {
		// Not quoted: whatever it is, it may be the token.
		return "", c.gateway.Error(pathToken, &transport.Error{Status: answer.Status, Outcome: transport.NotDone,
			Cause: fmt.Errorf("the answer holds no token that can be read: %w", err)})
	}
	return token, nil
}

func parseToken(body []byte) (string, error) {
	var wire struct {
		Token values.ID `json:"token"`
	}
	if err := readSingle(body, &wire); err != nil {
		return "", err
	}
	if wire.Token == "" {
		return "", errors.New("it holds no token")
	}
	return string(wire.Token), nil
}
