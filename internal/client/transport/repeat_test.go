package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"
)

func TestBackoffDoublesWithinItsBounds(t *testing.T) {
	const minPause, maxPause = time.Second, 30 * time.Second
	tests := []struct {
		attempt int
		pause   time.Duration // the whole pause, of which at least half is taken
	}{
		{0, time.Second},
		{1, 2 * time.Second},
		{2, 4 * time.Second},
		{4, 16 * time.Second},
		{5, maxPause},
		{16, maxPause},
		{1 << 30, maxPause}, // no shift by so much
	}
	for _, test := range tests {
		low, high := time.Hour, time.Duration(0)
		for range 300 {
			got := backoff(minPause, maxPause, test.attempt, nil)
			low, high = min(low, got), max(high, got)
		}
		if low < test.pause/2 || high > test.pause {
			t.Errorf("attempt %d: from %s to %s, want within %s and %s", test.attempt, low, high, test.pause/2, test.pause)
		}
		// Calls that failed together must not come back together.
		if high-low < test.pause/4 {
			t.Errorf("attempt %d: from %s to %s is hardly random", test.attempt, low, high)
		}
	}
}

func TestBackoffWithoutBoundsIsNone(t *testing.T) {
	if got := backoff(0, 0, 3, nil); got != 0 {
		t.Errorf("got %s", got)
	}
}

func TestBackoffKeepsToRetryAfter(t *testing.T) {
	in := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	const own = 10 * time.Millisecond // the maximum pause without the header
	tests := []struct {
		name, header       string
		minPause, maxPause time.Duration
	}{
		{"none", "", own / 2, own},
		{"seconds", "7", 7 * time.Second, 7 * time.Second},
		{"zero", "0", 0, 0},
		{"one minute", "60", time.Minute, time.Minute},
		{"an hour is capped", "3600", time.Minute, time.Minute},
		{"more than an int64 of nanoseconds is capped", "9223372036854775807", time.Minute, time.Minute},
		{"more than any integer is capped", "99999999999999999999999", time.Minute, time.Minute},
		{"negative means nothing", "-5", own / 2, own},
		{"a date", in(30 * time.Second), 28 * time.Second, 30 * time.Second},
		{"a date far off is capped", in(48 * time.Hour), time.Minute, time.Minute},
		{"a date past", in(-time.Hour), 0, 0},
		{"words mean nothing", "soon", own / 2, own},
	}
	for _, test := range tests {
		resp := &http.Response{StatusCode: http.StatusServiceUnavailable, Header: http.Header{"Retry-After": {test.header}}}
		if got := backoff(own, own, 0, resp); got < test.minPause || got > test.maxPause {
			t.Errorf("%s: %q gives %s, want %s to %s", test.name, test.header, got, test.minPause, test.maxPause)
		}
	}
}

func TestRetryAfterCountsFromNow(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"Sun, 01 Mar 2026 12:00:20 GMT":  20 * time.Second,
		"Sunday, 01-Mar-26 12:00:20 GMT": 20 * time.Second,
		"Sun Mar  1 12:00:20 2026":       20 * time.Second,
		"Sun, 01 Mar 2026 11:59:00 GMT":  0,
	} {
		if got, ok := retryAfter(header, now); !ok || got != want {
			t.Errorf("%q: %s, %t; want %s", header, got, ok, want)
		}
	}
}

func TestPermanentErrorsAreNotRepeated(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want bool
	}{
		{"certificate not verified", &tls.CertificateVerificationError{Err: errors.New("expired")}, true},
		{"unknown authority", x509.UnknownAuthorityError{}, true},
		{"another host's certificate", x509.HostnameError{Certificate: &x509.Certificate{}, Host: "a"}, true},
		{"cancelled", context.Canceled, true},
		{"timed out", context.DeadlineExceeded, false},
		{"anything else", errors.New("connection reset"), false},
	}
	for _, test := range tests {
		wrapped := fmt.Errorf("on the way: %w", test.err)
		if got := isPermanent(wrapped); got != test.want {
			t.Errorf("%s: permanent %t, want %t", test.name, got, test.want)
		}
		if got := (&exchange{rule: AtOnce(), err: wrapped}).mayRepeat(nil, wrapped); got == test.want {
			t.Errorf("%s: repeated %t", test.name, got)
		}
	}
}

// An error that does not concern an attempt, such as a URL without a host, never changes.
func TestOtherErrorsAreNotRepeated(t *testing.T) {
	if (&exchange{rule: AtOnce()}).mayRepeat(nil, errors.New("no host in request URL")) {
		t.Error("repeated")
	}
}
