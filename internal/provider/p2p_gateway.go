package provider

import (
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

func p2pSettingsSchema() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "The merchant invoices API (P2P): invoices and payouts.",
		Attributes: map[string]schema.Attribute{
			"base_url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The address of the store's API, with or without `/api/merchant`, https, or http on a loopback host; there is no default. It is a part of what is signed, " +
					"so behind a proxy it is the address that the gateway knows. Environment: `INVOICE_P2P_BASE_URL`.",
				Validators: []validator.String{attributes.IsBaseURL()},
			},
			"api_key": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "The store's key, sent as `X-Identity`. Environment: `INVOICE_P2P_API_KEY`.",
				Validators:          []validator.String{attributes.IsCredential()},
			},
			"secret_key": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "The key that requests are signed with; it is never sent. Environment: `INVOICE_P2P_SECRET_KEY`.",
				Validators:          []validator.String{attributes.IsCredential()},
			},
		},
	}
}

func configureP2P(object types.Object, common transport.Config, diags *diag.Diagnostics) gateway.Configured[p2p.Client] {
	s := gateway.Settings{Gateway: "p2p", Prefix: "INVOICE_P2P_", Object: object}
	baseURL, apiKey, secretKey := s.Get("base_url", ""), s.Get("api_key", ""), s.Get("secret_key", "")
	s.CheckBaseURL(baseURL, diags)
	s.CheckCredential("api_key", apiKey, diags)
	s.CheckCredential("secret_key", secretKey, diags)
	connected := gateway.Configured[p2p.Client]{Title: p2p.Name, Missing: s.Missing}
	if !s.IsIncomplete() {
		connected.Client = p2p.New(baseURL, apiKey, secretKey, common)
	}
	return connected
}

// p2pErrors knows no fields: the gateway answers texts alone.
var p2pErrors = gateway.Errors{
	Explain: func(e *transport.Error) (attribute, advice string) {
		if e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden {
			return "", "Check api_key, secret_key and base_url of the provider's p2p block (INVOICE_P2P_API_KEY, INVOICE_P2P_SECRET_KEY, " +
				"INVOICE_P2P_BASE_URL). The address is a part of the signature: it must be the one that the gateway itself uses."
		}
		return "", ""
	},
	AttributeOf: func(string) string { return "" },
}
