// Package transport is what the clients of all payment gateways share: one
// request with bounded time and size, the rules for repeating it, the rate
// limit, masked logs, and errors that say what is known about the outcome.
//
// From the outside in: [Client.Do] repeats, [attempt] sends once, net/http
// carries. What an answer means is the business of the gateway's own package.
package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/mask"
	"github.com/invoice-iac/terraform-provider-invoice/internal/keylock"
	"golang.org/x/time/rate"
)

// Config is what the clients of all gateways have in common.
type Config struct {
	// Name is the gateway's name in errors: "Invoice API v2".
	Name string
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
	// waits for any more: so long what is absent may still come.
	Patience  time.Duration
	UserAgent string
	Log       LogFunc
	// Secrets are values that never reach a log, wherever they stand.
	Secrets []string
}

// Client sends calls to one gateway.
type Client struct {
	config  Config
	http    *http.Client
	breaker *breaker
	locks   keylock.Locks
}

// New makes the client of one gateway.
func New(config Config) *Client {
	once := newAttempt(config)
	return &Client{
		config:  config,
		breaker: once.breaker,
		http: &http.Client{
			Transport: once,
			// A redirect would carry the credentials to another address. No
			// gateway redirects a call that it accepts, so it is an error.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// Call is one call of a gateway's API.
type Call struct {
	Operation string // the gateway's name of the call: its line in repeatRules, and for errors
	Method    string
	URL       string
	Header    http.Header
	Body      []byte
	// Final reports whether an answer is the gateway's own documented refusal,
	// which no repetition will change. It is asked about 2xx and 4xx only: with
	// another status, no words of an answer decide anything.
	Final func(body []byte) bool
	// Secrets are values of this one call that never reach a log: a token that
	// was fetched, a signature.
	Secrets []string
}

// Answer is a complete answer of a gateway, whatever its HTTP status.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	// secrets are what no error may quote of it.
	secrets []string
	// sentOnce: it answers a call that is never repeated.
	sentOnce bool
	// inDoubt: an earlier attempt may have been carried out.
	inDoubt bool
}

// Do sends a call, repeats it where that is allowed, and returns the last
// answer. The error is an [*Error]; an answer with an HTTP error status is no
// error here, since gateways put their own words into its body.
func (c *Client) Do(ctx context.Context, call Call) (*Answer, error) {
	// An empty body is none: as a reader it would be sent in chunks.
	var body any
	if len(call.Body) > 0 {
		body = call.Body
	}
	ctx = context.WithValue(ctx, callSecrets{}, call.Secrets)
	rule, err := c.ruleFor(call.Operation)
	if err != nil {
		return nil, c.Error(call.Operation, &Error{Outcome: NotDone, Cause: err}, call.Secrets...)
	}
	ctx = withRepetition(ctx, rule.repeat)
	req, err := retryablehttp.NewRequestWithContext(ctx, call.Method, call.URL, body)
	if err != nil {
		return nil, c.Error(call.Operation, &Error{Outcome: NotDone, Cause: err}, call.Secrets...)
	}
	for name, values := range call.Header {
		req.Header[name] = values
	}
	if c.config.UserAgent != "" {
		req.Header.Set("User-Agent", c.config.UserAgent)
	}
	inDoubt := false // one of the attempts may have been carried out
	var tried tries
	repeating := &retryablehttp.Client{
		HTTPClient:   c.http,
		RetryMax:     c.config.MaxRetries,
		RetryWaitMin: c.config.WaitMin,
		RetryWaitMax: c.config.WaitMax,
		Backoff:      backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
		CheckRetry: func(ctx context.Context, resp *http.Response, err error) (bool, error) {
			inDoubt = inDoubt || leavesDoubt(resp, err)
			tried.add(resp, err)
			return ctx.Err() == nil && call.mayRepeat(rule.repeat, resp, err), nil
		},
	}
	resp, err := repeating.Do(req)
	if err != nil {
		failed := transportError(err, inDoubt)
		failed.Cause = tried.explain(ctx, failed.Cause)
		c.breaker.reachedNobody(ctx, err)
		return nil, c.Error(call.Operation, failed, call.Secrets...)
	}
	// The attempt has read the body already: it is in memory.
	answer, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		return nil, c.Error(call.Operation, &Error{Status: resp.StatusCode, Cause: err}, call.Secrets...)
	}
	// PHP scripts that were saved with a byte order mark send one.
	answer = bytes.TrimPrefix(answer, []byte("\ufeff"))
	return &Answer{
		Status: resp.StatusCode, Header: resp.Header, Body: answer, secrets: slices.Concat(c.config.Secrets, call.Secrets),
		sentOnce: rule.repeat == never, inDoubt: inDoubt,
	}, nil
}

// Error completes an error with the gateway's name and the operation, and takes
// out of it what must not be read, the secrets of one call too: some servers
// repeat a request's headers or fields in their errors.
func (c *Client) Error(operation string, e *Error, secrets ...string) *Error {
	e.Gateway, e.Operation = c.config.Name, operation
	all := slices.Concat(c.config.Secrets, secrets)
	mask := func(text string) string { return mask.Text(text, all) }
	e.Code, e.Text, e.Fields = mask(e.Code), mask(e.Text), maskMessages(e.Fields, mask)
	if e.Cause != nil {
		if said := e.Cause.Error(); mask(said) != said {
			e.Cause = &maskedError{mask(said), e.Cause}
		}
	}
	return e
}

// transportError is what is known when no answer came. inDoubt: one of the attempts
// may have been carried out, if only an earlier one.
func transportError(err error, inDoubt bool) *Error {
	e := &Error{Outcome: Unclear, Cause: err}
	if attempt, ok := errors.AsType[*attemptError](err); ok {
		// Without url.Error's `Post "https://…": ` in front: the operation says it.
		e.Cause = attempt.err
		e.UnderWay = attempt.sent
		waited, ok := errors.AsType[net.Error](attempt.err) // the context's end is one
		e.TimedOut = attempt.sent && (ok && waited.Timeout() || errors.Is(err, context.Canceled))
	}
	if !inDoubt {
		e.Outcome = NotDone // no connection, or cancelled in the pause before a repetition
	}
	return e
}

// Unusable describes an answer that is not the gateway's: an HTML page, an
// empty body, half a JSON document. What it says about the outcome follows
// from the HTTP status alone.
func (a *Answer) Unusable(cause error) *Error {
	e := &Error{Status: a.Status, Outcome: a.outcome(), UnderWay: a.isUnderWay(), TimedOut: isTimeout(a.Status)}
	switch {
	case a.Status >= 300 && a.Status < 400:
		e.Cause = fmt.Errorf("redirected to %q: wrong login, or base_url names the wrong server", a.Location())
	case a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden:
		e.Cause = fmt.Errorf("the server does not let us in: wrong credentials, or base_url names the wrong server: «%s»", mask.Excerpt(string(a.Body), a.secrets))
	case a.Status == http.StatusNotFound && cause == nil:
		e.Cause = fmt.Errorf("the server has nothing at this address: check the path of base_url: «%s»", mask.Excerpt(string(a.Body), a.secrets))
	case a.isHTML():
		e.Cause = fmt.Errorf("the answer is an HTML page, not JSON: base_url may name the wrong server, or a proxy answered: «%s»", mask.Excerpt(string(a.Body), a.secrets))
	case len(bytes.TrimSpace(a.Body)) == 0:
		e.Cause = errors.New("the answer is empty")
	case cause != nil:
		e.Cause = fmt.Errorf("the answer cannot be read: %w: «%s»", cause, mask.Excerpt(string(a.Body), a.secrets))
	default:
		e.Cause = fmt.Errorf("unexpected answer: «%s»", mask.Excerpt(string(a.Body), a.secrets))
	}
	return e
}

func (a *Answer) isHTML() bool {
	return bytes.HasPrefix(bytes.TrimSpace(a.Body), []byte("<"))
}
