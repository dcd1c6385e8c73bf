package gateway

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxRetryAfter caps what a gateway may ask us to wait before one repetition.
const maxRetryAfter = time.Minute

// mayRepeat decides after one attempt. Exactly one of resp and err is set.
func (call Call) mayRepeat(repeat repetition, resp *http.Response, err error) bool {
	if err != nil {
		attempt, ok := errors.AsType[*attemptError](err)
		if !ok || isPermanent(err) {
			return false
		}
		return repeat == atOnce || !attempt.sent
	}
	if call.Final != nil && call.Final(peek(resp)) {
		return false
	}
	if repeat == atOnce && resp.StatusCode >= 500 {
		return true
	}
	return toldToWait(resp.StatusCode, resp.Header)
}

// toldToWait: the server turned the request away before doing anything with it.
// A 503 says so only together with Retry-After; alone it may come from a proxy
// that lost a server in the middle of its work.
func toldToWait(status int, header http.Header) bool {
	return status == http.StatusTooManyRequests ||
		status == http.StatusServiceUnavailable && header.Get("Retry-After") != ""
}

// outcome is what an HTTP status alone says about a call.
func (a *Answer) outcome() Outcome {
	switch {
	case toldToWait(a.Status, a.Header):
		return NotDone
	case isTurnedAway(a.Status):
		return Refused
	}
	// 2xx too: a success that cannot be read may well be a success. And 302 and
	// 303, with which scripts end what they have done.
	return Unclear
}

// isTurnedAway: by its HTTP status alone a call was not carried out. Statuses that
// HTTP does not define, such as 499, say nothing, and neither do 408 and 409.
func isTurnedAway(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true // to be sent to another address
	case http.StatusRequestTimeout, http.StatusConflict:
		return false
	}
	return status >= 400 && status < 500 && http.StatusText(status) != ""
}

// Decides tells that the gateway's own words in an answer are its decision. With
// a 5xx or a redirect something may have gone wrong beside it.
func (a *Answer) Decides() bool {
	return a.Status/100 == 2 || a.Status/100 == 4 && a.Status != http.StatusRequestTimeout
}

// isPermanent: the next attempt would fail in the same way.
func isPermanent(err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return true
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return true
	}
	return errors.Is(err, context.Canceled) || isRefusal(err)
}

func peek(resp *http.Response) []byte {
	body, _ := io.ReadAll(resp.Body)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return body
}

// backoff doubles the pause from attempt to attempt and takes a random part of
// it, so that calls that failed together do not come back together.
func backoff(least, most time.Duration, attempt int, resp *http.Response) time.Duration {
	if resp != nil {
		if wait, ok := retryAfter(resp.Header.Get("Retry-After"), time.Now()); ok {
			return min(wait, maxRetryAfter)
		}
	}
	pause := least << min(attempt, 16)
	if pause > most || pause <= 0 {
		pause = most
	}
	return pause/2 + rand.N(pause/2+1) //nolint:gosec // jitter needs no secrecy
}

// retryAfter reads the header in both of its forms, seconds and a date.
func retryAfter(header string, now time.Time) (time.Duration, bool) {
	if digits := strings.TrimPrefix(header, "+"); digits != "" && strings.Trim(digits, "0123456789") == "" {
		seconds, err := strconv.Atoi(digits)
		if err != nil { // out of range: the largest there is
			return maxRetryAfter, true
		}
		return time.Duration(min(seconds, int(maxRetryAfter/time.Second))) * time.Second, true
	}
	if date, err := http.ParseTime(header); err == nil {
		return max(date.Sub(now), 0), true
	}
	return 0, false
}

// CreateByKey carries out the operation that creates an object with a key of
// ours, by its rule. Where that allows for a look-up, an unclear outcome is resolved by looking the key up: what is there is taken,
// and what is absent is created again, unless the gateway may still be working
// on the request. It needs the key to have been free before: otherwise a
// look-up proves nothing, and create is called directly.
//
// find returns (nil, nil) when the gateway says that there is no such object,
// and an error when it does not say. mine tells why a found object cannot be
// the one that was sent.
func CreateByKey[T any](ctx context.Context, c *Client, operation string, create, find func(context.Context) (*T, error), mine func(*T) error) (*T, error) {
	rule, err := c.ruleFor(operation)
	if err != nil || rule.repeat != afterLookUp {
		return create(ctx)
	}
	for attempt := 0; ; attempt++ {
		object, err := create(ctx)
		outcome := OutcomeOf(err)
		lateTwin := outcome != Unclear && attempt > 0 // our first one may have arrived after all
		if err == nil || outcome != Unclear && !lateTwin {
			return object, err
		}
		underWay := IsUnderWay(err)
		found, findErr := lookUp(ctx, c, attempt, underWay, find)
		switch {
		case found != nil && findErr == nil:
			if differs := mine(found); differs != nil {
				return nil, fmt.Errorf("%w; under its key there is another object: %w", err, differs)
			}
			return found, nil
		case ctx.Err() != nil:
			return nil, endedBy(ctx, known(err, Unclear), rule.key)
		case findErr != nil:
			return nil, fmt.Errorf("%w; looking it up by its %s did not settle it: %w", known(err, Unclear), rule.key, findErr)
		case lateTwin:
			// It may be refused because the first one has arrived, and is not shown yet.
			return nil, known(err, Unclear)
		case underWay:
			return nil, fmt.Errorf("%w; it was looked up by its %s and is not there, but it may still come", err, rule.key)
		case attempt >= c.config.MaxRetries:
			return nil, fmt.Errorf("%w; it was looked up by its %s and is not there", known(err, NotDone), rule.key)
		}
	}
}

// lookUp gives a request whose answer was lost time to arrive before it looks.
// One that may still be under way gets as long again as its answer had.
func lookUp[T any](ctx context.Context, c *Client, attempt int, underWay bool, find func(context.Context) (*T, error)) (*T, error) {
	deadline := time.Now().Add(c.config.RequestTimeout)
	for ; ; attempt++ {
		if err := sleep(ctx, backoff(c.config.WaitMin, c.config.WaitMax, attempt, nil)); err != nil {
			return nil, err
		}
		found, err := find(ctx)
		if found != nil || err != nil || !underWay || time.Now().After(deadline) {
			return found, err
		}
	}
}

// IsUnderWay tells that the gateway may still be working on the failed request.
func IsUnderWay(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.UnderWay
}

// known corrects the outcome by what is known beside the last answer: NotDone
// when the object was looked for and is not there, Unclear when an earlier
// attempt may have created what the last one was refused.
func known(err error, outcome Outcome) error {
	if e, ok := errors.AsType[*Error](err); ok {
		corrected := *e
		corrected.Outcome = outcome
		return &corrected
	}
	return err
}

func sleep(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
