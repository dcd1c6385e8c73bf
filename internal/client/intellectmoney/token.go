package intellectmoney

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// withUserToken runs a call with the user token. One that was fetched may have
// become stale: then it is fetched again, once.
func (c *Client) withUserToken(ctx context.Context, call func(token string) error) error {
	if c.userToken != "" {
		return call(c.userToken)
	}
	stale := ""
	for {
		token, err := c.token.Get(ctx, stale)
		if err != nil {
			return c.asOurs(pathToken, err)
		}
		if err = call(token); stale != "" || !isStaleToken(err) {
			return err
		}
		stale = token
	}
}

// asOurs makes an error of the gateway's out of one that a context made.
func (c *Client) asOurs(path string, err error) error {
	if _, ok := errors.AsType[*transport.Error](err); ok {
		return err
	}
	return c.gateway.Error(path, &transport.Error{Outcome: transport.NotDone, Cause: err})
}

// The words of the gateway for it are not documented.
var saysStaleToken = regexp.MustCompile(`(?i)токен|user\s*token`)

func isStaleToken(err error) bool {
	return refuses(err, saysStaleToken)
}

// fetchToken is getUserToken: one unverified claim has it, and its signature
// over ::{Login}::{Password}::::{SignSecretKey}.
func (c *Client) fetchToken(ctx context.Context) (string, error) {
	result, err := c.post(ctx, pathToken, map[string]string{"Login": c.login.Login, "Password": c.login.Password}, nil,
		"", c.login.Login, c.login.Password, "")
	if err != nil {
		return "", err
	}
	token, err := parseUserToken(result)
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
