package transport

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// A user who presses Ctrl-C waits for a second at most, whatever goes on. Only answers to
// creations may take longer, by StopGrace, which this client lacks.
func TestCancellationEndsACallAtOnce(t *testing.T) {
	tests := []struct {
		name    string
		serve   http.HandlerFunc
		change  func(*Config)
		warmUp  bool // one earlier call takes the limiter's only token
		want    int  // requests received after the warm-up
		outcome Outcome
	}{
		{name: "during an attempt", serve: hanging, want: 1, outcome: Unclear},
		{
			name: "in the middle of a body", want: 1, outcome: Unclear,
			serve: func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.WriteString(w, `{"id":`)
				_ = http.NewResponseController(w).Flush()
				hanging(w, r)
			},
		},
		{
			// 429 says that nothing was done, and nothing was sent since.
			name: "during the pause after a 429", serve: answering(429, "wait"), want: 1, outcome: NotDone,
			change: func(c *Config) { c.WaitMin, c.WaitMax = time.Minute, time.Minute },
		},
		{
			name: "during the pause that a gateway asked for", want: 1, outcome: NotDone,
			serve: answering(429, "wait", "Retry-After", "30"),
		},
		{
			name: "while waiting for its turn", serve: answering(200, "{}"), warmUp: true, want: 0, outcome: NotDone,
			change: func(c *Config) { c.RequestsPerSecond = 0.01 },
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, test.serve)
			config := quick(3)
			if test.change != nil {
				test.change(&config)
			}
			client := New(config)
			if test.warmUp {
				if _, err := client.Do(t.Context(), callTo(s.URL, false)); err != nil {
					t.Fatal(err)
				}
				test.want++
			}
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(200*time.Millisecond, cancel)
			started := time.Now()

			_, err := client.Do(ctx, callTo(s.URL, false))

			if took := time.Since(started); took > 5*time.Second {
				t.Errorf("it took %s", took)
			}
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want context.Canceled inside", err)
			}
			if got := OutcomeOf(err); got != test.outcome {
				t.Errorf("outcome %d, want %d (%v)", got, test.outcome, err)
			}
			if got := len(s.seen()); got != test.want {
				t.Errorf("%d requests, want %d", got, test.want)
			}
		})
	}
}

// Any attempt of a safe call may have been carried out. What is known of the last one is not
// enough.
func TestCancellationForgetsNoEarlierAttempt(t *testing.T) {
	s := newServer(t, answering(500, "oops"))
	config := quick(3)
	config.WaitMin, config.WaitMax = time.Minute, time.Minute
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := New(config).Do(ctx, callTo(s.URL, true))
	if !errors.Is(err, context.DeadlineExceeded) || OutcomeOf(err) != Unclear {
		t.Errorf("%v, outcome %d; want Unclear", err, OutcomeOf(err))
	}
}

func TestCancelledBeforehandNothingIsSent(t *testing.T) {
	s := newServer(t, answering(200, "{}"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := New(quick(3)).Do(ctx, callTo(s.URL, true))
	if !errors.Is(err, context.Canceled) || OutcomeOf(err) != NotDone || len(s.seen()) != 0 {
		t.Errorf("%v, outcome %d, %d requests", err, OutcomeOf(err), len(s.seen()))
	}
}

// The context's own deadline is not request_timeout, and the error does not call it so.
func TestDeadlineOfTheCallerIsNotCalledRequestTimeout(t *testing.T) {
	s := newServer(t, hanging)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := New(quick(3)).Do(ctx, callTo(s.URL, true))
	if err == nil || strings.Contains(err.Error(), "request_timeout") || len(s.seen()) != 1 {
		t.Errorf("%v after %d requests", err, len(s.seen()))
	}
}

// together makes n calls at once and returns when all have ended.
func together(t *testing.T, client *Client, url string, n int) {
	t.Helper()
	var calls sync.WaitGroup
	for range n {
		calls.Go(func() {
			if _, err := client.Do(t.Context(), callTo(url, true)); err != nil {
				t.Error(err)
			}
		})
	}
	calls.Wait()
}

func TestRequestsPerSecondHoldsOverConcurrentCalls(t *testing.T) {
	s := newServer(t, answering(200, "{}"))
	config := quick(0)
	config.RequestsPerSecond = 20
	started := time.Now()
	together(t, New(config), s.URL, 6)
	// The first call leaves at once, and the other five follow at intervals of 50 ms.
	if took := time.Since(started); took < 240*time.Millisecond || took > 5*time.Second {
		t.Errorf("6 calls took %s, want a quarter of a second", took)
	}
	if len(s.seen()) != 6 {
		t.Errorf("%d requests, want 6", len(s.seen()))
	}
}

func TestRequestsPerSecondCountsRepetitions(t *testing.T) {
	s := newServer(t, answering(500, ""))
	config := quick(4)
	config.RequestsPerSecond = 20
	started := time.Now()
	_, err := New(config).Do(t.Context(), callTo(s.URL, true))
	if took := time.Since(started); err != nil || took < 190*time.Millisecond {
		t.Errorf("5 attempts took %s (%v)", took, err)
	}
}

func TestNoLimitIsNoWait(t *testing.T) {
	s := newServer(t, answering(200, "{}"))
	started := time.Now()
	together(t, New(quick(0)), s.URL, 30)
	if took := time.Since(started); took > 5*time.Second || len(s.seen()) != 30 {
		t.Errorf("%d requests in %s", len(s.seen()), took)
	}
}

func TestWaitingForATurnIsNotPartOfTheTimeout(t *testing.T) {
	t.Parallel()
	s := newServer(t, answering(200, "{}"))
	config := quick(0)
	config.RequestsPerSecond = 2
	config.RequestTimeout = 700 * time.Millisecond // the third call waits for a second
	together(t, New(config), s.URL, 3)
	if len(s.seen()) != 3 {
		t.Errorf("%d requests, want 3", len(s.seen()))
	}
}

func TestAnswerIsBounded(t *testing.T) {
	for _, size := range []int{maxBody, maxBody + 1} {
		s := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(make([]byte, size))
		})
		answer, err := New(quick(0)).Do(t.Context(), callTo(s.URL, false))
		switch {
		case size <= maxBody && (err != nil || len(answer.Body) != size):
			t.Errorf("%d bytes: %v", size, err)
		case size > maxBody && err == nil:
			t.Errorf("%d bytes were read", size)
		case size > maxBody:
			wantContains(t, err.Error(), "the answer (HTTP 200) broke off", "larger than 16 MiB")
			if OutcomeOf(err) != Unclear {
				t.Errorf("outcome %d, want Unclear", OutcomeOf(err))
			}
		}
	}
}

func TestConnectionsAreKept(t *testing.T) {
	var ready sync.WaitGroup
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		// All ten meet here, so that each needs a connection of its own.
		ready.Done()
		ready.Wait()
		answering(200, strings.Repeat(" ", 100_000))(w, r)
	})
	client := New(quick(0))
	for range 3 {
		ready.Add(10)
		together(t, client, s.URL, 10)
	}
	if got := s.connections(); got > 10 {
		t.Errorf("%d connections for 3 × 10 calls, want 10", got)
	}
}

// A connection that the server closed while it was idle does not fail a call.
func TestAClosedIdleConnectionIsReplaced(t *testing.T) {
	s := newServer(t, answering(200, "{}"))
	client := New(quick(0))
	for range 5 {
		if _, err := client.Do(t.Context(), callTo(s.URL, false)); err != nil {
			t.Fatal(err)
		}
		s.CloseClientConnections()
		time.Sleep(20 * time.Millisecond)
	}
	if len(s.seen()) != 5 {
		t.Errorf("%d requests, want 5", len(s.seen()))
	}
}
