package transport

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
	if call.Final != nil && decides(resp.StatusCode) && call.Final(peek(resp)) {
		return false
	}
	if repeat == atOnce && resp.StatusCode >= 500 {
		return true
	}
	return provesNothingDone(resp.StatusCode)
}

// provesNothingDone: by its HTTP status alone a call was not carried out. A 503
// says no such thing, with Retry-After or without: proxies put that on their own
// answer when a server did not end its work in time.
func provesNothingDone(status int) bool { return status == http.StatusTooManyRequests }

// leavesDoubt: after an attempt that ended like this, the call may have been
// carried out.
func leavesDoubt(resp *http.Response, err error) bool {
	if err == nil {
		return resp.StatusCode >= 500
	}
	attempt, ok := errors.AsType[*attemptError](err)
	return !ok || attempt.sent
}

// outcome is what an HTTP status alone says about a call, beside what is known of
// its earlier attempts.
func (a *Answer) outcome() Outcome {
	switch {
	case a.inDoubt:
	case provesNothingDone(a.Status):
		return NotDone
	case isTurnedAway(a.Status) && !a.sentOnce:
		return Refused
	}
	// 2xx too: a success that cannot be read may well be a success. And 302 and
	// 303, with which scripts end what they have done. Of a call that is never
	// repeated, only the gateway's own words say that it was refused: a page with
	// 403 or 404 may be a proxy's, after the work.
	return Unclear
}

// isTurnedAway: by its HTTP status alone a call was not carried out, as far as that
// may be believed of one that can be looked up, or repeated. Statuses that
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

// Decides reports whether the gateway's own words in an answer are its decision. With
// a 5xx or a redirect something may have gone wrong beside it, and 429 is for
// coming back later, whatever the words.
func (a *Answer) Decides() bool { return decides(a.Status) }

func decides(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests:
		return false
	}
	return status/100 == 2 || status/100 == 4
}

// isUnderWay: whoever answered did so before the gateway's end, or maybe did. A
// page with HTTP 200 is a proxy's.
func (a *Answer) isUnderWay() bool {
	return a.Status >= 500 || isTimeout(a.Status) || a.Status/100 == 2 && a.isHTML()
}

// isTimeout: a proxy did not wait for the gateway's end. 499 is nginx's, 522 and
// 524 are Cloudflare's, 598 and 599 others'.
func isTimeout(status int) bool {
	switch status {
	case http.StatusRequestTimeout, 499, http.StatusGatewayTimeout, 522, 524, 598, 599:
		return true
	}
	return false
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
// ours, by its rule. Where that allows for a look-up, an unclear outcome is
// resolved by looking the key up, for as long as the gateway may still be working
// on the request: what is there is taken, and what is absent is created again,
// unless somebody stopped waiting for the gateway's end. It needs the key to have
// been free before: otherwise a look-up proves nothing, and create is called
// directly.
//
// What one attempt leaves unclear stays so, whatever becomes of the next ones,
// until the object is found, or created.
//
// find returns (nil, nil) when the gateway says that there is no such object,
// and an error when it does not say. mine says why a found object cannot be
// the one that was sent.
func CreateByKey[T any](ctx context.Context, c *Client, operation string, create, find func(context.Context) (*T, error), mine func(*T) error) (*T, error) {
	rule, err := c.ruleFor(operation)
	if err != nil || rule.repeat != afterLookUp {
		return create(ctx)
	}
	for attempt := 0; ; attempt++ {
		object, err := create(ctx)
		// Refused after a doubt, it may be so because our first one has arrived.
		late := OutcomeOf(err) != Unclear
		if err == nil || late && attempt == 0 {
			return object, err
		}
		found, findErr := lookUp(ctx, c, attempt, late || isUnderWay(err), find)
		err = unclear(err)
		switch {
		case found != nil && findErr == nil:
			if differs := mine(found); differs != nil {
				return nil, fmt.Errorf("%w; under its key there is another object: %w", err, differs)
			}
			return found, nil
		case ctx.Err() != nil:
			return nil, endedBy(ctx, err, rule.key)
		case findErr != nil:
			return nil, fmt.Errorf("%w; looking it up by its %s did not settle it: %w", err, rule.key, findErr)
		case late:
			return nil, err // the first one may have arrived, and not be shown yet
		case isTimedOut(err):
			return nil, fmt.Errorf("%w; it was looked up by its %s and is not there, but it may still come", err, rule.key)
		case attempt >= c.config.MaxRetries:
			return nil, fmt.Errorf("%w; it was looked up by its %s and is not there", err, rule.key)
		}
	}
}

// lookUp gives a request whose answer was lost time to arrive before it looks. One
// that may still be under way is looked for until patience has run out, also
// where a look-up fails: a later one may show what came meanwhile.
func lookUp[T any](ctx context.Context, c *Client, attempt int, underWay bool, find func(context.Context) (*T, error)) (*T, error) {
	end := time.Now().Add(c.config.Patience)
	for look := 0; ; look++ {
		pause := backoff(c.config.WaitMin, c.config.WaitMax, attempt+look, nil)
		if look > 0 {
			pause = min(pause, time.Until(end)) // the last look comes at the end
		}
		if err := sleep(ctx, pause); err != nil {
			return nil, err
		}
		found, err := find(ctx)
		if found != nil || !underWay || ctx.Err() != nil || isRefusal(err) || !time.Now().Before(end) {
			return found, err
		}
	}
}

// isUnderWay reports whether the gateway may still be working on the failed request.
func isUnderWay(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.UnderWay
}

func isTimedOut(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.TimedOut
}

// unclear is an error of a call that an earlier attempt may have carried out.
func unclear(err error) error {
	if e, ok := errors.AsType[*Error](err); ok && e.Outcome != Unclear {
		corrected := *e
		corrected.Outcome = Unclear
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
