package provider

import (
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// ValidateResourceConfig validates the same configuration once. A count makes many that are
// the same.
func (s *unchangedServer) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	if req.Config == nil || len(req.Config.MsgPack) == 0 {
		return s.ProviderServer.ValidateResourceConfig(ctx, req)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %v %s", req.TypeName, req.ClientCapabilities, req.Config.MsgPack))
	if _, isKnown := s.validated.Load(sum); isKnown {
		return &tfprotov6.ValidateResourceConfigResponse{}, nil
	}
	resp, err := s.ProviderServer.ValidateResourceConfig(ctx, req)
	if err == nil && len(resp.Diagnostics) == 0 {
		s.validated.Store(sum, nil)
	}
	return resp, err
}
