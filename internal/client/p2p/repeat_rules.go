package p2p

import "github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"

// The calls, as errors name them.
const (
	opCreate         = "POST /api/merchant/invoices"
	opPayOut         = opCreate + " (out)"
	opFind           = "GET /api/merchant/invoices/{id}"
	opCancel         = "POST /api/merchant/invoices/{id}/cancel"
	opFindInternalID = "GET /api/merchant/internal-id/{internalId}"
)

// RepeatRules says what may be sent again, and what changes something.
var RepeatRules = map[string]transport.Rule{
	opCreate:         transport.AfterLookUp("internal id"), // GET internal-id
	opPayOut:         transport.Never(),                    // moves money: no look-up is proof enough
	opCancel:         transport.AtOnce(),                   // what is canceled stays canceled
	opFind:           transport.Read(),
	opFindInternalID: transport.Read(),
}
