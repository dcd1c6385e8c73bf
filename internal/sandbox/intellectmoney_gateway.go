package sandbox

import (
	"net/http"
	"sync"
)

// What IntellectMoney calls must carry and be signed with, unless Options say
// otherwise. Real user tokens are base64, with '+' and '/' in them, which a
// form has to escape: so has the demo's.
const (
	DemoIntellectMoneyBearerToken   = "demo-bearer-token" //nolint:gosec // demo data
	DemoIntellectMoneySignSecretKey = "demo-sign-secret-key"
	DemoIntellectMoneyUserToken     = "demo/user+token"
	DemoIntellectMoneyLogin         = "demo@example.com"
	DemoIntellectMoneyPassword      = "demo"
)

// The shop and the organisation that the demo's user has, whose invoices are
// found without IsHoldingSearch.
const (
	DemoIntellectMoneyEshopID        = 450000
	DemoIntellectMoneyOrganizationID = 10042
)

// intellectmoneyPath is where the API is mounted; https://api.intellectmoney.ru
// has it at its root (document, first lines).
const intellectmoneyPath = "/intellectmoney"

// intellectmoneyState is what is not kept in the database.
type intellectmoneyState struct {
	// mu guards userToken, the token in force if it is not that of the
	// options.
	mu        sync.Mutex
	userToken string
}

var intellectmoneyGateway = gateway{
	schema: intellectmoneySchema,
	routes: func(s *Sandbox, mux *http.ServeMux) {
		for _, method := range intellectmoneyMethods {
			mux.HandleFunc(intellectmoneyPath+method.path, func(w http.ResponseWriter, r *http.Request) { s.intellectmoneyAPI(w, r, method) })
		}
	},
	environment: func(s *Sandbox, base string) []Variable {
		return []Variable{
			{"INVOICE_INTELLECTMONEY_BASE_URL", base + intellectmoneyPath},
			{"INVOICE_INTELLECTMONEY_BEARER_TOKEN", s.options.IntellectMoneyBearerToken},
			{"INVOICE_INTELLECTMONEY_SIGN_SECRET_KEY", s.options.IntellectMoneySignSecretKey},
			{"INVOICE_INTELLECTMONEY_USER_TOKEN", s.intellectmoneyUserToken()},
		}
	},
	overview:   (*Sandbox).intellectmoneyOverview,
	seed:       (*Sandbox).seedIntellectMoney,
	operations: []string{"intellectmoney.history", "intellectmoney.token"},
	switches:   intellectmoneySwitches,
}

var intellectmoneySwitches = []Switch{
	textSwitch("intellectmoney_order", "which invoices come first without a SortOrder [?]",
		func(d *Dialect) *string { return &d.IntellectMoneyOrder }, "newest", "oldest"),
	textSwitch("intellectmoney_sort", "the direction of SortOrder 1 to 4 [?]",
		func(d *Dialect) *string { return &d.IntellectMoneySort }, "descending", "ascending"),
	textSwitch("intellectmoney_dates", "whether the moments DateFrom, DateTo and those of changes themselves count [?]; half-open: the first does",
		func(d *Dialect) *string { return &d.IntellectMoneyDates }, "inclusive", "exclusive", "half-open"),
	textSwitch("intellectmoney_offset", "offset of an invoice's dates: +03:00 (sample), +00:00, or none [?]",
		func(d *Dialect) *string { return &d.IntellectMoneyOffset }, "+03:00", "+00:00", "naive"),
	textSwitch("intellectmoney_id", "an invoice's Id: a number (sample) or a string",
		func(d *Dialect) *string { return &d.IntellectMoneyID }, "number", "string"),
	textSwitch("intellectmoney_absent", "a field without a value: left out, as in the sample's stub of an invoice [I], or null",
		func(d *Dialect) *string { return &d.IntellectMoneyAbsent }, "omitted", "null"),
	textSwitch("intellectmoney_amount", "amounts in answers [?]: 1500.5 or 1500.50",
		func(d *Dialect) *string { return &d.IntellectMoneyAmount }, "trimmed", "scale"),
	textSwitch("intellectmoney_transactions", "transactions [?]: in HistoryList when IncludePaymentTransactions is true, always, or when true in PaymentTransactions",
		func(d *Dialect) *string { return &d.IntellectMoneyTransactions }, "flag", "always", "separate"),
	textSwitch("intellectmoney_holding", "organisations searched without IsHoldingSearch: the user's own [I], or all of the holding",
		func(d *Dialect) *string { return &d.IntellectMoneyHolding }, "own", "all"),
	numberSwitch("intellectmoney_max_take", "the most invoices of one answer [?]",
		func(d *Dialect) *int { return &d.IntellectMoneyMaxTake }, "100", "50"),
	textSwitch("intellectmoney_long_take", "a Take beyond that [?]: cut to it, or an error",
		func(d *Dialect) *string { return &d.IntellectMoneyLongTake }, "cut", "error"),
	numberSwitch("intellectmoney_bearer_status", "HTTP status of the answer to a wrong bearer token [?]",
		func(d *Dialect) *int { return &d.IntellectMoneyBearerStatus }, "200", "401"),
	textSwitch("intellectmoney_errors", "where errors stand: OperationState with Result false (sample), or Result.State [P]",
		func(d *Dialect) *string { return &d.IntellectMoneyErrors }, "operation", "result"),
	flagSwitch("intellectmoney_warning", "success is Result.State.Code 1, done with warnings [V]",
		func(d *Dialect) *bool { return &d.IntellectMoneyWarning }),
	textSwitch("intellectmoney_envelope", "an answer has OperationState and Result (sample), or OperationId and EshopId too (table)",
		func(d *Dialect) *string { return &d.IntellectMoneyEnvelope }, "sample", "table"),
}
