// Package p2p is the client of the merchant invoices API («Создание инвойса»):
// invoices by which money comes in (type in) and payouts (type out).
//
// A request is JSON, signed with the store's secret key. An answer holds one
// InvoiceDTO, bare or in an array; an error is HTTP 4xx with an array of
// {"message":"…"}.
package p2p

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the gateway's own choice for its signature
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// Name is the gateway's name in errors.
const Name = "Merchant invoices (P2P)"

const (
	pathInvoices   = "/api/merchant/invoices"
	pathInternalID = "/api/merchant/internal-id/"
)

// Client calls the API for one store.
type Client struct {
	gateway *transport.Client
	baseURL string
	apiKey  string
	secret  []byte
	// findsByInternalID is set once the server has found an invoice by its internal id.
	// Only then does its 404 mean that there is none: a server without that call always
	// answers 404.
	findsByInternalID atomic.Bool
	// isMet is set once the server has answered in the gateway's own words.
	isMet atomic.Bool
}

// New makes a client. The API key identifies the store (X-Identity), the secret
// key signs requests (X-Signature) and is never sent.
func New(baseURL, apiKey, secretKey string, config transport.Config) *Client {
	return &Client{
		gateway: transport.New(config.For(Name, RepeatRules, apiKey, secretKey)),
		baseURL: strings.TrimSuffix(strings.TrimRight(baseURL, "/"), "/api/merchant"), // many write the whole path
		apiKey:  apiKey,
		secret:  []byte(secretKey),
	}
}

// request is one call and what must be masked in its log.
type request struct {
	operation, method, path string
	asked                   string // the id that a look-up asks for
	body                    []byte
	secrets                 []string
}

// do signs and sends. A repetition has the same signature, as it has the same
// method, address and body.
func (c *Client) do(ctx context.Context, r request) (*transport.Answer, error) {
	address, err := url.Parse(c.baseURL + r.path)
	if err != nil {
		return nil, c.gateway.NotSent(r.operation, err)
	}
	// What is signed must be, to the letter, what is sent.
	full := address.String()
	signature := sign(c.secret, r.method, full, r.body)
	header := http.Header{
		"Accept":      {"application/json"},
		"X-Identity":  {c.apiKey},
		"X-Signature": {signature},
	}
	if len(r.body) > 0 {
		header.Set("Content-Type", "application/json")
	}
	secrets := slices.Concat(r.secrets, []string{signature})
	answer, err := c.gateway.Do(ctx, transport.Call{
		Operation: r.operation,
		Method:    r.method,
		URL:       full,
		Header:    header,
		Body:      r.body,
		Secrets:   secrets,
	})
	if err != nil {
		return nil, err
	}
	failure := judge(answer)
	if failure == nil || failure.Text != "" {
		c.isMet.Store(true)
	}
	if failure != nil {
		return nil, c.gateway.Error(r.operation, failure, secrets...)
	}
	return answer, nil
}

// sign makes X-Signature: base64 of HMAC-SHA1 over method, full address and
// body, with nothing between them.
func sign(secret []byte, method, address string, body []byte) string {
	mac := hmac.New(sha1.New, secret)
	mac.Write([]byte(method + address))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// invoice sends a call whose answer is an invoice.
func (c *Client) invoice(ctx context.Context, r request) (*Invoice, error) {
	answer, err := c.do(ctx, r)
	if err != nil {
		return nil, err
	}
	invoice, err := parseInvoice(answer.Body)
	if err == nil && r.method == http.MethodGet && !r.isAnsweredBy(invoice) {
		err = errors.New("it is about another invoice")
	}
	if err != nil {
		return nil, c.gateway.Error(r.operation, answer.Unusable(err), r.secrets...)
	}
	return invoice, nil
}

// isAnsweredBy reports whether a look-up brought what was asked for.
func (r request) isAnsweredBy(i *Invoice) bool {
	if r.operation == opFindInternalID {
		return values.SameID(string(i.InternalID), r.asked)
	}
	return values.SameID(string(i.ID), r.asked)
}

func invoicePath(id string) string { return pathInvoices + "/" + url.PathEscape(id) }

// judge returns what is wrong with an answer, nil for a success.
func judge(answer *transport.Answer) *transport.Error {
	if text, refused := parseErrors(answer.Body); refused {
		return answer.Refusal("", text)
	}
	if answer.IsSuccess() && !answer.IsHTML() {
		return nil
	}
	return answer.Unusable(nil)
}

// parseErrors reads the error shape, [{"message":"…"}], and joins its messages.
func parseErrors(body []byte) (text string, ok bool) {
	var list []struct {
		ID      json.RawMessage `json:"id"`
		Message *values.Text    `json:"message"`
	}
	if json.Unmarshal(body, &list) != nil || len(list) == 0 {
		return "", false
	}
	messages := make([]string, 0, len(list))
	for _, one := range list {
		// An invoice has an id; an error has none.
		if one.ID != nil || one.Message == nil {
			return "", false
		}
		messages = append(messages, string(*one.Message))
	}
	return strings.Join(messages, "; "), true
}

// isNotFound reports whether the gateway's own words came with HTTP 404. A 404 of
// anyone else (a proxy, another server) says nothing about the invoice.
func isNotFound(err error) bool {
	e, ok := transport.AsRefusal(err)
	return ok && e.Status == http.StatusNotFound && e.Text != ""
}

// IsStrangersPage reports whether a page, and not the gateway in its own words, has
// denied access: the keys are wrong, or it is another server.
func IsStrangersPage(err error) bool {
	e, ok := errors.AsType[*transport.Error](err)
	if !ok || e.Text != "" {
		return false
	}
	switch e.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired:
		return true
	}
	return e.Status/100 == 3
}

// noInvoice is an id that no invoice has.
const noInvoice = "00000000-0000-0000-0000-000000000000"

// Meet reports whether the server is the gateway's: it answers in the gateway's own
// words, if only that there is no such invoice. With a wrong address, a page answers.
func (c *Client) Meet(ctx context.Context) bool {
	if !c.isMet.Load() {
		_, _ = c.FindInvoice(ctx, noInvoice)
	}
	return c.isMet.Load()
}

var errEmptyList = errors.New("an empty list where one invoice belongs")

func parseInvoice(body []byte) (*Invoice, error) {
	body = bytes.TrimSpace(body)
	if len(body) > 0 && body[0] == '[' {
		var list []json.RawMessage
		if err := json.Unmarshal(body, &list); err != nil {
			return nil, err
		}
		if len(list) == 0 {
			return nil, errEmptyList
		}
		if len(list) != 1 {
			return nil, fmt.Errorf("a list of %d where one invoice belongs", len(list))
		}
		body = list[0]
	}
	var wire struct {
		Invoice
		Deal Deals `json:"deal"`
	}
	if err := json.Unmarshal(body, &wire); err != nil {
		return nil, err
	}
	if wire.ID == "" {
		return nil, errors.New("it holds no id")
	}
	invoice := wire.Invoice
	invoice.Deals = invoice.Deals.with(wire.Deal)
	return &invoice, nil
}
