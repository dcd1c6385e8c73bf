package intellectmoney

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/lazyregexp"
)

// UserToken returns the user token that calls are made with: the one that was configured, or one
// that is fetched once.
func (c *Client) UserToken(ctx context.Context) (string, error) {
	if c.userToken != "" {
		return c.userToken, nil
	}
	return c.gateway.Token(ctx, c.token, "")
}

// withUserToken runs a call with the user token: the one that was configured, or one
// that is fetched.
func (c *Client) withUserToken(ctx context.Context, call func(token string) error) error {
	if c.userToken != "" {
		return call(c.userToken)
	}
	return c.gateway.WithToken(ctx, c.token, call)
}

// The gateway's words for a stale token are not documented.
var saysStaleToken = lazyregexp.New(`(?i)токен|user\s*token`)

func isStaleToken(err error) bool {
	return refuses(err, saysStaleToken())
}

// fetchToken calls getUserToken. It is not in the document; its signature over
// ::{Login}::{Password}::::{SignSecretKey} is an unverified claim.
func (c *Client) fetchToken(ctx context.Context) (string, error) {
	answer, err := c.post(ctx, pathToken, map[string]string{"Login": c.login.Login, "Password": c.login.Password}, nil,
		"", c.login.Login, c.login.Password, "")
	if err != nil {
		return "", err
	}
	token, err := parseUserToken(answer.Result)
	if err != nil {
		return "", c.gateway.Error(pathToken, &transport.Error{Outcome: transport.Refused, Cause: err})
	}
	return token, nil
}

func parseUserToken(result json.RawMessage) (string, error) {
	var wire struct {
		UserToken values.ID `json:"UserToken"`
	}
	if err := json.Unmarshal(result, &wire); err != nil || wire.UserToken == "" {
		return "", errors.New("the answer holds no user token")
	}
	return string(wire.UserToken), nil
}
