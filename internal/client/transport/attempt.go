package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// maxBody bounds what is read of an answer.
const maxBody = 16 << 20

// exchange is one call with all its attempts. It carries the rule and the secrets of
// the call to each attempt, and what the attempts find out back to the rules.
type exchange struct {
	*Client
	call    Call
	rule    Rule
	secrets []string // of the client and of the call

	sent    bool   // the last attempt came to a connection: the gateway may have it
	err     error  // why the last attempt got no complete answer
	body    []byte // of its answer
	inDoubt bool   // one of the attempts may have been carried out
	tries   tries
}

// repeating returns what sends the call and repeats it.
func (x *exchange) repeating() *retryablehttp.Client {
	retries := x.config.MaxRetries
	if x.call.IsOptional {
		retries = 0
	}
	return &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport: x,
			// A redirect would carry the credentials to another address. No
			// gateway redirects a call that it accepts, so it is an error.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		RetryMax:     retries,
		RetryWaitMin: x.config.WaitMin,
		RetryWaitMax: x.config.WaitMax,
		CheckRetry:   x.checkRetry,
		Backoff:      backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
}

// RoundTrip makes one attempt: one request, one complete answer. It waits for its
// turn, bounds the time and the size, and reads the body to its end, so that an
// answer cut in half is an error here and nowhere else.
func (x *exchange) RoundTrip(request *http.Request) (*http.Response, error) {
	run := request.Context()
	x.sent, x.body = false, nil
	if x.err = x.begin(run); x.err != nil {
		return nil, x.err
	}
	var connected atomic.Bool
	ctx, release := x.outlive(run, connected.Load)
	defer release()
	ctx, cancel := context.WithTimeout(ctx, x.config.RequestTimeout)
	defer cancel()

	started := time.Now()
	response, body, err := x.receive(request.WithContext(x.traced(ctx, &connected)))
	x.sent, x.body = connected.Load() || response != nil, body
	x.log(request, started, response, err)
	if x.config.Observe != nil {
		x.config.Observe(Attempt{Operation: x.call.Operation, Duration: time.Since(started), Response: response, Body: body, Err: err})
	}
	if err != nil {
		x.err = x.explain(ctx, run, response, err)
		if x.sent && !x.call.IsOptional {
			x.breaker.unanswered(run, x.err)
		}
		return nil, x.err
	}
	x.breaker.answered()
	return response, nil
}

// begin waits for the attempt's turn, unless the gateway is left alone.
func (x *exchange) begin(ctx context.Context) error {
	if err := x.breaker.refuses(x.rule, false); err != nil {
		return err
	}
	if err := x.awaitTurn(ctx); err != nil {
		return err
	}
	return x.breaker.refuses(x.rule, true)
}

// traced records when the request comes to a connection.
func (x *exchange) traced(ctx context.Context, connected *atomic.Bool) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) {
			if connected.Swap(true) {
				// net/http repeats by itself what was cut on a connection that was kept,
				// if it is a GET, or if nothing of it was sent. That is a request like any
				// other. Should the context end meanwhile, net/http sees it as well.
				_ = x.awaitTurn(ctx)
			}
		},
	})
}

// receive sends a request, and reads the answer. A response with an error is one that
// broke off.
func (x *exchange) receive(request *http.Request) (response *http.Response, body []byte, err error) {
	response, err = x.connections.of(x.rule).RoundTrip(request)
	if err != nil {
		return nil, nil, err
	}
	body, err = io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	_ = response.Body.Close()
	response.Body = http.NoBody
	if err == nil && len(body) > maxBody {
		err = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)
	}
	return response, body, err
}

// explain says which limit was reached: Go's own words for it are "context
// deadline exceeded", which tells a user nothing.
func (x *exchange) explain(ctx, run context.Context, response *http.Response, err error) error {
	switch {
	case errors.Is(err, io.EOF):
		err = fmt.Errorf("the connection was cut before an answer came: %w", err)
	case ctx.Err() == context.DeadlineExceeded && run.Err() != context.DeadlineExceeded:
		err = fmt.Errorf("no answer within %s (request_timeout): %w", x.config.RequestTimeout, err)
	}
	if response != nil {
		return fmt.Errorf("the answer (HTTP %d) broke off: %w", response.StatusCode, err)
	}
	return err
}

// answer is the last attempt's. PHP scripts that were saved with a byte order mark
// send one.
func (x *exchange) answer(response *http.Response) *Answer {
	return &Answer{
		Status: response.StatusCode, Header: response.Header, Body: bytes.TrimPrefix(x.body, []byte("\ufeff")),
		secrets: x.secrets, sentOnce: x.rule.repeat == never, inDoubt: x.inDoubt,
	}
}

// fail ends a call without an answer, and says what is known of it.
func (x *exchange) fail(ctx context.Context, err error) *Error {
	e := &Error{Outcome: NotDone, Cause: err}
	if x.inDoubt {
		e.Outcome = Unclear
	}
	if x.isEndOfAttempt(err) { // else it was the end of a pause
		e.Cause = x.err // without net/http's `Post "https://…": ` in front: the operation says it
		e.UnderWay = x.sent
		waited, ok := errors.AsType[net.Error](x.err) // the context's end is one
		e.TimedOut = x.sent && (ok && waited.Timeout() || errors.Is(err, context.Canceled))
		if !x.sent && !x.call.IsOptional && !isRefusal(err) {
			x.breaker.unanswered(ctx, x.err) // once for the whole call
		}
	}
	e.Cause = x.tries.explain(ctx, e.Cause)
	return e
}

// isEndOfAttempt reports whether an error is the last attempt's. Others are those of
// a pause before a repetition, and of an answer that redirects to nowhere.
func (x *exchange) isEndOfAttempt(err error) bool {
	return isA[*url.Error](err) && x.err != nil
}
