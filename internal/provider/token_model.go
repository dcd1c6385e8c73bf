package provider

import "github.com/hashicorp/terraform-plugin-framework/types"

// tokenModel is what an ephemeral resource gives a script.
type tokenModel struct {
	Token   types.String `tfsdk:"token"`
	BaseURL types.String `tfsdk:"base_url"`
}
