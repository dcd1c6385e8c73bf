package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/wire"
)

// unchangedReader is a resource that reads without the framework.
type unchangedReader interface {
	resource.ResourceWithConfigure
	// readUnchanged reads an object. If the gateway shows what the state says, it writes the
	// private data that Read would write, and returns the attributes of the identity.
	// Otherwise the identity is nil, what was written does not count, and the context has for
	// Read what was found.
	readUnchanged(ctx context.Context, state wire.Object, data private.Data) (found context.Context, identity any)
}

// ReadResource reads what does not change. The state is then answered as it came.
func (s *unchangedServer) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	ctx, read := s.readUnchanged(ctx, req)
	if read != nil {
		return read, nil
	}
	return s.protocolServer.ReadResource(ctx, req)
}

func (s *unchangedServer) readUnchanged(ctx context.Context, req *tfprotov6.ReadResourceRequest) (context.Context, *tfprotov6.ReadResourceResponse) {
	state, data := wire.Read(req.CurrentState), private.Decode(req.Private)
	reader, can := s.configured(ctx, req.TypeName).(unchangedReader)
	if !can || state == nil || data == nil {
		return ctx, nil
	}
	ctx, identity := reader.readUnchanged(ctx, state, data)
	if identity == nil {
		return ctx, nil
	}
	encoded, err := msgpack.Marshal(identity)
	if err != nil {
		return ctx, nil
	}
	written, err := data.Encode()
	if err != nil {
		return ctx, nil
	}
	return ctx, &tfprotov6.ReadResourceResponse{
		NewState: req.CurrentState, Private: written,
		NewIdentity: &tfprotov6.ResourceIdentityData{IdentityData: &tfprotov6.DynamicValue{MsgPack: encoded}},
	}
}
