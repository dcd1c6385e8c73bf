package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"slices"
	"sync/atomic"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/mask"
	"golang.org/x/time/rate"
)

// maxBody bounds what is read of an answer.
const maxBody = 16 << 20

// attemptError is one attempt that brought no complete answer.
type attemptError struct {
	// sent is false when no connection was ever obtained (refused, no such
	// host, failed handshake): then the gateway provably did nothing.
	sent bool
	err  error
}

func (e *attemptError) Error() string { return e.err.Error() }
func (e *attemptError) Unwrap() error { return e.err }

// attempt is the innermost link of the chain: one request, one complete answer.
// It waits for its turn, bounds the time and the size, and reads the body to
// its end, so that an answer cut in half is an error here and nowhere else.
type attempt struct {
	base    http.RoundTripper
	limiter *rate.Limiter
	timeout time.Duration
	grace   time.Duration
	breaker *breaker
	log     LogFunc
	secrets []string
}

func newAttempt(config Config) *attempt {
	limit := rate.Inf
	if config.RequestsPerSecond > 0 {
		limit = config.RequestsPerSecond
	}
	return &attempt{
		base:    newConnections(),
		limiter: rate.NewLimiter(limit, 1),
		timeout: config.RequestTimeout,
		grace:   config.StopGrace,
		breaker: &breaker{pause: probePause},
		log:     config.Log,
		secrets: config.Secrets,
	}
}

func (a *attempt) RoundTrip(req *http.Request) (*http.Response, error) {
	// Waiting for a turn is not part of the time an answer may take.
	if err := a.begin(req.Context()); err != nil {
		return nil, &attemptError{sent: false, err: err}
	}
	var connected atomic.Bool
	ctx, release := outlive(req.Context(), a.grace, connected.Load)
	defer release()
	ctx, cancel := context.WithTimeout(ctx, a.timeout)
	defer cancel()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) {
			if connected.Swap(true) {
				// net/http repeats by itself what was cut on a connection that was kept,
				// if it is a GET, or if nothing of it was sent. That is a request like any
				// other. Should the context end meanwhile, net/http sees it as well.
				defer pauseMaxWait(ctx)()
				_ = a.limiter.Wait(ctx)
			}
		},
	})

	started := time.Now()
	resp, err := a.base.RoundTrip(req.WithContext(ctx))
	if err != nil {
		a.debug(req, started, map[string]any{"error": err.Error()})
		err = a.explain(ctx, req, err)
		if connected.Load() {
			a.breaker.unanswered(req.Context(), err)
		}
		return nil, &attemptError{sent: connected.Load(), err: err}
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	_ = resp.Body.Close()
	if err == nil && len(body) > maxBody {
		err = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)
	}
	if err != nil {
		a.debug(req, started, map[string]any{"status": resp.StatusCode, "error": err.Error()})
		err = fmt.Errorf("the answer (HTTP %d) broke off: %w", resp.StatusCode, a.explain(ctx, req, err))
		a.breaker.unanswered(req.Context(), err)
		return nil, &attemptError{sent: true, err: err}
	}
	a.breaker.answered()
	a.debug(req, started, map[string]any{"status": resp.StatusCode})
	a.trace(req, resp.StatusCode, body)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// begin waits for the call's turn.
func (a *attempt) begin(ctx context.Context) error {
	if err := a.breaker.refuses(ctx, false); err != nil {
		return err // without waiting
	}
	resume := pauseMaxWait(ctx)
	err := a.limiter.Wait(ctx)
	resume()
	if err != nil {
		return err
	}
	return a.breaker.refuses(ctx, true)
}

// explain says which limit was reached: Go's own words for it are "context
// deadline exceeded", which tells a user nothing.
func (a *attempt) explain(ctx context.Context, req *http.Request, err error) error {
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("the connection was cut before an answer came: %w", err)
	}
	if ctx.Err() == context.DeadlineExceeded && req.Context().Err() != context.DeadlineExceeded {
		return fmt.Errorf("no answer within %s (request_timeout): %w", a.timeout, err)
	}
	return err
}

func (a *attempt) debug(req *http.Request, started time.Time, fields map[string]any) {
	if a.log == nil {
		return
	}
	secrets := slices.Concat(a.secrets, secretsOf(req.Context()))
	if text, ok := fields["error"].(string); ok { // it may quote what a server sent
		fields["error"] = mask.Payers(mask.Text(text, secrets))
	}
	fields["method"] = req.Method
	fields["url"] = mask.URL(req.URL, secrets)
	fields["duration_ms"] = time.Since(started).Milliseconds()
	a.log(req.Context(), LevelDebug, "gateway call", fields)
}

func (a *attempt) trace(req *http.Request, status int, answer []byte) {
	if a.log == nil {
		return
	}
	secrets := slices.Concat(a.secrets, secretsOf(req.Context()))
	fields := map[string]any{"url": mask.URL(req.URL, secrets), "status": status, "answer": mask.Body(answer, secrets)}
	if req.GetBody != nil {
		if body, err := req.GetBody(); err == nil {
			sent, _ := io.ReadAll(body)
			fields["request"] = mask.Body(sent, secrets)
		}
	}
	a.log(req.Context(), LevelTrace, "gateway call, bodies", fields)
}

// callSecrets is where a context carries [Call.Secrets] to the log.
type callSecrets struct{}

func secretsOf(ctx context.Context) []string {
	secrets, _ := ctx.Value(callSecrets{}).([]string)
	return secrets
}
