// Package intellectmoney is the client of IntellectMoney's history of invoices
// («Получение списка СКО»).
//
// A call is a POST of JSON, with a bearer token and a signature in its headers
// and a user token in its body. An answer is JSON when that is asked for, else
// XML; a refusal comes with HTTP 200 and "Result": false.
package intellectmoney

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// Name is the gateway's name in errors.
const Name = "IntellectMoney"

// DefaultBaseURL is the gateway's address.
const DefaultBaseURL = "https://api.intellectmoney.ru"

// Credentials are a user token, or the login and the password that one is
// fetched with.
type Credentials struct{ UserToken, Login, Password string }

// Client calls IntellectMoney for one user.
type Client struct {
	gateway *transport.Client
	baseURL string
	header  http.Header
	signKey string
	// userToken is what was configured; without one, token fetches it.
	userToken string
	login     Credentials
	token     *transport.TokenSource
	pageSize  atomic.Int64
}

// New makes a client. The bearer token goes into every request, the sign secret
// key signs them and is never sent.
func New(baseURL, bearerToken, signSecretKey string, user Credentials, config transport.Config) *Client {
	c := &Client{
		gateway: transport.New(config.For(Name, RepeatRules, bearerToken, signSecretKey, user.UserToken, user.Password)),
		baseURL: strings.TrimRight(baseURL, "/"),
		header: http.Header{
			"Authorization": {"Bearer " + bearerToken},
			"Accept":        {"application/json"},
			"Content-Type":  {"application/json"},
		},
		signKey:   signSecretKey,
		userToken: user.UserToken,
		login:     user,
	}
	c.token = &transport.TokenSource{Operation: pathToken, Fetch: c.fetchToken, IsStale: isStaleToken}
	c.pageSize.Store(pageSize)
	return c
}

// BaseURL is the address of the API, without a slash at its end.
func (c *Client) BaseURL() string { return c.baseURL }

// sign makes the header Sign: lower-case hex SHA-256 of the values, joined by
// "::" in the order of the document, the sign secret key last. What is absent
// is an empty value.
func sign(secret string, values ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(append(values[:len(values):len(values)], secret), "::")))
	return hex.EncodeToString(sum[:])
}

// post sends a call that only reads. signed are the values of the signature, in its order.
func (c *Client) post(ctx context.Context, path string, fields map[string]string, secrets []string, signed ...string) (*envelope, error) {
	body, err := json.Marshal(fields)
	if err != nil {
		return nil, c.gateway.NotSent(path, err)
	}
	signature := sign(c.signKey, signed...)
	secrets = append(secrets[:len(secrets):len(secrets)], signature)
	header := c.header.Clone()
	header.Set("Sign", signature)
	answer, err := c.gateway.Do(ctx, transport.Call{
		Operation: path,
		Method:    http.MethodPost,
		URL:       c.baseURL + path,
		Header:    header,
		Body:      body,
		Secrets:   secrets,
	})
	if err != nil {
		return nil, err
	}
	whole, failure := judge(answer)
	if failure != nil {
		return nil, c.gateway.Error(path, failure, secrets...)
	}
	return whole, nil
}

// states of an operation, and of its result.
const (
	codeDone          = "0"
	codeQueued        = "1" // of an operation
	codeDoneWithNotes = "1" // of a result
)

// envelope is what every answer has.
type envelope struct {
	Operation state `json:"OperationState"`
	// OperationID is in the document's table, and not in its samples.
	OperationID values.Text     `json:"OperationId"`
	Result      json.RawMessage `json:"Result"`
}

// state is that of an operation, or of its result.
type state struct {
	Code values.ID   `json:"Code"`
	Desc values.Text `json:"Desc"`
}

var errQueued = errors.New("the gateway has queued the call and answers nothing yet")

// judge returns an answer that has a result, or what is wrong with it.
func judge(answer *transport.Answer) (*envelope, *transport.Error) {
	var e envelope
	if json.Unmarshal(answer.Body, &e) != nil || e.Operation.Code == "" {
		return nil, answer.Unusable(nil)
	}
	e.Result = bytes.TrimSpace(e.Result)
	hasResult := bytes.HasPrefix(e.Result, []byte("{"))
	isQueued := e.Operation.Code == codeQueued
	switch {
	case e.Operation.Code != codeDone && !isQueued, isQueued && !hasResult:
		refused := answer.Refusal(string(e.Operation.Code), string(e.Operation.Desc))
		if isQueued {
			refused.Cause = errQueued
		}
		return nil, refused
	case !answer.IsSuccess(), !hasResult:
		return nil, answer.Unusable(nil)
	}
	var inner struct {
		State state `json:"State"`
	}
	// A state that cannot be read may be a refusal. As a success it would have no
	// invoices.
	if err := json.Unmarshal(e.Result, &inner); err != nil {
		return nil, answer.Unusable(err)
	}
	if inner.State.Code != "" && inner.State.Code != codeDone && inner.State.Code != codeDoneWithNotes {
		return nil, answer.Refusal(string(inner.State.Code), string(inner.State.Desc))
	}
	return &e, nil
}
