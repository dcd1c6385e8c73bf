package clienttest

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

// Quick is a configuration that repeats a call twice, with pauses of a millisecond.
func Quick(log transport.LogFunc) transport.Config {
	return transport.Config{
		MaxRetries:     2,
		RequestTimeout: 10 * time.Second,
		WaitMin:        time.Millisecond,
		WaitMax:        2 * time.Millisecond,
		Log:            log,
	}
}

// Records collects everything that a client logs.
type Records struct {
	mu   sync.Mutex
	text strings.Builder
}

// Log is a [transport.LogFunc].
func (r *Records) Log(_ context.Context, _ slog.Level, message string, fields map[string]any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fmt.Fprintln(&r.text, message, fields)
}

// String is everything that was logged so far.
func (r *Records) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}
