package provider

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Servers around the framework's offer all that it offers. The SDK looks for newer parts of
// the protocol with type assertions, so what an embedded interface lacks is silently gone.
func TestServersPassOnWhatTheFrameworkOffers(t *testing.T) {
	p := testProvider()
	offered := reflect.TypeOf(frameworkServer(p))
	servers := map[string]tfprotov6.ProviderServer{"served": Server("test")(), "in tests": newServer(p), "without loggers": quietServer{newServer(p)}}
	for name, server := range servers {
		passedOn := reflect.TypeOf(server)
		for i := range offered.NumMethod() {
			method := offered.Method(i)
			if _, isThere := passedOn.MethodByName(method.Name); !isThere {
				t.Errorf("%s: %s hides %s", name, passedOn, method.Name)
			}
		}
		if _, can := server.(tfprotov6.ProviderServerWithListResource); !can { //nolint:staticcheck // What the SDK asks for, until it is part of ProviderServer.
			t.Errorf("%s: %s has no lists", name, passedOn)
		}
		if _, can := server.(tfprotov6.ProviderServerWithActions); !can { //nolint:staticcheck // As above.
			t.Errorf("%s: %s has no actions", name, passedOn)
		}
	}
}

// streamingServer works in its streams for as long as their context lasts.
type streamingServer struct {
	protocolServer
	seen func(ctx context.Context, step int)
}

func (s streamingServer) InvokeAction(ctx context.Context, _ *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	return &tfprotov6.InvokeActionServerStream{Events: func(push func(tfprotov6.InvokeActionEvent) bool) {
		for step := range 3 {
			s.seen(ctx, step)
			if !push(tfprotov6.InvokeActionEvent{Type: tfprotov6.ProgressInvokeActionEventType{}}) {
				return
			}
		}
	}}, nil
}

func (streamingServer) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

func (s streamingServer) ListResource(ctx context.Context, _ *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	return &tfprotov6.ListResourceServerStream{Results: func(push func(tfprotov6.ListResourceResult) bool) {
		for step := range 3 {
			s.seen(ctx, step)
			if !push(tfprotov6.ListResourceResult{}) {
				return
			}
		}
	}}, nil
}

// A stream lasts until it was read, and its context ends with the run and after max_wait.
func TestStreamsAreBounded(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]func(*testing.T, *stoppingServer){
		"of an action": func(t *testing.T, s *stoppingServer) {
			stream, err := s.InvokeAction(t.Context(), &tfprotov6.InvokeActionRequest{})
			if err != nil {
				t.Fatal(err)
			}
			for range stream.Events {
				continue
			}
		},
		"of a list": func(t *testing.T, s *stoppingServer) {
			stream, err := s.ListResource(t.Context(), &tfprotov6.ListResourceRequest{})
			if err != nil {
				t.Fatal(err)
			}
			for range stream.Results {
				continue
			}
		},
	} {
		for end, limit := range map[string]time.Duration{"the stop": 0, "max_wait": 50 * time.Millisecond} {
			t.Run(name+", "+end, func(t *testing.T) {
				t.Parallel()
				steps := 0
				var s *stoppingServer
				s = newStoppingServer(streamingServer{seen: func(ctx context.Context, step int) {
					steps++
					if s.underWay != 1 {
						t.Errorf("%d requests are under way within a stream", s.underWay)
					}
					switch {
					case step == 0 && ctx.Err() != nil:
						t.Error("the stream has ended at its beginning")
					case step == 1:
						if limit == 0 {
							s.end(false)
						}
						<-ctx.Done()
					}
				}}, func() time.Duration { return limit })
				read(t, s)
				if steps != 3 || s.underWay != 0 {
					t.Errorf("%d steps, want 3; %d requests are under way after the stream", steps, s.underWay)
				}
			})
		}
	}
}

// A CLI that has gone does not leave an action in the middle.
func TestActionGoesOnWhenNobodyReads(t *testing.T) {
	t.Parallel()
	steps := 0
	s := newStoppingServer(streamingServer{seen: func(ctx context.Context, _ int) {
		steps++
		if ctx.Err() != nil {
			t.Error("the action's context has ended")
		}
	}}, func() time.Duration { return 0 })
	stream, err := s.InvokeAction(t.Context(), &tfprotov6.InvokeActionRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for range stream.Events {
		break
	}
	if steps != 3 {
		t.Errorf("the action made %d of 3 steps", steps)
	}
}

// The SDK passes no event on once it has the answer to a stop.
func TestStopWaitsForTheEndOfActions(t *testing.T) {
	t.Parallel()
	var s *stoppingServer
	answered := make(chan struct{})
	s = newStoppingServer(streamingServer{seen: func(ctx context.Context, step int) {
		if step == 1 {
			go func() {
				_, _ = s.StopProvider(context.Background(), &tfprotov6.StopProviderRequest{})
				close(answered)
			}()
			<-ctx.Done()
		}
	}}, func() time.Duration { return 0 })
	stream, err := s.InvokeAction(t.Context(), &tfprotov6.InvokeActionRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for range stream.Events {
		select {
		case <-answered:
			t.Error("the stop was answered before the action's last event was passed on")
		case <-time.After(50 * time.Millisecond):
		}
	}
	<-answered
}
