package provider

import (
	"context"
	"os"
	"os/signal"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// stopGuard ends what comes after Terraform has asked to stop.
//
// On Ctrl-C the SDK cancels the requests that are under way. Terraform begins
// nothing new then, but what it is just sending arrives a moment later, and
// would go on for as long as the gateway hangs, all repetitions included.
type stopGuard struct {
	tfprotov6.ProviderServer

	mu      sync.Mutex
	running context.Context // it lasts from one ConfigureProvider to StopProvider, over all requests
	stop    context.CancelFunc
}

func newStopGuard(server tfprotov6.ProviderServer) *stopGuard {
	g := &stopGuard{ProviderServer: server}
	g.start()
	return g
}

func (g *stopGuard) start() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running, g.stop = context.WithCancel(context.Background())
}

// until returns a context that also ends when Terraform asks to stop, or that
// has ended if it has asked already.
func (g *stopGuard) until(ctx context.Context) (context.Context, context.CancelFunc) {
	g.mu.Lock()
	running := g.running
	g.mu.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	if running.Err() != nil {
		cancel() // before the request begins, not soon after
	}
	forget := context.AfterFunc(running, cancel)
	return ctx, func() { forget(); cancel() }
}

// interruptible also ends requests when Ctrl-C arrives at the provider itself,
// which is in the CLI's group of processes: while an apply refreshes, Terraform
// 1.11 passes it on to nobody, and waits.
func interruptible(g *stopGuard) *stopGuard {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	go func() {
		for range interrupts {
			g.end()
		}
	}()
	return g
}

func (g *stopGuard) end() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stop()
}

// ConfigureProvider begins a run. A provider that is served to a debugger, or
// to a test, may be configured again after a stop.
func (g *stopGuard) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	g.start()
	return g.ProviderServer.ConfigureProvider(ctx, req)
}

// StopProvider is what Ctrl-C comes to.
func (g *stopGuard) StopProvider(ctx context.Context, req *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	g.end()
	return g.ProviderServer.StopProvider(ctx, req)
}

// These are the requests in which a gateway is called.

func (g *stopGuard) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	ctx, done := g.until(ctx)
	defer done()
	return g.ProviderServer.ReadResource(ctx, req)
}

func (g *stopGuard) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	ctx, done := g.until(ctx)
	defer done()
	return g.ProviderServer.ApplyResourceChange(ctx, req)
}

func (g *stopGuard) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	ctx, done := g.until(ctx)
	defer done()
	return g.ProviderServer.ReadDataSource(ctx, req)
}
