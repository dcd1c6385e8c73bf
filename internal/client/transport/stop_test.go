package transport

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"
)

// stopping is a client whose creations outlive a stop by a grace.
func stopping(grace time.Duration) Config {
	config := quick(3)
	config.StopGrace = grace
	return config
}

// stopIn returns a context that is stopped after a pause.
func stopIn(t *testing.T, pause time.Duration) context.Context {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	timer := time.AfterFunc(pause, stop)
	t.Cleanup(func() { timer.Stop(); stop() })
	return ctx
}

// after answers after some time, even to a caller who has gone.
func after(pause time.Duration, serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(pause)
		serve(w, r)
	}
}

// A creation that is under way when the run is stopped gets its answer, to the end.
func TestStopWaitsForTheAnswerToACreation(t *testing.T) {
	halfBefore := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "10")
		_, _ = io.WriteString(w, `{"id"`)
		_ = http.NewResponseController(w).Flush()
		time.Sleep(300 * time.Millisecond)
		_, _ = io.WriteString(w, `:"1"}`)
	}
	for name, serve := range map[string]http.HandlerFunc{
		"the whole answer": after(300*time.Millisecond, answering(200, `{"id":"1"}`)), "its second half": halfBefore,
	} {
		for _, operation := range []string{"Make", "Make with a key"} {
			s := newServer(t, serve)
			call := callTo(s.URL, false)
			call.Operation = operation
			answer, err := New(stopping(5*time.Second)).Do(stopIn(t, 100*time.Millisecond), call)
			if err != nil || string(answer.Body) != `{"id":"1"}` {
				t.Errorf("%s, %s: %v, %v", name, operation, answer, err)
			}
		}
	}
}

// The answer is awaited for the grace and no longer. Then the creation may have happened.
func TestStopWaitsNoLongerThanItsGrace(t *testing.T) {
	const grace = 300 * time.Millisecond
	s := newServer(t, hanging)
	started := time.Now()
	_, err := New(stopping(grace)).Do(stopIn(t, 100*time.Millisecond), callTo(s.URL, false))
	took := time.Since(started)
	if err == nil || OutcomeOf(err) != Unclear || !isUnderWay(err) {
		t.Errorf("%v: outcome %v, under way %t", err, OutcomeOf(err), isUnderWay(err))
	} else {
		wantContains(t, err.Error(), "no answer came, not even in the 300ms after the run was stopped", "context canceled")
	}
	if took < grace || took > grace+2*time.Second {
		t.Errorf("it ended after %s", took)
	}
	if got := len(s.seen()); got != 1 {
		t.Errorf("%d requests", got)
	}
}

// A read has no grace, and neither has a call that was not sent.
func TestStopEndsTheRestAtOnce(t *testing.T) {
	hangs := newServer(t, hanging)
	busy := stopping(time.Minute)
	busy.RequestsPerSecond = 0.001
	unconnected := New(stopping(time.Minute))
	unconnected.connections.fresh.(*http.Transport).DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	waitsForTurn := New(busy)
	waitsForTurn.limiter.Allow()
	for name, c := range map[string]struct {
		client  *Client
		safe    bool
		outcome Outcome
	}{
		"a read":               {New(stopping(time.Minute)), true, Unclear},
		"before it is sent":    {unconnected, false, NotDone},
		"waiting for its turn": {waitsForTurn, false, NotDone},
	} {
		started := time.Now()
		_, err := c.client.Do(stopIn(t, 100*time.Millisecond), callTo(hangs.URL, c.safe))
		if err == nil || OutcomeOf(err) != c.outcome {
			t.Errorf("%s: %v, outcome %v, want %v", name, err, OutcomeOf(err), c.outcome)
		}
		if took := time.Since(started); took > 2*time.Second {
			t.Errorf("%s: it ended after %s", name, took)
		}
	}
}

// After the stop nothing begins: no call, no repetition and no look-up.
func TestStopBeginsNothing(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	s := newServer(t, answering(200, "{}"))
	if _, err := New(stopping(time.Minute)).Do(stopped, callTo(s.URL, false)); OutcomeOf(err) != NotDone {
		t.Errorf("a call: %v", err)
	}
	if got := len(s.seen()); got != 0 {
		t.Errorf("%d requests after the stop", got)
	}

	s = newServer(t, after(300*time.Millisecond, answering(429, "", "Retry-After", "0")))
	answer, err := New(stopping(time.Minute)).Do(stopIn(t, 100*time.Millisecond), callTo(s.URL, false))
	if err != nil || answer.Status != 429 || len(s.seen()) != 1 {
		t.Errorf("a repetition: %v, %v, %d requests", answer, err, len(s.seen()))
	}

	s = newServer(t, after(300*time.Millisecond, answering(500, "")))
	client, looked := New(stopping(time.Minute)), atomic.Int64{}
	_, err = CreateByKey(stopIn(t, 100*time.Millisecond), client, "Make with a key",
		func(ctx context.Context) (*object, error) {
			call := callTo(s.URL, false)
			call.Operation = "Make with a key"
			answer, err := client.Do(ctx, call)
			if err != nil {
				return nil, err
			}
			return nil, client.Error(call.Operation, answer.Unusable(nil))
		},
		func(context.Context) (*object, error) { looked.Add(1); return nil, nil },
		func(*object) error { return nil })
	if err == nil || OutcomeOf(err) != Unclear || looked.Load() != 0 {
		t.Errorf("a look-up: %v, outcome %v, %d look-ups", err, OutcomeOf(err), looked.Load())
	} else {
		wantContains(t, err.Error(), "HTTP 500", "looking it up by its key was ended: context canceled")
	}
}
