package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// The requests of newer CLIs that call a gateway.

// PlanAction looks at what the action is about.
func (s *stoppingServer) PlanAction(ctx context.Context, req *tfprotov6.PlanActionRequest) (*tfprotov6.PlanActionResponse, error) {
	ctx, done := s.bound(ctx)
	defer done()
	return s.protocolServer.PlanAction(ctx, req)
}

// InvokeAction works while its events are read. It goes on to its end when nobody reads them
// any more: a call that moves money is not left in the middle because a CLI has gone.
func (s *stoppingServer) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	ctx, unbind := s.bound(ctx)
	s.countActions(1)
	done := func() {
		unbind()
		s.countActions(-1)
	}
	stream, err := s.protocolServer.InvokeAction(ctx, req)
	if err != nil {
		done()
		return stream, err
	}
	return &tfprotov6.InvokeActionServerStream{Events: func(push func(tfprotov6.InvokeActionEvent) bool) {
		defer done()
		isRead := true
		for event := range stream.Events {
			isRead = isRead && push(event)
		}
	}}, nil
}

// waitForActions waits for the actions under way, whose contexts have ended. Once a stop is
// answered, the SDK passes no more events on, and the error about what an action may have done
// would be lost.
func (s *stoppingServer) waitForActions() {
	for began := time.Now(); s.countActions(0) > 0 && time.Since(began) < exitPause; {
		time.Sleep(10 * time.Millisecond)
	}
}

func (s *stoppingServer) countActions(change int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.actions += change
	return s.actions
}

// ListResource works while its results are read.
func (s *stoppingServer) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	ctx, done := s.bound(ctx)
	stream, err := s.protocolServer.ListResource(ctx, req)
	if err != nil {
		done()
		return stream, err
	}
	return &tfprotov6.ListResourceServerStream{Results: func(push func(tfprotov6.ListResourceResult) bool) {
		defer done()
		stream.Results(push)
	}}, nil
}

// OpenEphemeralResource asks for what Terraform keeps nowhere.
func (s *stoppingServer) OpenEphemeralResource(ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	ctx, done := s.bound(ctx)
	defer done()
	return s.protocolServer.OpenEphemeralResource(ctx, req)
}
