package provider

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

// stopGuard bounds the requests in which a gateway is called: each by max_wait,
// and all of them by the end of the run.
//
// On Ctrl-C the SDK cancels the requests that are under way. Terraform begins
// nothing new then, but what it is just sending arrives a moment later, and
// would go on for as long as the gateway hangs, all repetitions included.
type stopGuard struct {
	tfprotov6.ProviderServer
	maxWait func() time.Duration // 0: none

	mu      sync.Mutex
	running context.Context // it lasts from one ConfigureProvider to StopProvider, over all requests
	stop    context.CancelFunc
	stopped bool // for good
	under   int  // requests under way
	idle    time.Time
}

func newStopGuard(server tfprotov6.ProviderServer, maxWait func() time.Duration) *stopGuard {
	g := &stopGuard{ProviderServer: server, maxWait: maxWait, idle: time.Now()}
	g.start()
	return g
}

func (g *stopGuard) start() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.stopped {
		g.running, g.stop = context.WithCancel(context.Background())
	}
}

// bound returns a context that also ends when Terraform asks to stop, or that
// has ended if it has asked already, and with max_wait.
func (g *stopGuard) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.under++
	running := g.running
	ctx, cancel := context.WithCancel(ctx)
	if running.Err() != nil {
		cancel() // before the request begins, not soon after
	}
	forget := context.AfterFunc(running, cancel)
	release := func() {}
	if most := g.maxWait(); most > 0 {
		ctx, release = transport.WithMaxWait(ctx, most)
	}
	return ctx, func() {
		forget()
		release()
		cancel()
		g.mu.Lock()
		defer g.mu.Unlock()
		g.under--
		g.idle = time.Now()
	}
}

// interruptible also stops when a signal arrives at the provider itself, for good.
//
// Ctrl-C does, since the provider is in the CLI's group of processes: while an
// apply refreshes, Terraform 1.11 passes it on to nobody, and waits. SIGTERM is
// what CI systems and kubelets send to all processes that there are. The SDK
// leaves it alone, so it would end the provider in the middle of a call, and
// Terraform would forget what was under way.
func interruptible(g *stopGuard) *stopGuard {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		for one := range signals {
			g.endForGood()
			if one == syscall.SIGTERM {
				go g.exitWhenIdle()
			}
		}
	}()
	return g
}

func (g *stopGuard) end() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stop()
}

func (g *stopGuard) endForGood() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stopped = true
	g.stop()
}

// exitPause is how long after SIGTERM, and after the last request, the provider
// stays. The CLI ends it sooner, when it has what it needs; one that was killed
// does not.
const exitPause = 5 * time.Second

func (g *stopGuard) exitWhenIdle() {
	for signalled := time.Now(); ; time.Sleep(exitPause / 20) {
		g.mu.Lock()
		isOver := g.under == 0 && time.Since(g.idle) > exitPause && time.Since(signalled) > exitPause
		g.mu.Unlock()
		if isOver {
			os.Exit(0)
		}
	}
}

// ConfigureProvider begins a run. A provider that is served to a debugger, or
// to a test, may be configured again after a stop; one that got a signal is over.
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
	ctx, done := g.bound(ctx)
	defer done()
	return g.ProviderServer.ReadResource(ctx, req)
}

func (g *stopGuard) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	ctx, done := g.bound(ctx)
	defer done()
	return g.ProviderServer.ApplyResourceChange(ctx, req)
}

func (g *stopGuard) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	ctx, done := g.bound(ctx)
	defer done()
	return g.ProviderServer.ReadDataSource(ctx, req)
}
