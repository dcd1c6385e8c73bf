package paykeeper

import "github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"

// The calls (sections 2 and 3; the token stands in the section on security). They
// double as the operation names in errors.
const (
	pathToken   = "/info/settings/token/" //nolint:gosec // an address, no secret
	pathByID    = "/info/invoice/byid/"
	pathList    = "/info/invoice/list/"
	pathCount   = "/info/invoice/listcount/"
	pathSearch  = "/info/invoice/search/"
	pathPreview = "/change/invoice/preview/"
	pathSend    = "/change/invoice/send/"
	pathRevoke  = "/change/invoice/revoke/"
	pathPayment = "/info/payments/byid/"
	pathRefunds = "/info/refunds/bypaymentid/"
	pathReverse = "/change/payment/reverse/"
)

// RepeatRules says what may be sent again, and what changes something.
var RepeatRules = map[string]transport.Rule{
	pathToken:   transport.Read(),
	pathByID:    transport.Read(),
	pathList:    transport.Read(),
	pathCount:   transport.Read(),
	pathSearch:  transport.Read(),
	pathPayment: transport.Read(),
	pathRefunds: transport.Read(),
	// The search shows what has appeared since the call began and is the same.
	pathPreview: transport.AfterLookUp("order id"),
	// byid: an invoice that became sent was mailed. One that did not may still be
	// mailed, so this look-up never leads to a second letter.
	pathSend:   transport.AfterLookUp("id"),
	pathRevoke: transport.AtOnce(), // what is revoked stays revoked
	// The list of the payment's refunds shows what has appeared since the call began. It
	// proves no absence, so money is never sent twice.
	pathReverse: transport.Never(),
}
