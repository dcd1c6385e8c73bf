package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

func intellectmoneySettingsSchema() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "IntellectMoney: the history of invoices. No data source of this version uses it yet.",
		Attributes: map[string]schema.Attribute{
			"base_url": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The address of the API, by default `https://api.intellectmoney.ru`. Environment: `INVOICE_INTELLECTMONEY_BASE_URL`.",
				Validators:          []validator.String{isBaseURL()},
			},
			"bearer_token": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "The bearer token. Environment: `INVOICE_INTELLECTMONEY_BEARER_TOKEN`.",
			},
			"sign_secret_key": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "The key that requests are signed with. Environment: `INVOICE_INTELLECTMONEY_SIGN_SECRET_KEY`.",
			},
			"user_token": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "The user token; or give `login` and `password`. Environment: `INVOICE_INTELLECTMONEY_USER_TOKEN`.",
			},
			"login": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The login, instead of `user_token`. Environment: `INVOICE_INTELLECTMONEY_LOGIN`.",
			},
			"password": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "The password that belongs to `login`. Environment: `INVOICE_INTELLECTMONEY_PASSWORD`.",
			},
		},
	}
}
