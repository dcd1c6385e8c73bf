package intellectmoney

import "github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"

// The calls. They double as the operation names in errors.
const (
	pathHistory = "/personal/payment/getInvoicesHistory"
	pathToken   = "/personal/user/getUserToken"
)

// RepeatRules says what may be sent again, and what changes something.
var RepeatRules = map[string]transport.Rule{
	pathToken:   transport.Read(), // the last token is the one that is used
	pathHistory: transport.Read(),
}
