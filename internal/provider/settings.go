package provider

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// settings reads the settings of one gateway: from its object in the provider
// block, else from the environment.
type settings struct {
	gateway string // the attribute of the provider block
	prefix  string // of the environment variables
	object  types.Object
	unknown bool
	missing []string
}

// get returns one setting; fallback "" makes it a mandatory one.
func (s *settings) get(name, fallback string) string {
	if value := s.optional(name); value != "" || s.unknown {
		return value
	}
	if fallback == "" {
		s.isMissing(name)
	}
	return fallback
}

func (s *settings) isMissing(name string) {
	s.missing = append(s.missing, fmt.Sprintf("%s.%s (or %s)", s.gateway, name, s.variable(name)))
}

func (s *settings) variable(name string) string { return s.prefix + strings.ToUpper(name) }

// optional returns one setting, "" when it is not given.
func (s *settings) optional(name string) string {
	if s.object.IsUnknown() {
		s.unknown = true
		return ""
	}
	if value, ok := s.object.Attributes()[name].(types.String); ok && !value.IsNull() {
		s.unknown = s.unknown || value.IsUnknown()
		return value.ValueString()
	}
	return os.Getenv(s.variable(name))
}

// incomplete reports whether there can be no client yet, or at all.
func (s *settings) incomplete() bool { return s.unknown || len(s.missing) > 0 }

// checkBaseURL repeats the schema's check for an address that came from the
// environment.
func (s *settings) checkBaseURL(baseURL string, diags *diag.Diagnostics) {
	if s.unknown || baseURL == "" {
		return
	}
	if problem := attributes.BaseURLProblem(baseURL); problem != "" {
		diags.AddAttributeError(path.Root(s.gateway).AtName("base_url"), "Invalid value",
			fmt.Sprintf("The value %s. It %s. It may come from %sBASE_URL.", problem, attributes.IsBaseURL().Description(context.Background()), s.prefix))
	}
}

// checkCredential does the same for a credential. Its value is never shown.
func (s *settings) checkCredential(name, value string, diags *diag.Diagnostics) {
	if s.unknown || value == "" {
		return
	}
	if problem := attributes.CredentialProblem(value); problem != "" {
		diags.AddAttributeError(path.Root(s.gateway).AtName(name), "Invalid value",
			fmt.Sprintf("The value %s. It %s. It may come from %s%s.", problem, attributes.IsCredential().Description(context.Background()), s.prefix, strings.ToUpper(name)))
	}
}
