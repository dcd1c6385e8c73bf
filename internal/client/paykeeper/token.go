package paykeeper

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// fetchToken asks for the token. The vendor's page shows an array with one
// object, every SDK reads the object itself.
func (c *Client) fetchToken(ctx context.Context) (string, error) {
	body, answer, err := c.get(ctx, pathToken, nil)
	if err != nil {
		return "", err
	}
	token, err := parseToken(body)
	if err != nil {
		// Not quoted: whatever it is, it may be the token.
		return "", c.gateway.Error(pathToken, &transport.Error{Status: answer.Status, Outcome: transport.Unclear,
			Cause: fmt.Errorf("the answer holds no token that can be read: %w", err)})
	}
	return token, nil
}

func parseToken(body []byte) (string, error) {
	object, err := single(body)
	if err != nil {
		return "", err
	}
	var wire struct {
		Token values.ID `json:"token"`
	}
	if err := json.Unmarshal(object, &wire); err != nil {
		return "", err
	}
	if wire.Token == "" {
		return "", errors.New("it holds no token")
	}
	return string(wire.Token), nil
}
