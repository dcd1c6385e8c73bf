package sandbox

import "net/http"

// Test data of the guide, section 8: the credentials the sandbox accepts and
// the card its payment pages accept.
const (
	TestMerchantID = "c24360cfac0a0c40c518405f6bc68cb0"
	TestAPIKey     = "1526fec01b5d11f4df4f2160627ce351" //nolint:gosec // published test data
	TestCard       = "5543735484626654"
	testCardExpiry = "01/22"
	testCardCVC    = "852"
	testCard3DS    = "123456"
)

// DeclinedCard is a card of the sandbox's own, which the guide does not have:
// its issuer always answers [2, 51], not sufficient funds. Expiry, CVC and
// 3DS code are those of the test card.
const DeclinedCard = "4000000000009995"

// Where the Invoice API and its pages are mounted.
const (
	invoiceAPIPath      = "/invoice/api/v2"
	invoicePayPath      = "/invoice/pay/"
	invoiceTerminalPath = "/invoice/terminal/"
)

var invoiceGateway = gateway{
	schema: invoiceSchema,
	routes: func(s *Sandbox, mux *http.ServeMux) {
		mux.HandleFunc(invoiceAPIPath+"/{operation}", s.invoiceAPI)
		mux.HandleFunc("GET "+invoicePayPath+"{id}", s.invoicePaymentPage)
		mux.HandleFunc("POST "+invoicePayPath+"{id}", s.invoicePay)
		mux.HandleFunc("GET "+invoiceTerminalPath+"{id}", s.invoiceTerminalPage)
		mux.HandleFunc("POST "+invoiceTerminalPath+"{id}", s.invoiceOrder)
	},
	environment: func(s *Sandbox, base string) []Variable {
		return []Variable{
			{"INVOICE_BASE_URL", base + invoiceAPIPath},
			{"INVOICE_MERCHANT_ID", s.options.MerchantID},
			{"INVOICE_API_KEY", s.options.APIKey},
		}
	},
	overview: (*Sandbox).invoiceOverview,
	operations: []string{
		"CreateTerminal", "GetTerminal", "CreatePayment", "GetPayment",
		"GetPaymentByOrder", "ClosePayment", "CreateRefund", "GetRefund",
	},
	switches: invoiceSwitches,
}

var invoiceSwitches = []Switch{
	textSwitch("ids", "ids of new objects: 32 hex digits [P] or JSON numbers, as in samples of the guide (7.2.1)",
		func(d *Dialect) *string { return &d.IDs }, "hex", "number"),
	textSwitch("terminal_types", "words for a terminal's type in answers: static/dynamic (guide, 7.2.1) or statical/dynamical (vendor SDKs [V])",
		func(d *Dialect) *string { return &d.TerminalTypes }, "static", "statical"),
	flagSwitch("rewrite_description", "descriptions are stored as \"<sent>, филиал №7\", as in the guide's sample (7.2.1) [I]",
		func(d *Dialect) *bool { return &d.RewriteDescription }),
	textSwitch("date_names", "dates of refunds: create_date/update_date (guide, 7.2.7) or date_insert/date_update [P]",
		func(d *Dialect) *string { return &d.DateNames }, "create_date", "date_insert"),
	textSwitch("taken_alias", "CreateTerminal with a taken alias [?]: code 11, or the existing terminal unchanged",
		func(d *Dialect) *string { return &d.TakenAlias }, "error", "existing"),
	textSwitch("repeated_order", "CreatePayment with an order id used before [?]: a new payment, or code 7",
		func(d *Dialect) *string { return &d.RepeatedOrder }, "new", "error"),
	textSwitch("spelling", "order ids and currencies in look-ups of payments: as they were sent, or as scripts make them, 7 for 007 and rub for RUB [I]",
		func(d *Dialect) *string { return &d.Spelling }, "as_sent", "php"),
	textSwitch("terminal_alias", "the alias in answers about a terminal: omitted (guide, 7.2.1) or shown (vendor SDKs read it [V])",
		func(d *Dialect) *string { return &d.TerminalAlias }, "omitted", "shown"),
	numberSwitch("error_status", "HTTP status of error bodies (guide, 9.3; any status [P])",
		func(d *Dialect) *int { return &d.ErrorStatus }, "400", "200"),
	textSwitch("closed_answer", "status in ClosePayment's own answer: closed [P] or init (guide's sample, 7.2.6)",
		func(d *Dialect) *string { return &d.ClosedAnswer }, "closed", "init"),
	textSwitch("expired", "status of a payment not paid in time [?]: stays init, or becomes fail with [3, -20] (guide, 9.2)",
		func(d *Dialect) *string { return &d.Expired }, "init", "fail"),
	textSwitch("refund_status", "status of new refunds (guide, 7.2.7); init becomes successful at the next GetRefund",
		func(d *Dialect) *string { return &d.RefundStatus }, "successful", "init", "fail"),
}
