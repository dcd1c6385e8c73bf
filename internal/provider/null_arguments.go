package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// nullArguments writes the nulls that OpenTofu (1.12, and those before it) leaves out of the
// call of a function: the framework cannot read an argument without a value.
type nullArguments struct{ protocolServer }

// CallFunction fills in the nulls.
func (s nullArguments) CallFunction(ctx context.Context, req *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	for i, argument := range req.Arguments {
		if argument == nil || argument.MsgPack == nil && argument.JSON == nil {
			const msgpackNil = 0xc0
			req.Arguments[i] = &tfprotov6.DynamicValue{MsgPack: []byte{msgpackNil}}
		}
	}
	return s.protocolServer.CallFunction(ctx, req)
}
