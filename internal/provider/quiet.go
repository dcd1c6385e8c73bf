package provider

import (
	"context"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// LogsAreWanted reports whether the environment asks for any log.
func LogsAreWanted() bool {
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		asksForLogs := strings.HasPrefix(name, "TF_LOG") || name == "TF_ACC_LOG"
		if asksForLogs && value != "" && !strings.EqualFold(value, "off") {
			return true
		}
	}
	return false
}

// quietServer hides the SDK's loggers from the framework. A logger that is switched off still
// makes every message, a tenth of the time of a plan.
type quietServer struct{ protocolServer }

// quietly calls with a context that has nothing of the given one but its end.
func quietly[Q, R any](ctx context.Context, req Q, call func(context.Context, Q) (R, error)) (R, error) {
	quiet, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()
	if ctx.Err() != nil {
		cancel() // AfterFunc does it later
	}
	return call(quiet, req)
}

func (s quietServer) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return quietly(ctx, req, s.protocolServer.ValidateResourceConfig)
}

func (s quietServer) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return quietly(ctx, req, s.protocolServer.UpgradeResourceState)
}

func (s quietServer) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return quietly(ctx, req, s.protocolServer.ReadResource)
}

func (s quietServer) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return quietly(ctx, req, s.protocolServer.PlanResourceChange)
}

func (s quietServer) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return quietly(ctx, req, s.protocolServer.ApplyResourceChange)
}
