// Package transport is what the clients of all payment gateways share: one
// request with bounded time and size, the rules for repeating it, the rate
// limit, masked logs, and errors that say what is known about the outcome.
//
// From the outside in: [CreateByKey] settles what a lost answer left open,
// [Client.Do] repeats, [exchange] sends once, net/http carries. What an answer
// means is the business of the gateway's own package.
package transport

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/time/rate"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/mask"
	"github.com/invoice-iac/terraform-provider-invoice/internal/keylock"
)

// Config is what the clients of all gateways have in common.
type Config struct {
	// Name is the gateway's name in errors: "Invoice API v2".
	Name string
	// Rules says of each call of the gateway, by its operation, whether it may be
	// sent again.
	Rules map[string]Rule
	// ReadOnly says which setting holds back every call that changes something, in the
	// words of errors. It is "" where none does.
	ReadOnly string
	// MaxRetries is how often a call is repeated after its first attempt.
	MaxRetries int
	// RequestTimeout bounds one attempt, from connecting to the last byte.
	RequestTimeout time.Duration
	// RequestsPerSecond limits the calls to this gateway; 0 means no limit.
	RequestsPerSecond rate.Limit
	// StopGrace is for how long after a stop the answers of calls under way that
	// create or move something are still waited for.
	StopGrace time.Duration
	// WaitMin and WaitMax bound the pause before a repetition.
	WaitMin, WaitMax time.Duration
	// Patience is how long a gateway may go on working on a request that nobody
	// waits for any more. Until then, what is absent may still come.
	Patience  time.Duration
	UserAgent string
	Log       LogFunc
	// Observe, if set, is shown every attempt as it was. Nothing in it is masked.
	Observe func(Attempt)
	// Secrets are values that never reach a log, wherever they stand.
	Secrets []string
}

// For completes a configuration with what only the gateway's own client knows.
func (c Config) For(name string, rules map[string]Rule, secrets ...string) Config {
	c.Name, c.Rules, c.Secrets = name, rules, slices.Concat(c.Secrets, secrets)
	return c
}

// Client sends calls to one gateway.
type Client struct {
	config      Config
	connections connections
	limiter     *rate.Limiter
	breaker     breaker
	locks       keylock.Locks
}

// New makes the client of one gateway.
func New(config Config) *Client {
	return &Client{config: config, connections: newConnections(), limiter: newLimiter(config.RequestsPerSecond)}
}

// Call is one call of a gateway's API.
type Call struct {
	Operation string // the gateway's name of the call: its line in Config.Rules, and for errors
	Method    string
	URL       string
	Header    http.Header
	Body      []byte
	// Secrets are values of this one call that never reach a log: a token that
	// was fetched, a signature.
	Secrets []string
	// IsOptional marks a read that the caller can do without. It is sent once, and that
	// it gets no answer does not count against the gateway.
	IsOptional bool
}

// Do sends a call, repeats it where that is allowed, and returns the last
// answer. The error is an [*Error]; an answer with an HTTP error status is no
// error here, since gateways put their own words into its body.
func (c *Client) Do(ctx context.Context, call Call) (*Answer, error) {
	rule, err := c.ruleFor(call.Operation)
	if err != nil {
		return nil, c.NotSent(call.Operation, err)
	}
	if c.config.ReadOnly != "" && !rule.reads {
		return nil, c.NotSent(call.Operation, &readOnlyError{c.config.ReadOnly})
	}
	request, err := c.newRequest(ctx, call)
	if err != nil {
		return nil, c.NotSent(call.Operation, err, call.Secrets...)
	}
	x := &exchange{Client: c, call: call, rule: rule, secrets: slices.Concat(c.config.Secrets, call.Secrets)}
	response, err := x.repeating().Do(request)
	if err != nil {
		return nil, c.Error(call.Operation, x.fail(ctx, err), call.Secrets...)
	}
	_ = response.Body.Close()
	return x.answer(response), nil
}

func (c *Client) newRequest(ctx context.Context, call Call) (*retryablehttp.Request, error) {
	// An empty body is none: as a reader it would be sent in chunks.
	var body any
	if len(call.Body) > 0 {
		body = call.Body
	}
	request, err := retryablehttp.NewRequestWithContext(ctx, call.Method, call.URL, body)
	if err != nil {
		return nil, err
	}
	maps.Copy(request.Header, call.Header)
	if c.config.UserAgent != "" {
		request.Header.Set("User-Agent", c.config.UserAgent)
	}
	return request, nil
}

// NotSent is the error of a call that was not sent.
func (c *Client) NotSent(operation string, cause error, secrets ...string) *Error {
	return c.Error(operation, &Error{Outcome: NotDone, Cause: cause}, secrets...)
}

// Error completes an error with the gateway's name and the operation, and takes
// out of it what must not be read, the secrets of one call too: some servers
// repeat a request's headers or fields in their errors.
func (c *Client) Error(operation string, e *Error, secrets ...string) *Error {
	e.Gateway, e.Operation = c.config.Name, operation
	all := slices.Concat(c.config.Secrets, secrets)
	hide := func(text string) string { return mask.Text(text, all) }
	e.Code, e.Text, e.Fields = hide(e.Code), hide(e.Text), hideMessages(e.Fields, hide)
	if e.Cause != nil {
		if said := e.Cause.Error(); hide(said) != said {
			e.Cause = &maskedError{hide(said), e.Cause}
		}
	}
	return e
}
