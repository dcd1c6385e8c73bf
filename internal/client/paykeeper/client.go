// Package paykeeper is the client of PayKeeper's invoices («JSON API
// PayKeeper», section 3 «Счета»), and of the payments (section 2) with their refunds, for
// which there are only the lists of calls and what public clients do.
//
// Reads are GETs with a query, changes are POSTs of a form that carries the
// security token. An answer is JSON whatever its Content-Type says (often
// text/html), so it is judged by its content; a refusal comes with HTTP 200.
package paykeeper

import (
	"bytes"
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// Name is the gateway's name in errors.
const Name = "PayKeeper"

// Client calls the PayKeeper server of one merchant.
type Client struct {
	gateway *transport.Client
	baseURL string
	login   string
	header  http.Header
	token   *transport.TokenSource
	zone    *time.Location
	// noSearch is set once the server has answered that it has no search.
	noSearch atomic.Bool
	// seen is an invoice with an order id that the server has shown. A search that finds
	// it proves that the server searches order ids, and how late its search is.
	seen atomic.Pointer[Invoice]
	// accepted is set once the server has accepted the credentials.
	accepted atomic.Bool
	refresh  refresh
	refunds  ownRefunds
}

// New makes a client. The login and the password go into every request as HTTP
// Basic credentials.
func New(baseURL, login, password string, config transport.Config) *Client {
	credentials := base64.StdEncoding.EncodeToString([]byte(login + ":" + password))
	c := &Client{
		gateway: transport.New(config.For(Name, RepeatRules, password, credentials)),
		baseURL: strings.TrimRight(baseURL, "/"),
		login:   login,
		zone:    values.Moscow,
		refresh: newRefresh(),
		header: http.Header{
			"Authorization": {"Basic " + credentials},
			"Accept":        {"application/json"},
		},
	}
	c.token = &transport.TokenSource{Operation: pathToken, Fetch: c.fetchToken, IsStale: isStaleToken}
	return c
}

// SetZone sets the server's zone, before the first call; the default is Moscow. The
// server writes times without an offset, and takes days.
func (c *Client) SetZone(zone *time.Location) { c.zone = zone }

// BaseURL is the address of the server, without a slash at its end.
func (c *Client) BaseURL() string { return c.baseURL }

// Login is the account that makes the calls.
func (c *Client) Login() string { return c.login }

// Zone is the zone of the server.
func (c *Client) Zone() *time.Location { return c.zone }

// local moves the times of an invoice to the server's zone.
func (c *Client) local(i *Invoice) { c.moveTimes(&i.Created, &i.Expires, &i.Paid) }

// moveTimes moves times without an offset, which were read as Moscow time, to the
// server's zone.
func (c *Client) moveTimes(times ...*values.Time) {
	for _, t := range times {
		if t.IsNaive() {
			year, month, day := t.Date()
			hour, minute, second := t.Clock()
			t.Time = time.Date(year, month, day, hour, minute, second, t.Nanosecond(), c.zone)
		}
	}
}

// InvoiceURL is the page on which an invoice is paid. Only preview answers it (section
// 3.4), so for an invoice that was looked up it is built.
func (c *Client) InvoiceURL(id string) string {
	return c.baseURL + "/bill/" + url.PathEscape(id) + "/"
}

// get reads.
func (c *Client) get(ctx context.Context, path string, query url.Values) ([]byte, *transport.Answer, error) {
	return c.do(ctx, c.read(path, query))
}

// getOptional reads what the caller can do without.
func (c *Client) getOptional(ctx context.Context, path string, query url.Values) ([]byte, error) {
	call := c.read(path, query)
	call.IsOptional = true
	body, _, err := c.do(ctx, call)
	return body, err
}

func (c *Client) read(path string, query url.Values) transport.Call {
	address := c.baseURL + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	return transport.Call{Operation: path, Method: http.MethodGet, URL: address, Header: c.header, Secrets: c.token.Seen()}
}

// change posts a form with the token. It is posted again, once, after a refusal because of
// the token.
func (c *Client) change(ctx context.Context, path string, form url.Values) (body []byte, answer *transport.Answer, err error) {
	err = c.gateway.WithToken(ctx, c.token, func(token string) error {
		body, answer, err = c.post(ctx, path, form, token)
		return err
	})
	return body, answer, err
}

// post posts a form with a token.
func (c *Client) post(ctx context.Context, path string, form url.Values, token string) ([]byte, *transport.Answer, error) {
	header := c.header.Clone()
	header.Set("Content-Type", "application/x-www-form-urlencoded")
	form.Set("token", token)
	return c.do(ctx, transport.Call{
		Operation: path,
		Method:    http.MethodPost,
		URL:       c.baseURL + path,
		Header:    header,
		Body:      []byte(form.Encode()),
		Secrets:   c.token.Seen(),
	})
}

// do sends a call, and returns the JSON of an answer that is not a refusal.
func (c *Client) do(ctx context.Context, call transport.Call) ([]byte, *transport.Answer, error) {
	answer, err := c.gateway.Do(ctx, call)
	if err != nil {
		return nil, nil, err
	}
	body := content(answer.Body)
	if failure := judge(answer, body); failure != nil {
		return nil, nil, c.gateway.Error(call.Operation, failure, call.Secrets...)
	}
	c.accepted.Store(true)
	return body, answer, nil
}

// unusable is the error for an answer of the gateway that cannot be read.
func (c *Client) unusable(path string, answer *transport.Answer, cause error) error {
	return c.gateway.Error(path, answer.Unusable(cause), c.token.Seen()...)
}

// content is a body without the white space and the byte order mark that PHP files may
// put around their output.
func content(body []byte) []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(body), []byte("\xef\xbb\xbf")))
}
