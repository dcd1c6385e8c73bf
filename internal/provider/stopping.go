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
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/wire"
)

// stoppingServer limits the requests that call a gateway: each to max_wait and to the
// resource's own time-out, and all of them to the end of the run.
//
// On Ctrl-C the SDK cancels the requests under way, and Terraform starts no more. But a
// request that it is just sending arrives a moment later. It would last as long as the
// gateway hangs, with all repetitions.
type stoppingServer struct {
	protocolServer
	maxWait func() time.Duration // 0 is no limit

	mu        sync.Mutex
	running   context.Context // lasts from ConfigureProvider to StopProvider, over all requests
	stop      context.CancelFunc
	isOver    bool // a signal came: no run begins any more
	underWay  int  // requests
	actions   int  // of them invocations of actions
	idleSince time.Time
}

func newStoppingServer(server protocolServer, maxWait func() time.Duration) *stoppingServer {
	s := &stoppingServer{protocolServer: server, maxWait: maxWait, idleSince: time.Now()}
	s.start()
	return s
}

func (s *stoppingServer) start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.isOver {
		s.running, s.stop = context.WithCancel(context.Background())
	}
}

func (s *stoppingServer) end(forGood bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.isOver = s.isOver || forGood
	s.stop()
}

// bound begins a request. Its context also ends after max_wait, and when the run ends. If
// the run has ended already, so has the context.
func (s *stoppingServer) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	return s.boundBy(ctx, timeLimit{})
}

// boundBy is [stoppingServer.bound] for a request that has a limit of its own as well.
func (s *stoppingServer) boundBy(ctx context.Context, own timeLimit) (context.Context, context.CancelFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.underWay++
	running := s.running
	ctx, cancel := context.WithCancel(ctx)
	if running.Err() != nil {
		cancel() // AfterFunc would do it too late, in a goroutine
	}
	forget := context.AfterFunc(running, cancel)
	release := func() {}
	if limit := own.shorter(timeLimit{s.maxWait(), "max_wait"}); limit.duration > 0 {
		ctx, release = transport.WithMaxWait(ctx, limit.duration, limit.setting)
	}
	return ctx, func() {
		forget()
		release()
		cancel()
		s.mu.Lock()
		defer s.mu.Unlock()
		s.underWay--
		s.idleSince = time.Now()
	}
}

// stopOnSignals ends the run when a signal reaches the provider itself.
//
// Ctrl-C does, since the provider is in the process group of the CLI. Terraform 1.11 tells
// no provider of it while an apply refreshes, and waits. CI systems and kubelets send
// SIGTERM to every process. The SDK does not handle it, so it would kill the provider in
// the middle of a call, and Terraform would forget what was under way.
func stopOnSignals(s *stoppingServer) *stoppingServer {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		for one := range signals {
			s.end(true)
			if one == syscall.SIGTERM {
				go s.exitWhenIdle()
			}
		}
	}()
	return s
}

// exitPause is how long the provider stays after SIGTERM, and after the last request. A CLI
// ends it sooner, when it has all it needs. One that was killed does not.
const exitPause = 5 * time.Second

func (s *stoppingServer) exitWhenIdle() {
	for signalled := time.Now(); ; time.Sleep(exitPause / 20) {
		s.mu.Lock()
		isIdle := s.underWay == 0 && time.Since(s.idleSince) > exitPause && time.Since(signalled) > exitPause
		s.mu.Unlock()
		if isIdle {
			os.Exit(0)
		}
	}
}

// ConfigureProvider begins a run. A debugger or a test may configure the provider again
// after a stop, but not after a signal.
func (s *stoppingServer) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	s.start()
	return s.protocolServer.ConfigureProvider(ctx, req)
}

// StopProvider ends a run. Terraform calls it on Ctrl-C.
func (s *stoppingServer) StopProvider(ctx context.Context, req *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	s.end(false)
	s.waitForActions()
	return s.protocolServer.StopProvider(ctx, req)
}

// The requests below call a gateway.

func (s *stoppingServer) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	ctx, done := s.boundBy(ctx, timeoutOf(wire.Read(req.CurrentState), operationRead))
	defer done()
	return s.protocolServer.ReadResource(ctx, req)
}

func (s *stoppingServer) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	ctx, done := s.boundBy(ctx, timeoutOfChange(wire.Read(req.PriorState), wire.Read(req.PlannedState)))
	defer done()
	return s.protocolServer.ApplyResourceChange(ctx, req)
}

func (s *stoppingServer) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	ctx, done := s.bound(ctx)
	defer done()
	return s.protocolServer.ReadDataSource(ctx, req)
}
