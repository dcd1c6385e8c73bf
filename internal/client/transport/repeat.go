package transport

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Rule says whether a call may be sent again after an attempt that left a doubt: no
// complete answer came, or one with a 5xx, 503 with Retry-After included. An attempt
// that was provably not carried out (a refused connection, a failed handshake, 429) is
// followed by the next one whatever the rule.
//
// Each client has a table with a rule for every call of its gateway. A call without a
// rule is not sent.
type Rule struct {
	repeat repetition
	key    string // what an object is looked up by, in the words of errors
	reads  bool   // it changes nothing; a rule that nobody thought about does
}

type repetition int

const (
	never repetition = iota + 1
	afterLookUp
	atOnce
)

// Never is for what moves money, and for what nothing can find again. A doubt ends in
// the error, which says what may have happened, or in a [LookUp]. Anything but a success, a proof that
// nothing was done, and the gateway's own words with a 2xx or 4xx leaves a doubt here,
// such as a bare 403. The call goes out on a connection of its own.
func Never() Rule { return Rule{repeat: never} }

// AfterLookUp is for what creates an object that has a key. The object is looked up by
// its key for as long as the gateway may still be working ([Config.Patience]), and taken
// when it is there. Only when it is provably absent then, the call is repeated
// ([CreateByKey]). After a time-out (ours, or 504) it is not, since no patience is long
// enough. Where an object has no key, or the key had an object before the call, and
// whenever the look-up leaves a doubt: the error.
func AfterLookUp(key string) Rule { return Rule{repeat: afterLookUp, key: key} }

// AtOnce is for writes that do no more when they are done twice.
func AtOnce() Rule { return Rule{repeat: atOnce} }

// Read is for what changes nothing at the gateway. It is repeated at once, and sent
// even where [Config.ReadOnly] holds back all other calls.
func Read() Rule { return Rule{repeat: atOnce, reads: true} }

// ruleFor returns the rule for a call, and an error where there is none.
func (c *Client) ruleFor(operation string) (Rule, error) {
	rule, ok := c.config.Rules[operation]
	if !ok {
		return Rule{}, fmt.Errorf("there is no rule for repeating %q of %q, so it was not sent: this is a bug in the provider", operation, c.config.Name)
	}
	return rule, nil
}

// checkRetry is the hook that sees the end of each attempt and decides whether there
// is another. Exactly one of response and err is set.
func (x *exchange) checkRetry(ctx context.Context, response *http.Response, err error) (bool, error) {
	x.inDoubt = x.inDoubt || x.sent && (err != nil || response.StatusCode >= 500)
	x.tries.add(response, cmp.Or(x.err, err))
	return ctx.Err() == nil && x.mayRepeat(response, err), nil
}

func (x *exchange) mayRepeat(response *http.Response, err error) bool {
	switch {
	case err == nil:
		return provesNothingDone(response.StatusCode) || x.rule.repeat == atOnce && response.StatusCode >= 500
	case x.err == nil || isPermanent(err): // answered with a redirect to nowhere, or hopeless
		return false
	}
	return x.rule.repeat == atOnce || !x.sent
}

// isPermanent reports whether the next attempt would fail in the same way.
func isPermanent(err error) bool {
	return isA[*tls.CertificateVerificationError](err) || isA[x509.UnknownAuthorityError](err) || isA[x509.HostnameError](err) ||
		errors.Is(err, context.Canceled) || isRefusal(err)
}

// maxRetryAfter caps what a gateway may ask us to wait before one repetition.
const maxRetryAfter = time.Minute

// backoff doubles the pause from attempt to attempt and takes a random part of
// it, so that calls that failed together do not come back together.
func backoff(minPause, maxPause time.Duration, attempt int, response *http.Response) time.Duration {
	if response != nil {
		if wait, ok := retryAfter(response.Header.Get("Retry-After"), time.Now()); ok {
			return min(wait, maxRetryAfter)
		}
	}
	pause := minPause << min(attempt, 16)
	if pause > maxPause || pause <= 0 {
		pause = maxPause
	}
	return pause/2 + rand.N(pause/2+1) //nolint:gosec // jitter needs no secrecy
}

// retryAfter reads the header in both of its forms, seconds and a date.
func retryAfter(header string, now time.Time) (time.Duration, bool) {
	if digits := strings.TrimPrefix(header, "+"); digits != "" && strings.Trim(digits, "0123456789") == "" {
		seconds, err := strconv.Atoi(digits)
		if err != nil { // more than an integer holds
			return maxRetryAfter, true
		}
		return time.Duration(min(seconds, int(maxRetryAfter/time.Second))) * time.Second, true
	}
	if date, err := http.ParseTime(header); err == nil {
		return max(date.Sub(now), 0), true
	}
	return 0, false
}
