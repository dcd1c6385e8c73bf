package clitest

import (
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// The SDK's trace logging is off unless somebody asks for logs, as in main.
func init() {
	if os.Getenv("TF_LOG") == "" && os.Getenv("TF_ACC_LOG") == "" {
		_ = os.Setenv("TF_LOG_SDK", "OFF")
	}
}

// Serve makes the CLI use a provider in the test's process.
func (w *Workspace) Serve(provider tfprotov6.ProviderServer) {
	w.T.Helper()
	w.Env = append(os.Environ(), "TF_REATTACH_PROVIDERS="+serveProvider(w.T, provider), "TF_IN_AUTOMATION=1", "NO_COLOR=1")
}

// serveProvider serves a provider to a CLI and returns the value of TF_REATTACH_PROVIDERS.
func serveProvider(t *testing.T, server tfprotov6.ProviderServer) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	configs, closed := make(chan *plugin.ReattachConfig), make(chan struct{})
	go func() {
		_ = tf6server.Serve("registry.terraform.io/invoice-iac/invoice",
			func() tfprotov6.ProviderServer { return server },
			tf6server.WithDebug(ctx, configs, closed), tf6server.WithGoPluginLogger(hclog.NewNullLogger()))
	}()
	t.Cleanup(func() { cancel(); <-closed })
	config := <-configs
	reattach := map[string]any{}
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		reattach[host+"/invoice-iac/invoice"] = map[string]any{
			"Protocol": string(config.Protocol), "ProtocolVersion": config.ProtocolVersion, "Pid": config.Pid, "Test": true,
			"Addr": map[string]string{"Network": config.Addr.Network(), "String": config.Addr.String()},
		}
	}
	text, err := json.Marshal(reattach)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
