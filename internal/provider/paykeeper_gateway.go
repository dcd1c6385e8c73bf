package provider

import (
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
)

func paykeeperSettingsSchema() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "PayKeeper: invoices.",
		Attributes: map[string]schema.Attribute{
			"base_url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The address of the merchant's own server, such as `https://demo.server.paykeeper.ru`, https, or http on a loopback host. " +
					"Environment: `INVOICE_PAYKEEPER_BASE_URL`.",
				Validators: []validator.String{isBaseURL()},
			},
			"login": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The login of the merchant's account. Environment: `INVOICE_PAYKEEPER_LOGIN`.",
				Validators:          []validator.String{isCredential()},
			},
			"password": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "Its password. Environment: `INVOICE_PAYKEEPER_PASSWORD`.",
				Validators:          []validator.String{isNotBlank()},
			},
		},
	}
}

func configurePayKeeper(object types.Object, common gateway.Config, diags *diag.Diagnostics) configured[paykeeper.Client] {
	s := settings{gateway: "paykeeper", prefix: "INVOICE_PAYKEEPER_", object: object}
	baseURL, login, password := s.get("base_url", ""), s.get("login", ""), s.get("password", "")
	s.checkBaseURL(baseURL, diags)
	s.checkCredential("login", login, diags)
	gateway := configured[paykeeper.Client]{title: paykeeper.Name, missing: s.missing}
	if !s.incomplete() {
		gateway.client = paykeeper.New(baseURL, login, password, common)
	}
	return gateway
}

// paykeeperErrors knows no fields: the gateway answers a text alone.
var paykeeperErrors = gatewayErrors{
	explain: func(e *gateway.Error) (attribute, advice string) {
		if errors.Is(e, paykeeper.ErrWrongLogin) {
			return "", "Check login, password and base_url of the provider's paykeeper block " +
				"(INVOICE_PAYKEEPER_LOGIN, INVOICE_PAYKEEPER_PASSWORD, INVOICE_PAYKEEPER_BASE_URL)."
		}
		return "", ""
	},
	attributeOf: func(string) string { return "" },
}
