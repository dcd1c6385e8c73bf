package transport

import (
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"
)

// The pause is the one that the gateway wrote, and never longer than a minute.
func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{
		"", "0", "5", "61", "-1", "+5", "99999999999999999999", "-99999999999999999999", "1.5", "Wed, 21 Oct 2015 07:28:00 GMT", "Wednesday, 21-Oct-15 07:28:00 GMT", "Thu, 01 Jan 9999 00:00:00 GMT",
	} {
		f.Add(seed)
	}
	f.Fuzz(checkRetryAfter)
}

func checkRetryAfter(t *testing.T, header string) {
	t.Helper()
	now := time.Date(2015, 10, 21, 7, 0, 0, 0, time.UTC)
	wait, ok := retryAfter(header, now)
	seconds, isNumber := new(big.Int), false
	if !strings.ContainsAny(header, "_-") { // Go reads underscores, and -0
		_, isNumber = seconds.SetString(header, 10)
	}
	date, dateErr := http.ParseTime(header)
	var want time.Duration
	switch {
	case isNumber:
		want = time.Minute
		if seconds.Cmp(big.NewInt(60)) < 0 {
			want = time.Duration(seconds.Int64()) * time.Second
		}
	case !isNumber && dateErr == nil:
		want = max(date.Sub(now), 0)
	default:
		if ok {
			t.Errorf("Retry-After: %q is taken for %s", header, wait)
		}
		return
	}
	if !ok || wait != want {
		t.Errorf("Retry-After: %q is %s (%t), not %s", header, wait, ok, want)
	}
	if pause := backoff(time.Millisecond, time.Hour, 0, &http.Response{Header: http.Header{"Retry-After": {header}}}); header != "" && (pause < 0 || pause > time.Minute) {
		t.Errorf("Retry-After: %q makes a pause of %s", header, pause)
	}
}
