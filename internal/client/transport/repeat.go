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

// repetition says what follows an attempt that left a doubt: no complete answer
// came, or one with a 5xx, 503 with Retry-After included. An attempt that was
// provably not carried out (a refused connection, a failed handshake, 429) is
// followed by the next one whatever the rule.
type repetition int

const (
	never repetition = iota + 1
	afterLookUp
	atOnce
)

// Rule says whether a call may be sent again. Each client has a table with a rule for
// every call of its gateway; a call without a rule is not sent.
type Rule struct {
	repeat repetition
	key    string // what an object is looked up by, in the words of errors
}

// Never is for what moves money, and for what nothing can find again: a doubt ends in
// the error, which says what may have happened. Anything but a success, a proof that
// nothing was done, and the gateway's own words with a 2xx or 4xx leaves a doubt here,
// such as a bare 403. The call goes out on a connection of its own.
func Never() Rule { return Rule{repeat: never} }

// AfterLookUp is for what creates an object that has a key. The object is looked up by
// its key for as long as the gateway may still be working ([Config.Patience]), and taken
// when it is there. Only when it is provably absent then, the call is repeated
// ([CreateByKey]). After a time-out (ours, or 504) it is not, since no patience is long
// enough. Where an object has no key, or the key had an object before the call, and
// whenever the look-up leaves a doubt: the error.
func AfterLookUp(key string) Rule { return Rule{afterLookUp, key} }

// AtOnce is for reads, and for writes that do no more when they are done twice.
func AtOnce() Rule { return Rule{repeat: atOnce} }

// ruleFor returns the rule for a call, and an error where there is none.
func (c *Client) ruleFor(operation string) (Rule, error) {
	rule, ok := c.config.Rules[operation]
	if !ok {
		return Rule{}, fmt.Errorf("there is no rule for repeating %q of %q, so it was not sent: this is a bug in the provider", operation, c.config.Name)
	}
	return rule, nil
}

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

// leavesDoubt: after an attempt that ended like this, the call may have been
// carried out.
func leavesDoubt(resp *http.Response, err error) bool {
	if err == nil {
		return resp.StatusCode >= 500
	}
	attempt, ok := errors.AsType[*attemptError](err)
	return !ok || attempt.sent
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
