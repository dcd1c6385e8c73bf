// Package invoiceapi is the client of Invoice API v2 («Invoice API. Руководство
// разработчика», section 7): terminals, payments and refunds.
//
// Every call is a POST with a JSON body to <base>/<Method>. An answer with the
// field "error" is a failure on any HTTP status, 200 included. It is the gateway's
// decision with 2xx and 4xx only.
package invoiceapi

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// DefaultBaseURL is the address of the API (guide, section 7.1).
const DefaultBaseURL = "https://api.invoice.su/api/v2"

// Name is the gateway's name in errors.
const Name = "Invoice API v2"

// Client calls Invoice API v2 for one merchant.
type Client struct {
	gateway *transport.Client
	baseURL string
	header  http.Header
	// accepted is set once the gateway has answered a call with an object: the address
	// and the credentials are right.
	accepted atomic.Bool
}

// New makes a client. The merchant id and the API key go into every request as
// HTTP Basic credentials (guide, section 6.2).
func New(baseURL, merchantID, apiKey string, config transport.Config) *Client {
	credentials := base64.StdEncoding.EncodeToString([]byte(merchantID + ":" + apiKey))
	return &Client{
		gateway: transport.New(config.For(Name, RepeatRules, apiKey, credentials)),
		baseURL: strings.TrimRight(baseURL, "/"),
		header: http.Header{
			"Authorization": {"Basic " + credentials},
			"Content-Type":  {"application/json"},
			"Accept":        {"application/json"},
		},
	}
}

// answerOf is an answer that proves itself by its id.
type answerOf[T any] interface {
	*T
	identity() values.ID
}

// call sends one request and decodes the answer. T is what the answer holds.
func call[T any, P answerOf[T]](ctx context.Context, c *Client, operation string, request any) (P, error) {
	body, err := json.Marshal(request)
	if err != nil {
		return nil, c.gateway.NotSent(operation, err)
	}
	answer, err := c.gateway.Do(ctx, transport.Call{
		Operation: operation,
		Method:    http.MethodPost,
		URL:       c.baseURL + "/" + operation,
		Header:    c.header,
		Body:      body,
	})
	if err != nil {
		return nil, err
	}
	object, failure := decode[T, P](answer)
	if failure != nil {
		return nil, c.gateway.Error(operation, failure)
	}
	c.accepted.Store(true)
	return object, nil
}

// callByID sends a request with an id alone, and refuses an answer about another
// object. what is a word for the object.
func callByID[T any, P answerOf[T]](ctx context.Context, c *Client, operation, what, id string) (P, error) {
	object, err := call[T, P](ctx, c, operation, map[string]string{"id": id})
	if err == nil && !isSameID(object.identity(), id) {
		return nil, c.aboutAnother(operation, what, id, object.identity())
	}
	return object, err
}

// isSameID reports whether an answer is about what was asked for; a gateway may
// leave the id out.
func isSameID(got values.ID, asked string) bool {
	return got == "" || values.SameID(string(got), asked)
}

// aboutAnother is the error for an answer about another object: whatever was found, it
// is not to be adopted, and not to be closed.
func (c *Client) aboutAnother(operation, what, asked string, got values.ID) error {
	return c.gateway.Error(operation, &transport.Error{Status: http.StatusOK, Outcome: transport.Unclear,
		Cause: fmt.Errorf("%s %q was asked for, and the answer is about %q", what, asked, got)})
}

func decode[T any, P answerOf[T]](answer *transport.Answer) (P, *transport.Error) {
	if refusal := parseRefusal(answer.Body); refusal != nil {
		e := answer.Refusal(refusal.code, refusal.text)
		e.Fields = refusal.fields
		if !refusal.isDocumented() && !refusal.hasReason() {
			e.Outcome = answer.Unusable(nil).Outcome // something may have broken while it worked
		}
		return nil, e
	}
	if !answer.IsSuccess() {
		return nil, answer.Unusable(nil)
	}
	object := P(new(T))
	// Unmarshal, unlike a decoder, refuses anything after the document.
	if err := json.Unmarshal(bytes.TrimSpace(answer.Body), object); err != nil {
		return nil, answer.Unusable(err)
	}
	if object.identity() == "" {
		return nil, answer.Unusable(errors.New("it holds no id"))
	}
	return object, nil
}
