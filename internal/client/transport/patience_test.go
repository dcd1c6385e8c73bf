package transport

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// patient waits half a minute for what is under way, with pauses of up to five seconds.
func patient(retries int) Config {
	config := quick(retries)
	config.WaitMin, config.WaitMax, config.Patience = time.Second, 5*time.Second, 30*time.Second
	return config
}

// The gateway finishes a creation some time after its answer was lost. The look-up waits for
// it. The clock is the test's own.
func TestALookUpHasPatience(t *testing.T) {
	fine, refused := result{object: ours}, result{err: errRefused}
	for _, test := range []struct {
		name           string
		creates        []result
		after          time.Duration // when the look-up begins to find it; 0 means never
		find           error         // what the look-up returns until then
		sent, minLooks int
		took           time.Duration // 0 means that it is not checked
		want           *object
	}{
		{name: "lost, comes after 20 seconds", creates: []result{{err: errLost}}, after: 20 * time.Second, sent: 1, minLooks: 5, want: ours},
		{name: "lost, comes at the end", creates: []result{{err: errLost}}, after: 30 * time.Second, sent: 1, minLooks: 7, took: 30 * time.Second, want: ours},
		{name: "lost, never comes: repeated after patience", creates: []result{{err: errLost}, fine}, sent: 2, minLooks: 7, took: 30 * time.Second, want: ours},
		{name: "timed out, comes after 20 seconds", creates: []result{{err: errLate}}, after: 20 * time.Second, sent: 1, minLooks: 5, want: ours},
		{name: "timed out, never comes: not repeated", creates: []result{{err: errLate}, fine}, sent: 1, minLooks: 7, took: 30 * time.Second},
		{name: "the look-up fails at first", creates: []result{{err: errLost}}, find: errDown, after: 20 * time.Second, sent: 1, minLooks: 5, want: ours},
		{name: "the look-up always fails", creates: []result{{err: errLost}}, find: errDown, sent: 1, minLooks: 7, took: 30 * time.Second},
		// The key is taken, by the first attempt, which the gateway does not show yet.
		{name: "refused the second time", creates: []result{{err: errLost}, refused}, after: 50 * time.Second, sent: 2, minLooks: 10, want: ours},
		{name: "no longer under way: one look", creates: []result{{err: &Error{Outcome: Unclear}}, fine}, sent: 2, minLooks: 1, want: ours},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				started := time.Now()
				s := &script{creates: test.creates, find: func() result {
					if test.after > 0 && time.Since(started) >= test.after {
						return result{object: ours}
					}
					return result{err: test.find}
				}}
				got, err := s.run(t.Context(), patient(3))
				if got != test.want || (err == nil) != (got != nil) || err != nil && OutcomeOf(err) != Unclear {
					t.Errorf("%+v, %v", got, err)
				}
				steps := strings.Join(s.steps, " ")
				if n := strings.Count(steps, "create"); n != test.sent {
					t.Errorf("created %d times, want %d: %s", n, test.sent, steps)
				}
				if looks := strings.Count(steps, "find"); looks < test.minLooks || test.minLooks == 1 && looks != 1 {
					t.Errorf("%d look-ups, want at least %d: %s", looks, test.minLooks, steps)
				}
				if took := time.Since(started); test.took > 0 && took != test.took {
					t.Errorf("it took %s, want %s", took, test.took)
				}
			})
		})
	}
}

// Even without patience, a request gets a moment to arrive before it is looked up.
func TestALookUpWaitsAMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := quick(0)
		config.WaitMin, config.WaitMax = time.Second, time.Second
		s := &script{creates: []result{{err: errLost}}, finds: []result{{object: ours}}}
		started := time.Now()
		if _, err := s.run(t.Context(), config); err != nil || time.Since(started) < time.Second/2 {
			t.Errorf("%v after %s", err, time.Since(started))
		}
	})
}

// Patience ends with the context.
func TestPatienceEndsWhenCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		s := &script{creates: []result{{err: errLost}}, finds: []result{{}}}
		started := time.Now()
		_, err := s.run(ctx, patient(3))
		if took := time.Since(started); took != 10*time.Second || OutcomeOf(err) != Unclear || !isUnderWay(err) {
			t.Errorf("%v after %s", err, took)
		}
	})
}

// Some failures leave the gateway working, and of some nobody waited for the end.
func TestWhatIsUnderWay(t *testing.T) {
	type failure struct {
		name               string
		serve              http.HandlerFunc
		underWay, timedOut bool
	}
	for _, test := range []failure{
		{"cut", cutting, true, false},
		{"cut in half", halving, true, false},
		{"request_timeout", hanging, true, true},
		{"500", answering(500, "oops"), true, false},
		{"500 with words", answering(500, `{"error":0}`), true, false},
		{"502", answering(502, page), true, false},
		{"503", answering(503, page), true, false},
		{"503 with Retry-After", answering(503, page, "Retry-After", "0"), true, false},
		{"504", answering(504, page), true, true},
		{"408", answering(408, ""), true, true},
		{"nginx's 499", answering(499, ""), true, true},
		{"Cloudflare's 524", answering(524, ""), true, true},
		{"a page with 200", answering(200, page), true, false},
		{"half a document", answering(200, `{"id"`), false, false},
		{"400", answering(400, "{}"), false, false},
		{"404", answering(404, page), false, false},
		{"429", answering(429, ""), false, false},
		{"303", answering(303, ""), false, false},
	} {
		config := quick(0)
		config.RequestTimeout = 300 * time.Millisecond
		answer, err := New(config).Do(t.Context(), callTo(newServer(t, test.serve).URL, false))
		if err == nil {
			err = answer.Unusable(nil)
		}
		if isUnderWay(err) != test.underWay || isTimedOut(err) != test.timedOut {
			t.Errorf("%s: under way %t, timed out %t: %v", test.name, isUnderWay(err), isTimedOut(err), err)
		}
	}
	if _, err := New(quick(0)).Do(t.Context(), callTo(closedPort(t), false)); isUnderWay(err) || isTimedOut(err) {
		t.Errorf("what never left is under way: %v", err)
	}
}

// A stop is a time-out too.
func TestWhatIsStoppedIsUnderWay(t *testing.T) {
	s := newServer(t, hanging)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err := New(quick(0)).Do(ctx, callTo(s.URL, false))
	if !isUnderWay(err) || !isTimedOut(err) || OutcomeOf(err) != Unclear {
		t.Errorf("%+v", err)
	}
}

// A closing whose first attempt may have been carried out stays unclear, however later attempts
// end. The gateway's own words are up to its package.
func TestALaterAttemptSettlesNoEarlierOne(t *testing.T) {
	for name, later := range map[string]http.HandlerFunc{
		"429": answering(429, "wait"), "404": answering(404, page), "403": answering(403, page), "301": answering(301, "", "Location", "/x"),
	} {
		for doubt, first := range map[string]http.HandlerFunc{"cut": cutting, "502": answering(502, page)} {
			var s *server
			s = newServer(t, func(w http.ResponseWriter, r *http.Request) {
				if len(s.seen()) == 1 {
					first(w, r)
				}
				later(w, r)
			})
			answer, err := New(quick(2)).Do(t.Context(), callTo(s.URL, true))
			if got := outcomeOf(answer, err); err != nil || got != Unclear {
				t.Errorf("%s, then %s: outcome %d, %v", doubt, name, got, err)
			}
		}
	}
}

// A connection that is refused later settles nothing either.
func TestARefusedConnectionSettlesNoEarlierAttempt(t *testing.T) {
	var s *server
	s = newServer(t, func(w http.ResponseWriter, r *http.Request) {
		_ = s.Listener.Close()
		cutting(w, r)
	})
	_, err := New(quick(2)).Do(t.Context(), callTo(s.URL, true))
	if err == nil || !strings.Contains(err.Error(), "connection refused") || OutcomeOf(err) != Unclear {
		t.Errorf("%v, outcome %d", err, OutcomeOf(err))
	}
}
