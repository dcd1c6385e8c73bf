package gateway_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/intellectmoney"
)

// configure gives IntellectMoney the settings that it always needs, and one more.
func configure(t *testing.T, name string, value attr.Value) diag.Diagnostics {
	t.Helper()
	kinds := map[string]attr.Type{"bearer_token": types.StringType, "sign_secret_key": types.StringType, name: types.StringType}
	settings := map[string]attr.Value{"bearer_token": types.StringValue("b"), "sign_secret_key": types.StringValue("s"), name: value}
	var diags diag.Diagnostics
	g := intellectmoney.New()
	g.Configure(gateway.ReadSettings(g, types.ObjectValueMust(kinds, settings), &diags), gateway.Run{Transport: transport.Config{}})
	g.MustHaveSettings(&diags)
	return diags
}

// One of several settings must be given. While one of them is unknown, none is missing.
func TestOneOfSeveralSettingsIsRequired(t *testing.T) {
	for name, c := range map[string]struct {
		setting string
		value   attr.Value
		missing bool
	}{
		"given":        {"user_token", types.StringValue("u"), false},
		"unknown":      {"user_token", types.StringUnknown(), false},
		"login only":   {"login", types.StringValue("l"), true},
		"not given":    {"user_token", types.StringNull(), true},
		"unknown half": {"login", types.StringUnknown(), false},
	} {
		if diags := configure(t, c.setting, c.value); diags.HasError() != c.missing {
			t.Errorf("%s: %v", name, diags)
		}
	}
}
