package gateway

import (
	"fmt"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// Setting describes one setting of a gateway.
type Setting struct {
	Name  string
	About string
	// Check says what it may be.
	Check    attributes.TextValidator
	IsSecret bool
	// Default is what it is when it is not given. Without one it must be given,
	// unless it is optional.
	Default    string
	IsOptional bool
}

// SettingsSchema describes the block of a gateway in the provider.
func SettingsSchema(g Gateway) schema.SingleNestedAttribute {
	about, settings := g.Settings()
	block := schema.SingleNestedAttribute{Optional: true, MarkdownDescription: about, Attributes: map[string]schema.Attribute{}}
	for _, one := range settings {
		block.Attributes[one.Name] = schema.StringAttribute{
			Optional: true, Sensitive: one.IsSecret,
			MarkdownDescription: fmt.Sprintf("%s Environment: `%s`.", one.About, variable(g.Name(), one.Name)),
			Validators:          []validator.String{one.Check},
		}
	}
	return block
}

// Settings are the settings of one gateway: from its object in the provider block,
// else from the environment.
type Settings struct {
	gateway string
	values  map[string]string
	// missing names those that are absent, each as "attribute (or VARIABLE)".
	missing []string
	// isUnknown: one comes from a resource that is not applied yet.
	isUnknown bool
}

// ReadSettings reads and checks the settings of a gateway. The schema has checked what
// is in the provider block, and nobody yet what is in the environment.
func ReadSettings(g Gateway, object types.Object, diags *diag.Diagnostics) *Settings {
	s := &Settings{gateway: g.Name(), values: map[string]string{}}
	_, settings := g.Settings()
	for _, one := range settings {
		value := s.find(one.Name, object)
		if value == "" && !s.isUnknown {
			value = one.Default
			if value == "" && !one.IsOptional {
				s.MarkMissing(one.Name)
			}
		}
		s.values[one.Name] = value
	}
	for _, one := range settings {
		value := s.values[one.Name]
		if s.isUnknown || value == "" {
			continue
		}
		if problem := one.Check.Problem(value); problem != "" {
			diags.AddAttributeError(path.Root(s.gateway).AtName(one.Name), "Invalid value",
				fmt.Sprintf("The value %s. It %s. It may come from %s.", problem, one.Check.Allowed, variable(s.gateway, one.Name)))
		}
	}
	return s
}

func (s *Settings) find(name string, object types.Object) string {
	if object.IsUnknown() {
		s.isUnknown = true
		return ""
	}
	if value, ok := object.Attributes()[name].(types.String); ok && !value.IsNull() {
		s.isUnknown = s.isUnknown || value.IsUnknown()
		return value.ValueString()
	}
	return os.Getenv(variable(s.gateway, name))
}

// Value returns a setting, "" for one that is not given.
func (s *Settings) Value(name string) string { return s.values[name] }

// MarkMissing is for a setting that only must be given because another one is not.
func (s *Settings) MarkMissing(name string) {
	if !s.isUnknown {
		s.missing = append(s.missing, fmt.Sprintf("%s.%s (or %s)", s.gateway, name, variable(s.gateway, name)))
	}
}

// Variables are the environment variables of a gateway, and which of them are secret.
func Variables(g Gateway) (names []string, isSecret map[string]bool) {
	_, settings := g.Settings()
	isSecret = map[string]bool{}
	for _, one := range settings {
		name := variable(g.Name(), one.Name)
		names = append(names, name)
		isSecret[name] = one.IsSecret
	}
	return names, isSecret
}

// variable is the environment variable of a setting: its path in capitals, behind the
// provider's name unless the path begins with that.
func variable(gateway, name string) string {
	const prefix = "INVOICE_"
	return prefix + strings.TrimPrefix(strings.ToUpper(gateway+"_"+name), prefix)
}
