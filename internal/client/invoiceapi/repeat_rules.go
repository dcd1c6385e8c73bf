package invoiceapi

import "github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"

// The whole API.
const (
	opCreateTerminal    = "CreateTerminal"
	opGetTerminal       = "GetTerminal"
	opCreatePayment     = "CreatePayment"
	opGetPayment        = "GetPayment"
	opGetPaymentByOrder = "GetPaymentByOrder"
	opClosePayment      = "ClosePayment"
	opCreateRefund      = "CreateRefund"
	opGetRefund         = "GetRefund"
)

// RepeatRules says what may be sent again, and what changes something.
var RepeatRules = map[string]transport.Rule{
	opCreateTerminal:    transport.AfterLookUp("alias"), // GetTerminal
	opGetTerminal:       transport.Read(),
	opCreatePayment:     transport.AfterLookUp("order id"), // GetPaymentByOrder; the merchant's order id or a made one
	opGetPayment:        transport.Read(),
	opGetPaymentByOrder: transport.Read(),
	opClosePayment:      transport.AtOnce(), // what is closed stays closed
	opCreateRefund:      transport.Never(),  // moves money, and has no key
	opGetRefund:         transport.Read(),
}
