package main

import (
	"io"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// A gateway that is away is in the log, and the notification comes again.
func TestShopLogsWhatItCannotAsk(t *testing.T) {
	st := open(t)
	t.Setenv("INVOICE_BASE_URL", "http://127.0.0.1:1")
	pay["invoice"](st, "A-1")
	sandboxtest.Equal(t, "state", st.delivery(1)["state"], any("pending"))
	st.mu.Lock()
	defer st.mu.Unlock()
	sandboxtest.Contains(t, st.printed.String(), "which order it is of", "connection refused")
}

// counting counts the answers that are open.
type counting struct {
	http.RoundTripper
	open *atomic.Int32
}

type body struct {
	io.ReadCloser
	open *atomic.Int32
}

func (c counting) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := c.RoundTripper.RoundTrip(r)
	if err == nil && strings.HasSuffix(r.URL.Path, "/GetPayment") {
		c.open.Add(1)
		response.Body = body{response.Body, c.open}
	}
	return response, err
}

func (b body) Close() error {
	b.open.Add(-1)
	return b.ReadCloser.Close()
}

func TestShopClosesAnswers(t *testing.T) {
	st := open(t)
	var left atomic.Int32
	http.DefaultClient.Transport = counting{http.DefaultTransport, &left}
	t.Cleanup(func() { http.DefaultClient.Transport = nil })
	pay["invoice"](st, "A-1")
	st.want(st.delivery(1), "delivered", aPaid)
	sandboxtest.Equal(t, "answers left open", int(left.Load()), 0)
}

// A shop with such settings would refuse everything, or believe everybody.
func TestShopChecksItsSettings(t *testing.T) {
	open(t)
	sandboxtest.Equal(t, "settings", hasSettings(), true)
	for name, values := range map[string][]string{"INVOICE_BASE_URL": {"", "127.0.0.1:8085", "http://[", "http://127.0.0.1:port"}, "INVOICE_API_KEY": {""}, "SECRET_WORD": {""}} {
		before := os.Getenv(name)
		for _, value := range values {
			t.Setenv(name, value)
			if hasSettings() {
				t.Errorf("%s=%s is taken", name, value)
			}
		}
		t.Setenv(name, before)
	}
}
