package transport

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// These tests have a clock of their own, on which waiting takes no time and is exact.

// roundTrip is a network that answers at once. nth is 1 for the first call.
type roundTrip func(nth int) (status int, retryAfter string)

// clocked makes a client on such a network, and records when its calls came.
func clocked(config Config, answer roundTrip) (client *Client, times func() []time.Duration) {
	client = New(config)
	var mu sync.Mutex
	started, calls := time.Now(), []time.Duration{}
	network := roundTripperFunc(func(req *http.Request) (*http.Response, error) {
		mu.Lock()
		calls = append(calls, time.Since(started))
		status, retryAfter := answer(len(calls))
		mu.Unlock()
		header := http.Header{}
		if retryAfter != "" {
			header.Set("Retry-After", retryAfter)
		}
		return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader("{}")), Request: req}, nil
	})
	client.connections = connections{network, network}
	return client, func() []time.Duration { return calls }
}

type roundTripperFunc func(*http.Request) (*http.Response, error)

func (f roundTripperFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// A pause is as long as the gateway asks, up to a minute. Neither our own pauses nor the repeat
// rule of the call matter.
func TestRetryAfterIsObeyedAndCapped(t *testing.T) {
	in := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	for name, c := range map[string]struct {
		status     int
		retryAfter func() string
		want       time.Duration
	}{
		"429, seconds":          {429, func() string { return "7" }, 7 * time.Second},
		"429, an hour":          {429, func() string { return "3600" }, time.Minute},
		"429, a date":           {429, func() string { return in(20 * time.Second) }, 20 * time.Second},
		"429, a date tomorrow":  {429, func() string { return in(24 * time.Hour) }, time.Minute},
		"429, a date yesterday": {429, func() string { return in(-24 * time.Hour) }, 0},
		"503, seconds":          {503, func() string { return "7" }, 7 * time.Second},
		"503, an hour":          {503, func() string { return "3600" }, time.Minute},
		"503, a date":           {503, func() string { return in(20 * time.Second) }, 20 * time.Second},
	} {
		for _, safe := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				config := quick(3)
				config.WaitMin, config.WaitMax = 10*time.Second, 10*time.Second
				client, times := clocked(config, func(nth int) (int, string) {
					if nth == 1 {
						return c.status, c.retryAfter()
					}
					return http.StatusOK, ""
				})
				answer, err := client.Do(t.Context(), callTo("http://gateway.test", safe))
				if c.status == http.StatusServiceUnavailable && !safe {
					if err != nil || answer.outcome() != Unclear || len(times()) != 1 {
						t.Errorf("%s: %v, %v, calls at %v", name, answer, err, times())
					}
					return
				}
				if err != nil || answer.Status != http.StatusOK {
					t.Fatalf("%s: %v, %v", name, answer, err)
				}
				if got := times(); len(got) != 2 || got[1] != c.want {
					t.Errorf("%s, safe %t: calls at %v, want the second at %s", name, safe, got, c.want)
				}
			})
		}
	}
}

// A gateway that asks for an hour again and again gets one minute per repetition, and then the
// error.
func TestRetryAfterForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, times := clocked(quick(4), func(int) (int, string) { return http.StatusTooManyRequests, "3600" })
		answer, err := client.Do(t.Context(), callTo("http://gateway.test", true))
		if err != nil || answer.Status != http.StatusTooManyRequests {
			t.Errorf("%v, %v", answer, err)
		}
		if got := times(); len(got) != 5 || got[4] != 4*time.Minute {
			t.Errorf("calls at %v, want 5 in 4 minutes", got)
		}
	})
}

// Neither a gateway's Retry-After nor its limit holds up another gateway.
func TestGatewaysDoNotWaitForOneAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := quick(1)
		config.RequestsPerSecond = 2
		busy, busyTimes := clocked(config, func(nth int) (int, string) {
			if nth == 1 {
				return http.StatusTooManyRequests, "30"
			}
			return http.StatusOK, ""
		})
		free, freeTimes := clocked(config, func(int) (int, string) { return http.StatusOK, "" })
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = busy.Do(t.Context(), callTo("http://busy.test", true))
		}()
		for range 3 {
			if _, err := free.Do(t.Context(), callTo("http://free.test", true)); err != nil {
				t.Error(err)
			}
		}
		<-done
		if got := freeTimes(); len(got) != 3 || got[2] != time.Second {
			t.Errorf("the free gateway was called at %v, want every half second", got)
		}
		if got := busyTimes(); len(got) != 2 || got[1] != 30*time.Second {
			t.Errorf("the busy gateway was called at %v, want after 30 seconds again", got)
		}
	})
}

// The limit holds however many calls come at once, and however often they are repeated.
func TestRequestsPerSecondIsExact(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := quick(2)
		config.RequestsPerSecond = 4
		client, times := clocked(config, func(nth int) (int, string) {
			if nth%3 == 0 {
				return http.StatusInternalServerError, ""
			}
			return http.StatusOK, ""
		})
		together(t, client, "http://gateway.test", 40)
		all := times()
		if len(all) <= 40 {
			t.Errorf("%d calls: none was repeated", len(all))
		}
		for i, at := range all {
			// The limiter counts in floating point, so it is right to the microsecond.
			if earliest := time.Duration(i)*time.Second/4 - time.Microsecond; at < earliest {
				t.Errorf("call %d came at %s, want %s at the earliest", i+1, at, earliest)
			}
		}
	})
}

// net/http itself repeats a GET that is cut on a kept connection. The repetition waits for its
// turn too.
func TestRequestsPerSecondCountsWhatNetHTTPRepeats(t *testing.T) {
	t.Parallel()
	s := newServer(t, func() http.HandlerFunc {
		calls := 0
		return func(w http.ResponseWriter, r *http.Request) {
			if calls++; calls == 2 {
				cutting(w, r)
			}
			answering(200, "{}")(w, r)
		}
	}())
	config := quick(0)
	config.RequestsPerSecond = 2
	client := New(config)
	for range 2 {
		if _, err := client.Do(t.Context(), Call{Operation: "Read", Method: http.MethodGet, URL: s.URL}); err != nil {
			t.Fatal(err)
		}
	}
	seen := s.seen()
	if len(seen) != 3 {
		t.Fatalf("%d requests, want 3: net/http has not repeated anything", len(seen))
	}
	if gap := seen[2].at.Sub(seen[1].at); gap < 250*time.Millisecond {
		t.Errorf("the repetition came after %s, want half a second", gap)
	}
}
