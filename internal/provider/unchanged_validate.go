package provider

import (
	"context"
	"crypto/sha256"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/wire"
)

// validatedApart is a resource whose attributes are validated each by itself, but for those
// that its ValidateConfig looks at.
type validatedApart interface {
	// validatedTogether names what ValidateConfig looks at.
	validatedTogether() []string
}

// part is what was validated of a configuration: an attribute, or what is validated
// together, which has no name. Validation depends on nothing else, not even on the clock.
type part struct {
	typeName, attribute string
	value               [sha256.Size]byte // no secret is kept
	takesWriteOnly      bool
}

// validParts are those in which nothing was found.
type validParts struct {
	mu  sync.RWMutex
	all map[part]bool
}

// ValidateResourceConfig validates the same once. A thousand links differ in little, and
// mostly in texts that take microseconds to validate.
func (s *unchangedServer) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	stored, config := s.kinds()[req.TypeName], wire.Read(req.Config)
	if config == nil {
		return s.protocolServer.ValidateResourceConfig(ctx, req)
	}
	parts := stored.partsOf(req, config)
	isValid := func(one part) bool { return s.validated.has(one) || stored.isValidText(ctx, one.attribute, config) }
	if !slices.ContainsFunc(parts, func(one part) bool { return !isValid(one) }) {
		return &tfprotov6.ValidateResourceConfigResponse{}, nil
	}
	resp, err := s.protocolServer.ValidateResourceConfig(ctx, req)
	if err == nil && len(resp.Diagnostics) == 0 {
		s.validated.add(parts)
	}
	return resp, err
}

// partsOf is the whole configuration, unless the resource says what can be validated apart.
func (k kind) partsOf(req *tfprotov6.ValidateResourceConfigRequest, config wire.Object) []part {
	one := part{typeName: req.TypeName, takesWriteOnly: req.ClientCapabilities != nil && req.ClientCapabilities.WriteOnlyAttributesAllowed}
	apart, can := k.newResource().(validatedApart)
	if !can {
		one.value = sha256.Sum256(req.Config.MsgPack)
		return []part{one}
	}
	var together []byte
	for _, name := range apart.validatedTogether() {
		together = append(together, config[name]...) // each value says where it ends
	}
	one.value = sha256.Sum256(together)
	parts := []part{one}
	for name, value := range config {
		one.attribute, one.value = name, sha256.Sum256(value)
		parts = append(parts, one)
	}
	return parts
}

// isValidText runs the validators of a plain text. What they find is for the framework to
// report.
func (k kind) isValidText(ctx context.Context, name string, config wire.Object) bool {
	text, isText := k.schema.Attributes[name].(schema.StringAttribute)
	value := config.String(name)
	if !isText || text.CustomType != nil || text.DeprecationMessage != "" || value.IsNull() {
		return false
	}
	var found validator.StringResponse
	for _, one := range text.Validators {
		one.ValidateString(ctx, validator.StringRequest{Path: path.Root(name), PathExpression: path.MatchRoot(name), ConfigValue: value}, &found)
	}
	return len(found.Diagnostics) == 0
}

func (v *validParts) has(one part) bool {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.all[one]
}

func (v *validParts) add(parts []part) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.all == nil {
		v.all = map[part]bool{}
	}
	for _, one := range parts {
		v.all[one] = true
	}
}
