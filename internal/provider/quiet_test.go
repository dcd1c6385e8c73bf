package provider

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// contextServer shows the context of each call.
type contextServer struct {
	protocolServer
	show func(ctx context.Context)
}

func (s contextServer) ReadResource(ctx context.Context, _ *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	s.show(ctx)
	return &tfprotov6.ReadResourceResponse{}, nil
}

type testKey struct{}

func TestQuietServerHidesAllButTheEnd(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), testKey{}, "logger"))
	calls := 0
	server := quietServer{contextServer{show: func(seen context.Context) {
		calls++
		if seen.Value(testKey{}) != nil {
			t.Error("the framework sees the values of the SDK")
		}
		if calls == 1 {
			if seen.Err() != nil {
				t.Error("the call has ended at its beginning")
			}
			cancel()
			<-seen.Done()
		} else if seen.Err() == nil {
			t.Error("a call begins after the end")
		}
	}}}
	for range 2 {
		if _, err := server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{}); err != nil {
			t.Error(err)
		}
	}
	if calls != 2 {
		t.Errorf("%d calls", calls)
	}
}

func TestServerIsQuietUnlessLogsAreWanted(t *testing.T) {
	for _, c := range []struct {
		name, value string
		quiet       bool
	}{
		{"TF_LOG", "", true},
		{"TF_LOG", "off", true},
		{"TF_LOG", "TRACE", false},
		{"TF_LOG_PROVIDER", "debug", false},
		{"TF_LOG_PROVIDER_INVOICE", "INFO", false},
		{"TF_LOG_SDK", "OFF", true},
		{"TF_LOG_SDK_FRAMEWORK", "TRACE", false},
		{"TF_ACC_LOG", "TRACE", false},
	} {
		t.Run(c.name+"="+c.value, func(t *testing.T) {
			for _, pair := range os.Environ() {
				if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "TF_LOG") || name == "TF_ACC_LOG" {
					t.Setenv(name, "")
				}
			}
			t.Setenv(c.name, c.value)
			if _, quiet := Server("test")().(quietServer); quiet != c.quiet {
				t.Errorf("quiet: %t", quiet)
			}
		})
	}
}
