package intellectmoney

import "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"

// Switches are the doubtful points of IntellectMoney.
var Switches sandbox.Switches

var (
	firstOrder = Switches.Add("intellectmoney_order", "newest|oldest", "which invoices come first without a SortOrder [?]")
	// The document names the fields of SortOrder alone.
	direction  = Switches.Add("intellectmoney_sort", "descending|ascending", "the direction of SortOrder 1 to 4 [?]")
	periodEnds = Switches.Add("intellectmoney_dates", "inclusive|exclusive|half-open", "whether the moments DateFrom, DateTo and those of changes themselves count [?]; half-open: the first does")
	// The sample has +03:00 for invoices and +00:00 for transactions, which
	// stay so.
	offset       = Switches.Add("intellectmoney_offset", "+03:00|+00:00|naive", "offset of an invoice's dates: +03:00 (sample), +00:00, or none [?]")
	idType       = Switches.Add("intellectmoney_id", "number|string", "an invoice's Id: a number (sample) or a string")
	absentFields = Switches.Add("intellectmoney_absent", "omitted|null", "a field without a value: left out, as in the sample's stub of an invoice [I], or null")
	amountFormat = Switches.Add("intellectmoney_amount", "trimmed|scale", "amounts in answers [?]: 1500.5 or 1500.50")
	// The document ties transactions to IncludePaymentTransactions; its sample
	// has them without it, so they may always come. The sample's stub has
	// another list, PaymentTransactions, which may be what the flag fills.
	transactionList = Switches.Add("intellectmoney_transactions", "flag|always|separate", "transactions [?]: in HistoryList when IncludePaymentTransactions is true, always, or when true in PaymentTransactions")
	// «Без поиска по организациям холдинга» reads as the user's own alone.
	holding  = Switches.Add("intellectmoney_holding", "own|all", "organisations searched without IsHoldingSearch: the user's own [I], or all of the holding")
	maxTake  = Switches.Add("intellectmoney_max_take", "100|50", "the maximum number of invoices in one answer [?]")
	longTake = Switches.Add("intellectmoney_long_take", "cut|error", "a Take beyond that [?]: cut to it, or an error")
	// Errors have 200 as far as is known [P]; whatever stands in front of the
	// API may refuse earlier.
	bearerStatus = Switches.Add("intellectmoney_bearer_status", "200|401", "HTTP status of the answer to a wrong bearer token [?]")
	// In Result.State a code beyond 1 is an error's [V] and, for a caller who
	// may not, 2 [P]. A selection that is too large is told as in the sample
	// either way.
	errorPlace = Switches.Add("intellectmoney_errors", "operation|result", "where errors stand: OperationState with Result false (sample), or Result.State [P]")
	warning    = Switches.Add("intellectmoney_warning", "false|true", "success is Result.State.Code 1, done with warnings [V]")
	checks     = Switches.Add("intellectmoney_checks", "document|clients", "checks of requests: the document's, or what public clients send passes, too [P]: dates without a time, State by name, and getUserToken without bearer token and signature")
	// A public client cannot read an invoice without it.
	comment        = Switches.Add("intellectmoney_comment", "omitted|shown", "an invoice's Comment: left out (sample), or always a text [P]")
	envelopeFields = Switches.Add("intellectmoney_envelope", "sample|table", "an answer has OperationState and Result (sample), or OperationId and EshopId too (table)")
)
