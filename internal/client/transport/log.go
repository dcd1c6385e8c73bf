package transport

import (
	"context"
	"log/slog"
)

// Levels of what the client logs: calls at debug, bodies at trace.
const (
	LevelDebug = slog.LevelDebug
	LevelTrace = slog.LevelDebug - 4
)

// LogFunc receives what the client logs, already masked. The client knows no
// Terraform, so the provider passes a function that hands over to tflog.
type LogFunc func(ctx context.Context, level slog.Level, message string, fields map[string]any)
