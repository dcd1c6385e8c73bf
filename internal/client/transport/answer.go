package transport

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/mask"
)

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

// Location is where a redirect leads, as people read it: server and path. The rest
// may hold anything.
func (a *Answer) Location() string {
	location, err := url.Parse(a.Header.Get("Location"))
	if err != nil {
		return "an address that cannot be read"
	}
	plain := location.Path
	if location.Host != "" {
		plain = location.Scheme + "://" + location.Host + plain
	}
	return plain
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

// provesNothingDone: by its HTTP status alone a call was not carried out. A 503
// says no such thing, with Retry-After or without: proxies put that on their own
// answer when a server did not end its work in time.
func provesNothingDone(status int) bool { return status == http.StatusTooManyRequests }
