package transport

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// max_wait ends whatever an operation is waiting for, and says so.
func TestMaxWaitEndsAllWaiting(t *testing.T) {
	const maxWait = 25 * time.Second
	slow := func(retries int) Config {
		config := quick(retries)
		config.WaitMin, config.WaitMax, config.RequestTimeout, config.StopGrace = 20*time.Second, 20*time.Second, 10*time.Minute, time.Minute
		return config
	}
	answers := func(status int) func(*testing.T) *Client {
		return func(*testing.T) *Client {
			client, _ := clocked(slow(20), func(int) (int, string) { return status, "" })
			return client
		}
	}
	silent := func(*testing.T) *Client {
		client, _ := silence(slow(0), time.Hour)
		return client
	}
	do := func(safe bool) func(context.Context, *Client) error {
		return func(ctx context.Context, c *Client) error {
			_, err := c.Do(ctx, callTo("http://gateway.test", safe))
			return err
		}
	}
	for name, c := range map[string]struct {
		client  func(*testing.T) *Client
		do      func(context.Context, *Client) error
		outcome Outcome
		says    []string
	}{
		"an answer": {silent, do(true), Unclear, []string{"no answer came: the limit of 25s for one operation, with all its calls and pauses, was reached (max_wait)"}},
		// max_wait has no grace, which is for a run that is stopped.
		"an answer to a creation":      {silent, do(false), Unclear, []string{"no answer came", "(max_wait)"}},
		"the pause after an answer":    {answers(500), do(true), Unclear, []string{"it was tried", "with HTTP 500; then the limit of 25s", "(max_wait)"}},
		"the pause of a creation":      {answers(429), do(false), NotDone, []string{"it was tried", "with HTTP 429; then the limit of 25s", "(max_wait)"}},
		"the pause before a look-up":   {answers(500), creates, Unclear, []string{"lost", "(max_wait)"}},
		"another one under its key":    {answers(200), locked, NotDone, []string{"(max_wait)"}},
		"a token that another fetches": {answers(200), awaitsToken, Unclear, []string{"(max_wait)"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, end := WithMaxWait(t.Context(), maxWait, "max_wait")
			defer end()
			started := time.Now()
			err := c.do(ctx, c.client(t))
			if err == nil || OutcomeOf(err) != c.outcome || !strings.Contains(err.Error(), "(max_wait)") {
				t.Errorf("%s: %v, outcome %v, want %v", name, err, OutcomeOf(err), c.outcome)
			} else {
				wantContains(t, err.Error(), c.says...)
			}
			if took := time.Since(started); took != maxWait {
				t.Errorf("%s: it took %s, want %s", name, took, maxWait)
			}
		})
	}
}

// creates fails with an unknown outcome again and again, and finds nothing.
func creates(ctx context.Context, c *Client) error {
	for {
		_, err := CreateByKey(ctx, c, "Make with a key",
			func(context.Context) (*object, error) { return nil, errLost },
			func(context.Context) (*object, error) { return nil, nil },
			func(*object) error { return nil })
		if ctx.Err() != nil {
			return err
		}
	}
}

func locked(ctx context.Context, c *Client) error {
	unlock, _ := c.Lock(context.WithoutCancel(ctx), "Make with a key", "a")
	defer unlock()
	_, err := c.Lock(ctx, "Make with a key", "a")
	return err
}

func awaitsToken(ctx context.Context, _ *Client) error {
	source := TokenSource{flight: &tokenFetch{done: make(chan struct{})}}
	_, err := source.Get(ctx, "")
	return err
}

// Waiting for a turn is not the gateway's fault. Ten calls, at one in ten seconds, fit into a
// max_wait of 15 seconds.
func TestMaxWaitDoesNotCountTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := quick(0)
		config.RequestsPerSecond = 0.1
		client, times := clocked(config, func(int) (int, string) { time.Sleep(time.Second); return http.StatusOK, "" })
		ctx, end := WithMaxWait(t.Context(), 15*time.Second, "max_wait")
		defer end()
		for n := range 14 {
			if _, err := client.Do(ctx, callTo("http://gateway.test", true)); err != nil {
				t.Fatalf("call %d: %v", n+1, err)
			}
		}
		if got := times(); got[13] < 129*time.Second {
			t.Errorf("the last call came after %s: they did not wait for their turn", got[13])
		}
		// The time that its answers take does count.
		_, _ = client.Do(ctx, callTo("http://gateway.test", true))
		if _, err := client.Do(ctx, callTo("http://gateway.test", true)); !isMaxWait(err) {
			t.Errorf("after 15 answers of a second each: %v", err)
		}
	})
}

// Two calls that share a context may wait at once. That does not stop max_wait for ever.
func TestMaxWaitGoesOnAfterWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, end := WithMaxWait(t.Context(), 10*time.Second, "max_wait")
		defer end()
		time.Sleep(4 * time.Second)
		first, second := pauseMaxWait(ctx), pauseMaxWait(ctx)
		time.Sleep(time.Minute)
		first()
		time.Sleep(time.Minute)
		second()
		time.Sleep(5 * time.Second)
		if ctx.Err() != nil {
			t.Error("it ended after 9 seconds that count")
		}
		time.Sleep(2 * time.Second)
		if !isMaxWait(context.Cause(ctx)) {
			t.Error("it did not end")
		}
	})
}
