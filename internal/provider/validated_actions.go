package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// validatedActions checks the configuration of an action whenever it is planned or invoked.
//
// Terraform validates it before variables are known, and not again. So a negative amount in a
// variable would reach the action.
type validatedActions struct{ protocolServer }

func (s validatedActions) PlanAction(ctx context.Context, req *tfprotov6.PlanActionRequest) (*tfprotov6.PlanActionResponse, error) {
	found, isRefused, err := s.validate(ctx, req.ActionType, req.Config)
	if err != nil || isRefused {
		return &tfprotov6.PlanActionResponse{Diagnostics: found}, err
	}
	resp, err := s.protocolServer.PlanAction(ctx, req)
	if err == nil {
		resp.Diagnostics = append(found, resp.Diagnostics...)
	}
	return resp, err
}

// howToRunAgain ends every error of an action. A run that failed after its trigger is lost
// otherwise: the next plan has nothing to do.
const howToRunAgain = "\n\nAfter an after_create or after_update trigger, Terraform does not run the action again by itself: " +
	"terraform apply -invoke=<its address> does."

// InvokeAction repeats no warning of the plan.
func (s validatedActions) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	found, isRefused, err := s.validate(ctx, req.ActionType, req.Config)
	switch {
	case err != nil:
		return nil, err
	case isRefused:
		sayHowToRunAgain(found)
		return &tfprotov6.InvokeActionServerStream{Events: func(push func(tfprotov6.InvokeActionEvent) bool) {
			push(tfprotov6.InvokeActionEvent{Type: tfprotov6.CompletedInvokeActionEventType{Diagnostics: found}})
		}}, nil
	}
	stream, err := s.protocolServer.InvokeAction(ctx, req)
	if err != nil {
		return nil, err
	}
	return &tfprotov6.InvokeActionServerStream{Events: func(push func(tfprotov6.InvokeActionEvent) bool) {
		for event := range stream.Events {
			if end, hasEnded := event.Type.(tfprotov6.CompletedInvokeActionEventType); hasEnded {
				sayHowToRunAgain(end.Diagnostics)
			}
			if !push(event) {
				return
			}
		}
	}}, nil
}

func sayHowToRunAgain(diagnostics []*tfprotov6.Diagnostic) {
	for _, one := range diagnostics {
		if one.Severity == tfprotov6.DiagnosticSeverityError {
			one.Detail += howToRunAgain
		}
	}
}

func (s validatedActions) validate(ctx context.Context, actionType string, config *tfprotov6.DynamicValue) (found []*tfprotov6.Diagnostic, isRefused bool, err error) {
	resp, err := s.ValidateActionConfig(ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: actionType, Config: config})
	if err != nil {
		return nil, false, err
	}
	for _, one := range resp.Diagnostics {
		isRefused = isRefused || one.Severity == tfprotov6.DiagnosticSeverityError
	}
	return resp.Diagnostics, isRefused, nil
}
