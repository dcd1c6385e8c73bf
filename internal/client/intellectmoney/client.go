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

// Name is how the gateway is called in errors.
const Name = "IntellectMoney"

// DefaultBaseURL is the gateway's address.
const DefaultBaseURL = "https://api.intellectmoney.ru"

// The calls. They double as the operation names in errors.
const (
	pathHistory = "/personal/payment/getInvoicesHistory"
	pathToken   = "/personal/user/getUserToken"
)

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
	token     transport.TokenSource
	pageSize  atomic.Int64
}

// New makes a client. The bearer token goes into every request, the sign secret
// key signs them and is never sent.
func New(baseURL, bearerToken, signSecretKey string, user Credentials, config transport.Config) *Client {
	config.Name = Name
	config.Secrets = append(config.Secrets[:len(config.Secrets):len(config.Secrets)], bearerToken, signSecretKey, user.UserToken, user.Password)
	c := &Client{
		gateway: transport.New(config),
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
	c.token.Fetch = c.fetchToken
	c.pageSize.Store(pageSize)
	return c
}

// sign makes the header Sign: lower-case hex SHA-256 of the values, joined by
// "::" in the order of the document, the sign secret key last. What is absent
// is an empty value.
func sign(secret string, values ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(append(values[:len(values):len(values)], secret), "::")))
	return hex.EncodeToString(sum[:])
}

// post sends a call that only reads, and returns its Result. Signed are the
// values of the signature, in its order.
func (c *Client) post(ctx context.Context, path string, fields map[string]string, secrets []string, signed ...string) (json.RawMessage, error) {
	body, err := json.Marshal(fields)
	if err != nil {
		return nil, c.gateway.Error(path, &transport.Error{Outcome: transport.NotDone, Cause: err})
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
		Final:     isRefusal,
		Secrets:   secrets,
	})
	if err != nil {
		return nil, err
	}
	result, failure := judge(answer)
	if failure != nil {
		return nil, c.gateway.Error(path, failure, secrets...)
	}
	return result, nil
}

// states of an operation, and of its result.
const (
	codeDone          = "0"
	codeQueued        = "1" // of an operation
	codeDoneWithNotes = "1" // of a result
)

// envelope is what every answer has.
type envelope struct {
	Operation struct {
		Code values.ID   `json:"Code"`
		Desc values.Text `json:"Desc"`
	} `json:"OperationState"`
	Result json.RawMessage `json:"Result"`
}

func parseEnvelope(body []byte) (e envelope, ok bool) {
	ok = json.Unmarshal(body, &e) == nil && e.Operation.Code != ""
	return e, ok
}

// isRefusal: the gateway's own word, which no repetition will change.
func isRefusal(body []byte) bool {
	e, ok := parseEnvelope(body)
	return ok && e.Operation.Code != codeDone && e.Operation.Code != codeQueued
}

var errQueued = errors.New("the gateway has queued the call and answers nothing yet")

// judge returns the result of an answer, or what is wrong with it.
func judge(answer *transport.Answer) (json.RawMessage, *transport.Error) {
	e, ok := parseEnvelope(answer.Body)
	if !ok {
		return nil, answer.Unusable(nil)
	}
	refuse := func(code values.ID, text values.Text, cause error) *transport.Error {
		e := answer.Unusable(nil)
		e.Code, e.Text, e.Cause = string(code), string(text), cause
		if answer.Decides() {
			e.Outcome = transport.Refused
		}
		return e
	}
	result := bytes.TrimSpace(e.Result)
	switch {
	case e.Operation.Code == codeQueued && !bytes.HasPrefix(result, []byte("{")):
		return nil, refuse(e.Operation.Code, e.Operation.Desc, errQueued)
	case e.Operation.Code != codeDone && e.Operation.Code != codeQueued:
		return nil, refuse(e.Operation.Code, e.Operation.Desc, nil)
	case answer.Status < 200 || answer.Status > 299 || !bytes.HasPrefix(result, []byte("{")):
		return nil, answer.Unusable(nil)
	}
	var inner struct {
		State *struct {
			Code values.ID   `json:"Code"`
			Desc values.Text `json:"Desc"`
		} `json:"State"`
	}
	// A state that cannot be read may be a refusal. Taken for a success, it would be
	// one without invoices.
	if err := json.Unmarshal(result, &inner); err != nil {
		return nil, answer.Unusable(err)
	}
	if inner.State != nil && inner.State.Code != "" && inner.State.Code != codeDone && inner.State.Code != codeDoneWithNotes {
		return nil, refuse(inner.State.Code, inner.State.Desc, nil)
	}
	return result, nil
}
