package transport

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// A thousand reads of a gateway that hangs cost only the requests that are under way when ten
// have not been answered, and only their time.
func TestSilentGatewayIsLeftAlone(t *testing.T) {
	s := newServer(t, hanging)
	config := quick(4)
	config.RequestTimeout = 200 * time.Millisecond
	client := New(config)
	reads := make(chan int)
	var workers sync.WaitGroup
	var refused atomic.Int64
	started := time.Now()
	for range 10 {
		workers.Go(func() {
			for range reads {
				_, err := client.Do(t.Context(), callTo(s.URL, true))
				switch {
				case err == nil:
					t.Error("a call succeeded")
				case strings.Contains(err.Error(), "the gateway did not answer the last 10 calls"):
					refused.Add(1)
					wantContains(t, err.Error(), "Test gateway, Read: ", "it is not called again in this run, except for one try every 30s", "no answer within 200ms (request_timeout)")
				}
			}
		})
	}
	for n := range 1000 {
		reads <- n
	}
	close(reads)
	workers.Wait()
	if took := time.Since(started); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
	if got := len(s.seen()); got < 10 || got > 20 {
		t.Errorf("%d requests were sent, want 10 to 20", got)
	}
	if got := refused.Load(); got < 980 {
		t.Errorf("%d calls were told why, want nearly all", got)
	}
}

// silence is a network on which calls are sent, and answered only from some time on.
func silence(config Config, until time.Duration) (client *Client, times func() []time.Duration) {
	client = New(config)
	var mu sync.Mutex
	started, calls := time.Now(), []time.Duration{}
	network := roundTripperFunc(func(req *http.Request) (*http.Response, error) {
		httptrace.ContextClientTrace(req.Context()).GotConn(httptrace.GotConnInfo{})
		mu.Lock()
		calls = append(calls, time.Since(started))
		mu.Unlock()
		if time.Since(started) < until {
			<-req.Context().Done()
			return nil, context.Cause(req.Context())
		}
		return &http.Response{StatusCode: http.StatusInternalServerError, Body: http.NoBody, Request: req}, nil
	})
	client.connections = connections{network, network}
	return client, func() []time.Duration { return calls }
}

// silentFor is a client of a gateway that has not answered ten calls in ten seconds.
func silentFor(t *testing.T, until time.Duration) (client *Client, times func() []time.Duration) {
	t.Helper()
	config := quick(0)
	config.RequestTimeout = time.Second
	client, times = silence(config, until)
	for range 10 {
		_, _ = client.Do(t.Context(), callTo("http://gateway.test", true))
	}
	return client, times
}

// Every thirty seconds one call is let through. Its result decides.
func TestSilentGatewayIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, times := silentFor(t, 65*time.Second)
		for range 400 { // 40 seconds of two calls at once
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() { _, _ = client.Do(t.Context(), callTo("http://gateway.test", true)) })
			}
			both.Wait()
			time.Sleep(100 * time.Millisecond)
		}
		if got := times(); len(got) != 11 || got[10] < 40*time.Second || got[10] > 41*time.Second {
			t.Fatalf("%d calls were sent, want 10 in the first ten seconds and one thirty seconds later: %v", len(got), got)
		}
		time.Sleep(30 * time.Second)
		// HTTP 500 is an answer.
		for range 20 {
			if _, err := client.Do(t.Context(), callTo("http://gateway.test", true)); err != nil {
				t.Error(err)
			}
		}
		if got := len(times()); got != 31 {
			t.Errorf("%d calls were sent, want the 11 from before and 20", got)
		}
	})
}

// A refund is not sent to find out whether the gateway is there.
func TestMoneyIsNoProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, times := silentFor(t, 15*time.Second)
		time.Sleep(time.Hour)
		_, err := client.Do(t.Context(), callTo("http://gateway.test", false))
		if !isRefusal(err) || OutcomeOf(err) != NotDone || len(times()) != 10 {
			t.Errorf("%v, outcome %v, %d calls", err, OutcomeOf(err), len(times()))
		}
		for _, safe := range []bool{true, false} {
			if _, err := client.Do(t.Context(), callTo("http://gateway.test", safe)); err != nil {
				t.Error(err)
			}
		}
	})
}

// A creation stays unclear when the look-up that should settle it is not made.
func TestSilentGatewayLeavesACreationUnclear(t *testing.T) {
	s := newServer(t, cutting)
	client := New(quick(0))
	for range 9 {
		_, _ = client.Do(t.Context(), callTo(s.URL, false))
	}
	send := func(operation string) (*object, error) {
		call := callTo(s.URL, false)
		call.Operation = operation
		_, err := client.Do(t.Context(), call)
		return nil, err
	}
	_, err := CreateByKey(t.Context(), client, "Make with a key",
		func(context.Context) (*object, error) { return send("Make with a key") },
		func(context.Context) (*object, error) { return send("Read") },
		func(*object) error { return nil })
	if err == nil || OutcomeOf(err) != Unclear {
		t.Fatalf("%v, outcome %v", err, OutcomeOf(err))
	}
	wantContains(t, err.Error(), "looking it up by its key did not settle it", "did not answer the last 10 calls")
	if got := len(s.seen()); got != 10 {
		t.Errorf("%d requests, want 10: the look-up is none", got)
	}
	_, err = send("Make with a key")
	if OutcomeOf(err) != NotDone || len(s.seen()) != 10 {
		t.Errorf("another creation: %v, outcome %v, %d requests", err, OutcomeOf(err), len(s.seen()))
	}
}

// Each kind of call counts as silence or does not. Ten that count shut the gateway off.
func TestWhatCountsAsSilence(t *testing.T) {
	refuses := closedPort(t)
	cuts, halves, fails, hangs := newServer(t, cutting), newServer(t, halving), newServer(t, answering(500, "")), newServer(t, hanging)
	times := func(n int, url string) (urls []string) {
		for range n {
			urls = append(urls, url)
		}
		return urls
	}
	stopped := func(n int) (urls []string) { return times(n, "stopped") }
	for name, c := range map[string]struct {
		calls []string
		shut  bool
	}{
		"cut":                                  {times(10, cuts.URL), true},
		"nine of them":                         {times(9, cuts.URL), false},
		"halved":                               {times(10, halves.URL), true},
		"refused connections, once for a call": {times(10, refuses), true},
		"nine of those":                        {times(9, refuses), false},
		"both":                                 {append(times(5, cuts.URL), times(5, refuses)...), true},
		"an answer between":                    {append(append(times(9, cuts.URL), fails.URL), times(9, cuts.URL)...), false},
		"stopped":                              {stopped(11), false},
	} {
		retries := 0
		if strings.Contains(name, "connections") || strings.Contains(name, "those") {
			retries = 3
		}
		client := New(quick(retries))
		for _, url := range c.calls {
			ctx := t.Context()
			if url == "stopped" {
				url, ctx = hangs.URL, stopIn(t, 20*time.Millisecond)
			}
			if _, err := client.Do(ctx, callTo(url, false)); isRefusal(err) {
				t.Errorf("%s: it is shut too early", name)
			}
		}
		if _, err := client.Do(t.Context(), callTo(fails.URL, false)); isRefusal(err) != c.shut {
			t.Errorf("%s: %v, want it shut: %t", name, err, c.shut)
		}
	}
}

// With a rate limit and with pauses before repetitions, nobody waits for the error.
func TestSilentGatewayTellsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := quick(4)
		config.WaitMin, config.WaitMax = 10*time.Second, 10*time.Second
		config.RequestTimeout, config.RequestsPerSecond = time.Second, 1
		client, _ := silence(config, time.Hour)
		for range 10 {
			_, _ = client.Do(t.Context(), callTo("http://gateway.test", true))
		}
		started := time.Now()
		for range 100 {
			_, _ = client.Do(t.Context(), callTo("http://gateway.test", true))
		}
		if took := time.Since(started); took > time.Second {
			t.Errorf("it took %s", took)
		}
	})
}
