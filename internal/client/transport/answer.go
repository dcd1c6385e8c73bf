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

// Refusal is an answer in which the gateway says in its own words that it does not do
// what it was asked for. The words decide with a 2xx or 4xx alone: with a 5xx or a
// redirect something may have gone wrong beside them, 408 and 429 are for coming back
// later.
func (a *Answer) Refusal(code, text string) *Error {
	e := a.Unusable(nil)
	e.Code, e.Text, e.Cause = code, text, nil
	if a.IsSuccess() || a.Status/100 == 4 && a.Status != http.StatusRequestTimeout && a.Status != http.StatusTooManyRequests {
		e.Outcome = Refused
	}
	return e
}

// Unusable describes an answer that is not the gateway's: an HTML page, an
// empty body, half a JSON document. What it says about the outcome follows
// from the HTTP status alone.
func (a *Answer) Unusable(cause error) *Error {
	e := &Error{Status: a.Status, Outcome: a.outcome(), UnderWay: a.isUnderWay(), TimedOut: isTimeout(a.Status)}
	excerpt := mask.Excerpt(string(a.Body), a.secrets)
	switch {
	case a.IsRedirect():
		e.Cause = fmt.Errorf("redirected to %q: wrong login, or base_url names the wrong server", a.Location())
	case a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden:
		e.Cause = fmt.Errorf("the server denies access: wrong credentials, or base_url names the wrong server: «%s»", excerpt)
	case a.Status == http.StatusNotFound && cause == nil:
		e.Cause = fmt.Errorf("the server has nothing at this address: check the path of base_url: «%s»", excerpt)
	case a.IsHTML():
		e.Cause = fmt.Errorf("the answer is an HTML page, not JSON: base_url may name the wrong server, or a proxy answered: «%s»", excerpt)
	case len(bytes.TrimSpace(a.Body)) == 0:
		e.Cause = errors.New("the answer is empty")
	case cause != nil:
		e.Cause = fmt.Errorf("the answer cannot be read: %w: «%s»", cause, excerpt)
	default:
		e.Cause = fmt.Errorf("unexpected answer: «%s»", excerpt)
	}
	return e
}

// IsSuccess reports whether the HTTP status is one of success.
func (a *Answer) IsSuccess() bool { return a.Status/100 == 2 }

// IsRedirect reports whether the HTTP status sends to another address.
func (a *Answer) IsRedirect() bool { return a.Status/100 == 3 }

// IsHTML reports whether the body is a page. With HTTP 200 it is a proxy's, or a login
// form.
func (a *Answer) IsHTML() bool { return bytes.HasPrefix(bytes.TrimSpace(a.Body), []byte("<")) }

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

// provesNothingDone reports whether an HTTP status alone says that a call was not
// carried out. A 503 does not, with Retry-After or without: proxies put that on their
// own answer when a server did not end its work in time.
func provesNothingDone(status int) bool { return status == http.StatusTooManyRequests }

// isTurnedAway reports whether an HTTP status says that a call was not carried out, as
// far as that may be believed of one that can be looked up, or repeated. Statuses that
// HTTP does not define, such as 499, say nothing, and neither do 408 and 409.
func isTurnedAway(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true // to be sent to another address
	case http.StatusRequestTimeout, http.StatusConflict:
		return false
	}
	return status/100 == 4 && http.StatusText(status) != ""
}

// isUnderWay reports whether whoever answered did so before the gateway's end, or
// maybe did.
func (a *Answer) isUnderWay() bool {
	return a.Status >= 500 || isTimeout(a.Status) || a.IsSuccess() && a.IsHTML()
}

// isTimeout reports whether a proxy did not wait for the gateway's end. 499 is
// nginx's, 522 and 524 are Cloudflare's, 598 and 599 others'.
func isTimeout(status int) bool {
	switch status {
	case http.StatusRequestTimeout, 499, http.StatusGatewayTimeout, 522, 524, 598, 599:
		return true
	}
	return false
}
