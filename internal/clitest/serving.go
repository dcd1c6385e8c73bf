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

const invoiceAddress = "invoice-iac/invoice"

// Serve makes the CLI use a provider in the test's process.
func (w *Workspace) Serve(provider tfprotov6.ProviderServer) {
	w.T.Helper()
	w.serve(map[string]tfprotov6.ProviderServer{invoiceAddress: provider})
}

// ServeBeside does the same for several: the provider, and one at another address.
func (w *Workspace) ServeBeside(provider tfprotov6.ProviderServer, address string, other tfprotov6.ProviderServer) {
	w.T.Helper()
	w.serve(map[string]tfprotov6.ProviderServer{invoiceAddress: provider, address: other})
}

func (w *Workspace) serve(providers map[string]tfprotov6.ProviderServer) {
	w.T.Helper()
	reattach := map[string]any{}
	for address, server := range providers {
		served := serveProvider(w.T, server)
		for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
			reattach[host+"/"+address] = served
		}
	}
	text, err := json.Marshal(reattach)
	w.Must(err)
	w.Env = append(os.Environ(), "TF_REATTACH_PROVIDERS="+string(text), "TF_IN_AUTOMATION=1", "NO_COLOR=1")
}

// serveProvider serves a provider to a CLI and returns what TF_REATTACH_PROVIDERS has to say of it.
func serveProvider(t *testing.T, server tfprotov6.ProviderServer) map[string]any {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	configs, closed := make(chan *plugin.ReattachConfig), make(chan struct{})
	go func() {
		_ = tf6server.Serve("registry.terraform.io/"+invoiceAddress,
			func() tfprotov6.ProviderServer { return server },
			tf6server.WithDebug(ctx, configs, closed), tf6server.WithGoPluginLogger(hclog.NewNullLogger()))
	}()
	t.Cleanup(func() { cancel(); <-closed })
	config := <-configs
	return map[string]any{
		"Protocol": string(config.Protocol), "ProtocolVersion": config.ProtocolVersion, "Pid": config.Pid, "Test": true,
		"Addr": map[string]string{"Network": config.Addr.Network(), "String": config.Addr.String()},
	}
}
