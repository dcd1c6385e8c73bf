package transport

import "fmt"

// repetition says what follows an attempt that left a doubt: no complete answer
// came, or one with a 5xx, 503 with Retry-After included. An attempt that was
// provably not carried out (a refused connection, a failed handshake, 429) is
// followed by the next one whatever the rule.
type repetition int

const (
	// never: the error, which says what may have happened. Anything but a success, the
	// proofs above, and the gateway's own words with a 2xx or 4xx leaves a doubt
	// here, such as a bare 403. It goes out on a connection of its own.
	never repetition = iota + 1
	// afterLookUp: the object is looked up by its key for as long as the gateway may
	// still be working ([Config.Patience]), and taken when it is there; only when
	// it is provably absent then, the call is repeated ([CreateByKey]). After a
	// time-out (ours, or 504) it is not, since no patience is long enough. Where an
	// object has no key, or the key had an object before the call, and whenever
	// the look-up leaves a doubt: the error.
	afterLookUp
	// atOnce: reads, and writes that do no more when they are done twice.
	atOnce
)

// rule is one line of the table. The key is what an object is looked up by, in
// the words of errors.
type rule struct {
	repeat repetition
	key    string
}

// repeatRules is every call of every gateway. One that is not here is not sent.
var repeatRules = map[string]map[string]rule{
	"Invoice API v2": {
		"CreateTerminal":    {afterLookUp, "alias"}, // GetTerminal
		"GetTerminal":       {atOnce, ""},
		"CreatePayment":     {afterLookUp, "order id"}, // GetPaymentByOrder; the merchant's order id or a made one
		"GetPayment":        {atOnce, ""},
		"GetPaymentByOrder": {atOnce, ""},
		"ClosePayment":      {atOnce, ""}, // what is closed stays closed
		"CreateRefund":      {never, ""},  // moves money, and has no key
		"GetRefund":         {atOnce, ""},
	},
	"PayKeeper": {
		"/info/settings/token/": {atOnce, ""},
		// The search shows what has appeared since the call began and is the same.
		"/change/invoice/preview/": {afterLookUp, "order id"},
		// byid: an invoice that became sent was mailed. One that did not may
		// still be, so this look-up never leads to a second letter.
		"/change/invoice/send/":    {afterLookUp, "id"},
		"/change/invoice/revoke/":  {atOnce, ""}, // what is revoked stays revoked
		"/info/invoice/byid/":      {atOnce, ""},
		"/info/invoice/search/":    {atOnce, ""},
		"/info/invoice/list/":      {atOnce, ""},
		"/info/invoice/listcount/": {atOnce, ""},
	},
	"IntellectMoney": {
		"/personal/user/getUserToken":          {atOnce, ""}, // the last token is the one that is used
		"/personal/payment/getInvoicesHistory": {atOnce, ""},
	},
	"Merchant invoices (P2P)": {
		"POST /api/merchant/invoices":                {afterLookUp, "internal id"}, // GET internal-id
		"POST /api/merchant/invoices (out)":          {never, ""},                  // moves money: no look-up is proof enough
		"POST /api/merchant/invoices/{id}/cancel":    {atOnce, ""},                 // what is canceled stays canceled
		"GET /api/merchant/invoices/{id}":            {atOnce, ""},
		"GET /api/merchant/internal-id/{internalId}": {atOnce, ""},
	},
}

// ruleFor returns the rule for a call, an error when nobody has decided on one.
func (c *Client) ruleFor(operation string) (rule, error) {
	known, ok := repeatRules[c.config.Name][operation]
	if !ok {
		return rule{}, fmt.Errorf("there is no rule for repeating %q of %q, so it was not sent: this is a bug in the provider", operation, c.config.Name)
	}
	return known, nil
}
