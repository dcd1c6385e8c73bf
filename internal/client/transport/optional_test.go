package transport

import (
	"net/http"
	"strings"
	"testing"
)

// A call that the caller can do without is sent once. However often it has no answer, others
// are sent.
func TestOptionalCallIsSentOnce(t *testing.T) {
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/optional") {
			cutting(w, r)
		}
	})
	client := New(quick(4))
	call := callTo(s.URL+"/optional", true)
	call.IsOptional = true
	for range maxSilent + 1 {
		if _, err := client.Do(t.Context(), call); err == nil {
			t.Fatal("it succeeded")
		}
	}
	if got := len(s.seen()); got != maxSilent+1 {
		t.Errorf("%d requests for %d calls", got, maxSilent+1)
	}
	if _, err := client.Do(t.Context(), callTo(s.URL, true)); err != nil {
		t.Error(err)
	}
	closed := callTo(closedPort(t), true)
	closed.IsOptional = true
	for range maxSilent + 1 {
		_, _ = client.Do(t.Context(), closed)
	}
	if _, err := client.Do(t.Context(), callTo(s.URL, true)); err != nil {
		t.Error(err)
	}
}
