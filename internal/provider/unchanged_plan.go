package provider

import (
	"bytes"
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/defaults"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/wire"
)

// unchangedPlanner is a resource that knows what its ModifyPlan does with an object in which
// nothing changes.
type unchangedPlanner interface {
	resource.ResourceWithConfigure
	// planUnchanged writes the private data that ModifyPlan would write. It reports whether
	// ModifyPlan would do nothing else; if not, what was written does not count.
	planUnchanged(ctx context.Context, config, state wire.Object, data private.Data) bool
}

// PlanResourceChange plans what does not change.
//
// Where the prior and the proposed state are the same, the framework changes the proposed
// state in one way only: it gives an attribute its default that was taken out of the
// configuration. Then it asks ModifyPlan. So the plan is the prior state if all such
// attributes have their defaults, and if the resource says what ModifyPlan would do.
func (s *unchangedServer) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	if planned, ok := s.planUnchanged(ctx, req); ok {
		return planned, nil
	}
	return s.protocolServer.PlanResourceChange(ctx, req)
}

func (s *unchangedServer) planUnchanged(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, bool) {
	if req.PriorState == nil || req.ProposedNewState == nil || !bytes.Equal(req.PriorState.MsgPack, req.ProposedNewState.MsgPack) {
		return nil, false
	}
	planner, can := s.configured(ctx, req.TypeName).(unchangedPlanner)
	config, state, data := wire.Read(req.Config), wire.Read(req.PriorState), private.Decode(req.PriorPrivate)
	if !can || config == nil || state == nil || data == nil || !hasDefaults(config, state, s.kinds()[req.TypeName].defaults) ||
		!planner.planUnchanged(ctx, config, state, data) {
		return nil, false
	}
	encoded, err := data.Encode()
	if err != nil {
		return nil, false
	}
	identity := req.PriorIdentity
	if identity == nil { // the framework answers that it is null
		identity = &tfprotov6.ResourceIdentityData{IdentityData: &tfprotov6.DynamicValue{MsgPack: wire.Null}}
	}
	return &tfprotov6.PlanResourceChangeResponse{PlannedState: req.PriorState, PlannedPrivate: encoded, PlannedIdentity: identity}, true
}

// hasDefaults reports whether what the configuration leaves out has its default in the
// state. Terraform proposes the state as it is, and the framework would plan the default.
func hasDefaults(config, state wire.Object, standard map[string][]byte) bool {
	for name, value := range standard {
		if config.IsNull(name) && !bytes.Equal(state[name], value) {
			return false
		}
	}
	return true
}

// defaultsOf encodes the defaults of a schema. Only texts at its root have any.
func defaultsOf(ctx context.Context, described schema.Schema) map[string][]byte {
	encoded := map[string][]byte{}
	for name, attribute := range described.Attributes {
		text, isText := attribute.(schema.StringAttribute)
		if !isText || text.Default == nil {
			continue
		}
		var standard defaults.StringResponse
		text.Default.DefaultString(ctx, defaults.StringRequest{}, &standard)
		encoded[name], _ = msgpack.Marshal(standard.PlanValue.ValueString()) // no text fails
	}
	return encoded
}
