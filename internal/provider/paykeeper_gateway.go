package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

func paykeeperSettingsSchema() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "PayKeeper: invoices and their history. No resource of this version uses it yet.",
		Attributes: map[string]schema.Attribute{
			"base_url": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The address of the merchant's own server, such as `https://demo.server.paykeeper.ru`. Environment: `INVOICE_PAYKEEPER_BASE_URL`.",
				Validators:          []validator.String{isBaseURL()},
			},
			"login": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The login of the merchant's account. Environment: `INVOICE_PAYKEEPER_LOGIN`.",
			},
			"password": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "Its password. Environment: `INVOICE_PAYKEEPER_PASSWORD`.",
			},
		},
	}
}
