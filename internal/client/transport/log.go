package transport

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/mask"
)

// Levels of what the client logs: calls at debug, bodies at trace.
const (
	LevelDebug = slog.LevelDebug
	LevelTrace = slog.LevelDebug - 4
)

// LogFunc receives what the client logs, already masked. The client knows no
// Terraform, so the provider passes a function that hands over to tflog.
type LogFunc func(ctx context.Context, level slog.Level, message string, fields map[string]any)

// log writes of one attempt how it went, and the bodies of one that was answered.
func (x *exchange) log(request *http.Request, started time.Time, response *http.Response, err error) {
	if x.config.Log == nil {
		return
	}
	address := mask.URL(request.URL, x.secrets)
	fields := map[string]any{"method": request.Method, "url": address, "duration_ms": time.Since(started).Milliseconds()}
	if response != nil {
		fields["status"] = response.StatusCode
	}
	if err != nil { // it may quote what a server sent
		fields["error"] = mask.Payers(mask.Text(err.Error(), x.secrets))
	}
	x.config.Log(request.Context(), LevelDebug, "gateway call", fields)
	if err != nil {
		return
	}
	fields = map[string]any{"url": address, "status": response.StatusCode, "answer": mask.Body(x.body, x.secrets)}
	if len(x.call.Body) > 0 {
		fields["request"] = mask.Body(x.call.Body, x.secrets)
	}
	x.config.Log(request.Context(), LevelTrace, "gateway call, bodies", fields)
}
