package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// pointing has messages about what is inside an object or a list point to that in the configuration.
//
// No CLI finds the place of receipt[1].price: it shows the first line of the resource. It finds
// receipt, and shows all of its lines. Where one of them may hold a secret, the path stays as it is,
// since what a CLI shows ends up in the logs of a CI.
type pointing struct{ protocolServer }

func (s pointing) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	resp, err := s.protocolServer.ValidateResourceConfig(ctx, req)
	if err == nil {
		s.point(ctx, req.TypeName, resp.Diagnostics)
	}
	return resp, err
}

func (s pointing) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, err := s.protocolServer.PlanResourceChange(ctx, req)
	if err == nil {
		s.point(ctx, req.TypeName, resp.Diagnostics)
	}
	return resp, err
}

func (s pointing) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := s.protocolServer.ApplyResourceChange(ctx, req)
	if err == nil {
		s.point(ctx, req.TypeName, resp.Diagnostics)
	}
	return resp, err
}

// point cuts the paths of messages about a resource to the attribute that a CLI finds. The messages
// themselves name the whole path.
func (s pointing) point(ctx context.Context, typeName string, found []*tfprotov6.Diagnostic) {
	var all map[string]*tfprotov6.Schema
	for _, one := range found {
		if one.Attribute == nil || len(one.Attribute.Steps()) < 2 {
			continue
		}
		if all == nil {
			schemas, err := s.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
			if err != nil {
				return // the paths are good enough
			}
			all = schemas.ResourceSchemas
		}
		name, _ := one.Attribute.Steps()[0].(tftypes.AttributeName)
		if described := all[typeName]; described != nil && isShown(described.Block.Attributes, string(name)) {
			one.Attribute = tftypes.NewAttributePath().WithAttributeName(string(name))
		}
	}
}

// isShown reports whether a schema has an attribute of this name, and nothing in it is secret.
func isShown(all []*tfprotov6.SchemaAttribute, name string) bool {
	at := slices.IndexFunc(all, func(one *tfprotov6.SchemaAttribute) bool { return one.Name == name })
	return at >= 0 && !holdsSecret(all[at])
}

func holdsSecret(one *tfprotov6.SchemaAttribute) bool {
	return one.Sensitive || one.NestedType != nil && slices.ContainsFunc(one.NestedType.Attributes, holdsSecret)
}
