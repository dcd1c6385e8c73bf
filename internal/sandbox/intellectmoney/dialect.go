package intellectmoney

import "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"

// Switches are the doubtful points of IntellectMoney.
var Switches sandbox.Switches

var (
	firstOrder = Switches.Add("intellectmoney_order", "which invoices come first without a SortOrder [?]",
		"newest", "oldest")
	// The document names the fields of SortOrder alone.
	direction = Switches.Add("intellectmoney_sort", "the direction of SortOrder 1 to 4 [?]",
		"descending", "ascending")
	periodEnds = Switches.Add("intellectmoney_dates", "whether the moments DateFrom, DateTo and those of changes themselves count [?]; half-open: the first does",
		"inclusive", "exclusive", "half-open")
	// The sample has +03:00 for invoices and +00:00 for transactions, which
	// stay so.
	offset = Switches.Add("intellectmoney_offset", "offset of an invoice's dates: +03:00 (sample), +00:00, or none [?]",
		"+03:00", "+00:00", "naive")
	idType = Switches.Add("intellectmoney_id", "an invoice's Id: a number (sample) or a string",
		"number", "string")
	absentFields = Switches.Add("intellectmoney_absent", "a field without a value: left out, as in the sample's stub of an invoice [I], or null",
		"omitted", "null")
	amountFormat = Switches.Add("intellectmoney_amount", "amounts in answers [?]: 1500.5 or 1500.50",
		"trimmed", "scale")
	// The document ties transactions to IncludePaymentTransactions; its sample
	// has them without it, so they may always come. The sample's stub has
	// another list, PaymentTransactions, which may be what the flag fills.
	transactionList = Switches.Add("intellectmoney_transactions", "transactions [?]: in HistoryList when IncludePaymentTransactions is true, always, or when true in PaymentTransactions",
		"flag", "always", "separate")
	// «Без поиска по организациям холдинга» reads as the user's own alone.
	holding = Switches.Add("intellectmoney_holding", "organisations searched without IsHoldingSearch: the user's own [I], or all of the holding",
		"own", "all")
	maxTake = Switches.Add("intellectmoney_max_take", "the most invoices of one answer [?]",
		"100", "50")
	longTake = Switches.Add("intellectmoney_long_take", "a Take beyond that [?]: cut to it, or an error",
		"cut", "error")
	// Errors have 200 as far as is known [P]; whatever stands in front of the
	// API may refuse earlier.
	bearerStatus = Switches.Add("intellectmoney_bearer_status", "HTTP status of the answer to a wrong bearer token [?]",
		"200", "401")
	// In Result.State a code beyond 1 is an error's [V] and, for a caller who
	// may not, 2 [P]. A selection that is too large is told as in the sample
	// either way.
	errorPlace = Switches.Add("intellectmoney_errors", "where errors stand: OperationState with Result false (sample), or Result.State [P]",
		"operation", "result")
	warning = Switches.Add("intellectmoney_warning", "success is Result.State.Code 1, done with warnings [V]",
		"false", "true")
	envelopeFields = Switches.Add("intellectmoney_envelope", "an answer has OperationState and Result (sample), or OperationId and EshopId too (table)",
		"sample", "table")
)
