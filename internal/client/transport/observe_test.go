package transport

import (
	"net/http"
	"testing"
)

// What is observed is each attempt as it came, a broken one too.
func TestEachAttemptIsObserved(t *testing.T) {
	first := true
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		if first {
			first = false
			cutting(w, r)
			return
		}
		w.Header().Set("X-Seen", "yes")
		answering(200, `{"id":"77","token":"visible"}`)(w, r)
	})
	var seen []Attempt
	config := quick(1)
	config.Secrets = []string{"visible"}
	config.Observe = func(a Attempt) { seen = append(seen, a) }
	call := callTo(s.URL, true)
	if _, err := New(config).Do(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 2 {
		t.Fatalf("observed %d attempts, want 2", len(seen))
	}
	if cut := seen[0]; cut.Err == nil || cut.Response != nil || cut.Operation != call.Operation {
		t.Errorf("the attempt that was cut: %+v", cut)
	}
	whole := seen[1]
	if whole.Err != nil || whole.Response.Header.Get("X-Seen") != "yes" || string(whole.Body) != `{"id":"77","token":"visible"}` || whole.Duration <= 0 {
		t.Errorf("the attempt that was answered: %+v, %s", whole, whole.Body)
	}
}
