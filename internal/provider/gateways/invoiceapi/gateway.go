// Package invoiceapi is Invoice API v2, as Terraform sees it: terminals, payment links and
// refunds.
package invoiceapi

import (
	"strings"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

var _ gateway.FieldMapper = (*Gateway)(nil)

// Name is what users call the gateway.
const Name = "invoice"

// Gateway has the client for terminals, payment links and refunds.
type Gateway struct {
	gateway.Configured[invoiceapi.Client]
}

// New returns the gateway before it is configured.
func New() gateway.Gateway {
	return &Gateway{gateway.New[invoiceapi.Client](Name, invoiceapi.Name)}
}

// Settings describes the block invoice of the provider.
func (*Gateway) Settings() (about string, settings []gateway.Setting) {
	return "Invoice API v2 (invoice.su): terminals, payment links, refunds.", []gateway.Setting{
		{
			Name: "base_url", Check: attributes.IsBaseURL(), Default: invoiceapi.DefaultBaseURL,
			About: "The address of the API, https, or http on a loopback host (default `" + invoiceapi.DefaultBaseURL + "`).",
		},
		{Name: "merchant_id", Check: attributes.IsCredential(), About: "The merchant's id."},
		{Name: "api_key", IsSecret: true, Check: attributes.IsCredential(), About: "The API key, from the section «Настройки» of the merchant's account."},
	}
}

// Configure makes the client.
func (g *Gateway) Configure(settings *gateway.Settings, run gateway.Run) {
	g.Connect(settings, func() *invoiceapi.Client {
		return invoiceapi.New(settings.Value("base_url"), settings.Value("merchant_id"), settings.Value("api_key"), run.Transport)
	})
}

// renamed are the request fields whose attributes have other names.
var renamed = map[string]string{"defaultPrice": "default_price", "canComments": "can_comments", "trtype": "transaction_type"}

// codes says in English what a documented error code is about, and which
// attribute it points to.
var codes = map[string]struct{ attribute, advice string }{
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

// Explain goes by the documented codes.
func (*Gateway) Explain(e *transport.Error) (attribute, advice string) {
	about := codes[e.Code]
	return about.attribute, about.advice
}

// AttributeOf maps a field of a request, such as "order.amount" or "receipt[0].name". The gateway
// may write "amount" or "order.amount".
func (*Gateway) AttributeOf(field string) string {
	last := field[strings.LastIndex(field, ".")+1:]
	switch {
	case strings.HasPrefix(field, "receipt"):
		return "receipt"
	case field == "order.id", last == "order_id":
		return "order_id"
	}
	if attribute, isRenamed := renamed[last]; isRenamed {
		return attribute
	}
	return last
}
