package provider

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

func invoiceSettingsSchema() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "Invoice API v2 (invoice.su): terminals, payment links, refunds.",
		Attributes: map[string]schema.Attribute{
			"merchant_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The merchant's id. Environment: `INVOICE_MERCHANT_ID`.",
				Validators:          []validator.String{attributes.IsCredential()},
			},
			"api_key": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "The API key, from the section «Настройки» of the merchant's account. Environment: `INVOICE_API_KEY`.",
				Validators:          []validator.String{attributes.IsCredential()},
			},
			"base_url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The address of the API, https, or http on a loopback host (default `" + invoiceapi.DefaultBaseURL + "`). " +
					"Environment: `INVOICE_BASE_URL`.",
				Validators: []validator.String{attributes.IsBaseURL()},
			},
		},
	}
}

func configureInvoice(object types.Object, common transport.Config, diags *diag.Diagnostics) gateway.Configured[invoiceapi.Client] {
	s := gateway.Settings{Gateway: "invoice", Prefix: "INVOICE_", Object: object}
	baseURL := s.Get("base_url", invoiceapi.DefaultBaseURL)
	merchantID := s.Get("merchant_id", "")
	apiKey := s.Get("api_key", "")
	s.CheckBaseURL(baseURL, diags)
	s.CheckCredential("merchant_id", merchantID, diags)
	s.CheckCredential("api_key", apiKey, diags)
	connected := gateway.Configured[invoiceapi.Client]{Title: invoiceapi.Name, Missing: s.Missing}
	if !s.IsIncomplete() {
		connected.Client = invoiceapi.New(baseURL, merchantID, apiKey, common)
	}
	return connected
}

// invoiceAttributes maps the gateway's request fields to attributes, by the
// last part of the name: the gateway may write "amount" or "order.amount".
var invoiceAttributes = map[string]string{
	"name": "name", "alias": "alias", "type": "type", "logo": "logo", "defaultPrice": "default_price", "canComments": "can_comments",
	"amount": "amount", "currency": "currency", "description": "description", "terminal_id": "terminal_id",
	"payment_method": "payment_method", "success_url": "success_url", "fail_url": "fail_url",
	"custom_parameters": "custom_parameters", "receipt": "receipt", "trtype": "transaction_type", "reason": "reason",
}

// invoiceCodes says in English what a documented error code is about, and which
// attribute it points to.
var invoiceCodes = map[string]struct{ attribute, advice string }{
	invoiceapi.CodeCredentials: {"", "The gateway does not accept the credentials. Check merchant_id and api_key of the provider's invoice block " +
		"(INVOICE_MERCHANT_ID, INVOICE_API_KEY)."},
	invoiceapi.CodeCurrency:      {"currency", "The gateway does not accept this currency for this merchant or payment."},
	invoiceapi.CodeAmount:        {"amount", "The gateway does not accept this amount."},
	invoiceapi.CodeTerminalID:    {"terminal_id", "The gateway knows no terminal with this id for this merchant."},
	invoiceapi.CodePaymentMethod: {"payment_method", "The gateway does not accept this payment method for this terminal."},
	"5":                          {"", "The gateway does not accept the payment's address."},
	"6":                          {"", "The gateway does not accept the payment's address."},
	invoiceapi.CodeOrderID:       {"order_id", "The gateway does not accept this order id."},
	invoiceapi.CodeTerminalAlias: {"alias", "The gateway does not accept this alias; it may be taken."},
}

var invoiceErrors = gateway.Errors{
	Explain: func(e *transport.Error) (attribute, advice string) {
		about := invoiceCodes[e.Code]
		return about.attribute, about.advice
	},
	AttributeOf: func(field string) string {
		last := field[strings.LastIndex(field, ".")+1:]
		switch {
		case strings.HasPrefix(field, "receipt"):
			return "receipt"
		case field == "order.id", last == "order_id":
			return "order_id"
		}
		return invoiceAttributes[last]
	},
}
