package provider

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/wire"
)

// unchangedServer answers without the framework where nothing changes. In most plans that is
// nearly everything, and for each object the framework takes more time than the gateway.
type unchangedServer struct {
	protocolServer
	provider *invoiceProvider
	// kinds are the types of resources, by their names.
	kinds     func() map[string]kind
	validated validParts
}

// kind is a type of resource.
type kind struct {
	newResource func() resource.Resource
	version     int64
	state       tftypes.Type
	schema      schema.Schema
	// defaults holds the defaults of attributes as they are encoded.
	defaults map[string][]byte
}

func newUnchangedServer(server protocolServer, p *invoiceProvider) *unchangedServer {
	return &unchangedServer{protocolServer: server, provider: p, kinds: sync.OnceValue(func() map[string]kind { return kindsOf(p) })}
}

func kindsOf(p *invoiceProvider) map[string]kind {
	ctx := context.Background()
	var about provider.MetadataResponse
	p.Metadata(ctx, provider.MetadataRequest{}, &about)
	kinds := map[string]kind{}
	for _, newResource := range p.Resources(ctx) {
		var name resource.MetadataResponse
		var described resource.SchemaResponse
		one := newResource()
		one.Metadata(ctx, resource.MetadataRequest{ProviderTypeName: about.TypeName}, &name)
		one.Schema(ctx, resource.SchemaRequest{}, &described)
		kinds[name.TypeName] = kind{
			newResource, described.Schema.Version, described.Schema.Type().TerraformType(ctx), described.Schema, defaultsOf(ctx, described.Schema),
		}
	}
	return kinds
}

// configured returns a resource that can be asked, nil if there is none: the framework says why.
func (s *unchangedServer) configured(ctx context.Context, typeName string) resource.ResourceWithConfigure {
	data := s.provider.data.Load()
	stored, isKnown := s.kinds()[typeName]
	if data == nil || !isKnown {
		return nil
	}
	one, can := stored.newResource().(resource.ResourceWithConfigure)
	if !can {
		return nil
	}
	var told resource.ConfigureResponse
	one.Configure(ctx, resource.ConfigureRequest{ProviderData: data}, &told)
	if len(told.Diagnostics) > 0 {
		return nil
	}
	return one
}

// UpgradeResourceState answers a stored state of the current version as it is, and upgrades one of
// an older version. The framework takes several times as long, in each plan until an apply
// stores the new version.
func (s *unchangedServer) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	stored, isKnown := s.kinds()[req.TypeName]
	var state *tfprotov6.DynamicValue
	switch {
	case !isKnown || req.RawState == nil:
	case req.Version == stored.version:
		if encoded := wire.FromStored(req.RawState.JSON, stored.state); encoded != nil {
			state = &tfprotov6.DynamicValue{MsgPack: encoded}
		}
	default:
		state = stored.upgraded(ctx, req)
	}
	if state != nil {
		return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: state}, nil
	}
	return s.protocolServer.UpgradeResourceState(ctx, req)
}

// upgraded returns a state of an older version as one of this version. It is nil if that cannot be
// done: the framework says why.
func (k kind) upgraded(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) *tfprotov6.DynamicValue {
	one, can := k.newResource().(resource.ResourceWithUpgradeState)
	if !can {
		return nil
	}
	upgrade := one.UpgradeState(ctx)[req.Version].StateUpgrader
	if upgrade == nil {
		return nil
	}
	resp := resource.UpgradeStateResponse{State: tfsdk.State{Schema: k.schema}}
	upgrade(ctx, resource.UpgradeStateRequest{RawState: req.RawState}, &resp)
	if resp.Diagnostics.HasError() || resp.State.Raw.IsNull() {
		return nil
	}
	state, err := tfprotov6.NewDynamicValue(k.state, resp.State.Raw)
	if err != nil {
		return nil
	}
	return &state
}
