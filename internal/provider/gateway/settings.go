package gateway

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

// Settings reads the settings of one gateway: from its object in the provider
// block, else from the environment.
type Settings struct {
	Gateway string // the attribute of the provider block
	Prefix  string // of the environment variables
	Object  types.Object
	unknown bool
	Missing []string
}

// Get returns one setting; fallback "" makes it a mandatory one.
func (s *Settings) Get(name, fallback string) string {
	if value := s.Optional(name); value != "" || s.unknown {
		return value
	}
	if fallback == "" {
		s.MarkMissing(name)
	}
	return fallback
}

func (s *Settings) MarkMissing(name string) {
	s.Missing = append(s.Missing, fmt.Sprintf("%s.%s (or %s)", s.Gateway, name, s.Variable(name)))
}

func (s *Settings) Variable(name string) string { return s.Prefix + strings.ToUpper(name) }

// Optional returns one setting, "" when it is not given.
func (s *Settings) Optional(name string) string {
	if s.Object.IsUnknown() {
		s.unknown = true
		return ""
	}
	if value, ok := s.Object.Attributes()[name].(types.String); ok && !value.IsNull() {
		s.unknown = s.unknown || value.IsUnknown()
		return value.ValueString()
	}
	return os.Getenv(s.Variable(name))
}

// incomplete reports whether there can be no client yet, or at all.
func (s *Settings) IsIncomplete() bool { return s.unknown || len(s.Missing) > 0 }

// CheckBaseURL repeats the schema's check for an address that came from the
// environment.
func (s *Settings) CheckBaseURL(baseURL string, diags *diag.Diagnostics) {
	if s.unknown || baseURL == "" {
		return
	}
	if problem := attributes.BaseURLProblem(baseURL); problem != "" {
		diags.AddAttributeError(path.Root(s.Gateway).AtName("base_url"), "Invalid value",
			fmt.Sprintf("The value %s. It %s. It may come from %sBASE_URL.", problem, attributes.IsBaseURL().Description(context.Background()), s.Prefix))
	}
}

// CheckCredential does the same for a credential. Its value is never shown.
func (s *Settings) CheckCredential(name, value string, diags *diag.Diagnostics) {
	if s.unknown || value == "" {
		return
	}
	if problem := attributes.CredentialProblem(value); problem != "" {
		diags.AddAttributeError(path.Root(s.Gateway).AtName(name), "Invalid value",
			fmt.Sprintf("The value %s. It %s. It may come from %s%s.", problem, attributes.IsCredential().Description(context.Background()), s.Prefix, strings.ToUpper(name)))
	}
}
