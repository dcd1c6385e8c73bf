package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

func p2pSettingsSchema() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "The merchant invoices API (P2P). No resource of this version uses it yet.",
		Attributes: map[string]schema.Attribute{
			"base_url": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The address of the store's API; there is no default. Environment: `INVOICE_P2P_BASE_URL`.",
				Validators:          []validator.String{isBaseURL()},
			},
			"api_key": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "The store's key, sent as `X-Identity`. Environment: `INVOICE_P2P_API_KEY`.",
			},
			"secret_key": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "The key that requests are signed with. Environment: `INVOICE_P2P_SECRET_KEY`.",
			},
		},
	}
}
