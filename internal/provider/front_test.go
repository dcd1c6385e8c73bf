package provider

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strconv"
	"sync"
	"testing"
)

// front stands before the sandbox and misbehaves as the sandbox does not: its work may be done
// while the caller still waits for the answer.
type front struct {
	*httptest.Server
	// decide chooses how a call goes wrong. nil means that it does not.
	decide func(c frontCall) *misbehaviour

	mu      sync.Mutex
	calls   map[string]int
	trouble int // calls that have gone wrong or are going wrong now
	changed chan struct{}
}

// frontCall is a call as decide sees it.
type frontCall struct {
	operation string // the last part of the path
	nth       int    // from 1, among the calls of the operation
	count     int    // from 1, among all calls
	body      string
}

// misbehaviour is a way for a call to go wrong.
type misbehaviour struct {
	works bool // the sandbox works first, even when the caller is gone
	// answer receives the sandbox's answer if the sandbox works.
	answer func(w http.ResponseWriter, r *http.Request, answer *httptest.ResponseRecorder)
}

var (
	hangs         = &misbehaviour{answer: untilTheCallerLeaves}
	worksAndHangs = &misbehaviour{works: true, answer: untilTheCallerLeaves}
	// The caller gets half of the answer.
	worksAndHangsInTheAnswer = &misbehaviour{works: true, answer: func(w http.ResponseWriter, r *http.Request, answer *httptest.ResponseRecorder) {
		w.Header().Set("Content-Length", strconv.Itoa(answer.Body.Len()))
		_, _ = w.Write(answer.Body.Bytes()[:answer.Body.Len()/2])
		_ = http.NewResponseController(w).Flush()
		untilTheCallerLeaves(w, r, answer)
	}}
	worksAndCuts = &misbehaviour{works: true, answer: func(http.ResponseWriter, *http.Request, *httptest.ResponseRecorder) { panic(http.ErrAbortHandler) }}
	fails        = &misbehaviour{answer: func(w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) {
		w.WriteHeader(http.StatusServiceUnavailable)
	}}
	tellsToWait = toldToWait("30")
)

func untilTheCallerLeaves(_ http.ResponseWriter, r *http.Request, _ *httptest.ResponseRecorder) {
	<-r.Context().Done()
}

func toldToWait(retryAfter string) *misbehaviour {
	return &misbehaviour{answer: func(w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) {
		w.Header().Set("Retry-After", retryAfter)
		w.WriteHeader(http.StatusTooManyRequests)
	}}
}

// before puts a front in front of a sandbox.
func before(t *testing.T, box http.Handler) *front {
	t.Helper()
	f := &front{calls: map[string]int{}, changed: make(chan struct{})}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The body is read first, since only then does the server notice that the caller has
		// gone.
		body, _ := io.ReadAll(r.Body)
		work := func() *httptest.ResponseRecorder {
			recorder := httptest.NewRecorder()
			detached := r.Clone(context.WithoutCancel(r.Context()))
			detached.Body = io.NopCloser(bytes.NewReader(body))
			box.ServeHTTP(recorder, detached)
			return recorder
		}
		bad := f.arrives(path.Base(r.URL.Path), string(body))
		var answer *httptest.ResponseRecorder
		if bad == nil || bad.works {
			answer = work()
		}
		if bad != nil {
			f.isInTrouble()
			bad.answer(w, r, answer)
			return
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *front) arrives(operation, body string) *misbehaviour {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls[operation]++
	f.calls[""]++
	if f.decide == nil {
		return nil
	}
	return f.decide(frontCall{operation: operation, nth: f.calls[operation], count: f.calls[""], body: body})
}

func (f *front) isInTrouble() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.trouble++
	close(f.changed)
	f.changed = make(chan struct{})
}

// behave changes the behaviour and starts counting anew.
func (f *front) behave(decide func(c frontCall) *misbehaviour) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.decide, f.calls, f.trouble = decide, map[string]int{}, 0
}

// troubled counts the calls that have gone wrong or are going wrong now.
func (f *front) troubled() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.trouble
}

func (f *front) received() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[""]
}

// inTrouble returns a channel that closes when so many calls have gone wrong.
func (f *front) inTrouble(ctx context.Context, calls int) <-chan struct{} {
	reached := make(chan struct{})
	go func() {
		for {
			f.mu.Lock()
			enough, changed := f.trouble >= calls, f.changed
			f.mu.Unlock()
			if enough {
				close(reached)
				return
			}
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
	}()
	return reached
}
