package invoiceapi

import "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"

// Switches are the doubtful points of the Invoice API.
var Switches sandbox.Switches

var (
	// In practice ids are strings of 32 hex digits [P]; samples of the guide
	// also show the numbers 13 and 45 (sections 7.2.1, 7.2.2). Requests may
	// always carry ids as strings and as numbers.
	ids = Switches.Add("ids", "hex|number", "ids of new objects: 32 hex digits [P] or JSON numbers, as in samples of the guide (7.2.1)")
	// What the vendor's own clients send breaks rules of the guide.
	checks = Switches.Add("checks", "guide|vendor", "checks of requests: the guide's, or no more than vendor clients pass [V]: no alias (then found by alias = id), defaultPrice 0, empty texts, numbers in texts, numeric discounts, custom_parameters [], no receipt, long order ids, any Content-Type")
	// Requests may always use all four words.
	terminalTypes      = Switches.Add("terminal_types", "static|statical", "words for a terminal's type in answers: static/dynamic (guide, 7.2.1) or statical/dynamical (vendor SDKs [V])")
	rewriteDescription = Switches.Add("rewrite_description", "false|true", "descriptions are stored as \"<sent>, филиал №7\", as in the guide's sample (7.2.1) [I]")
	dateNames          = Switches.Add("date_names", "create_date|date_insert", "dates of refunds: create_date/update_date (guide, 7.2.7) or date_insert/date_update [P]")
	takenAlias         = Switches.Add("taken_alias", "error|existing", "CreateTerminal with a taken alias [?]: code 11, or the existing terminal unchanged")
	// A vendor module avoids repeating order ids [V].
	repeatedOrder = Switches.Add("repeated_order", "new|error", "CreatePayment with an order id used before [?]: a new payment, or code 7")
	spelling      = Switches.Add("spelling", "as_sent|php", "order ids and currencies in look-ups of payments: as they were sent, or as scripts make them, 7 for 007 and rub for RUB [I]")
	terminalAlias = Switches.Add("terminal_alias", "omitted|shown", "the alias in answers about a terminal: omitted (guide, 7.2.1) or shown (vendor SDKs read it [V])")
	// Models of the Java and Spring SDKs can read no field that they do not have.
	terminalFields = Switches.Add("terminal_fields", "guide|sdk", "fields of answers about a terminal, and of errors: the guide's (7.2.1), or those that vendor SDKs read [V]: with alias, without canComments and additions")
	// The guide lists 200, 400 and 500 (section 9.3) without saying which
	// errors get which.
	errorStatus = Switches.Add("error_status", "400|200", "HTTP status of error bodies (guide, 9.3; any status [P])")
	// GetPayment says closed afterwards either way.
	closedAnswer = Switches.Add("closed_answer", "closed|init", "status in ClosePayment's own answer: closed [P] or init (guide's sample, 7.2.6)")
	// The guide has an error for it, but no status of its own (section 9.1).
	expired      = Switches.Add("expired", "init|fail", "status of a payment not paid in time [?]: stays init, or becomes fail with [3, -20] (guide, 9.2)")
	failedStatus = Switches.Add("failed_status", "fail|error", "the status of what failed, payments and refunds: fail (guide, 9.1) or error (vendor SDKs and modules [V])")
	// The guide says that results may be delayed (section 7.2.7).
	refundStatus = Switches.Add("refund_status", "successful|init|fail", "status of new refunds (guide, 7.2.7); init becomes successful at the next GetRefund")
	// The SDKs have one or the other, and so have the modules.
	notifyFailed  = Switches.Add("notify_failed", "error|failed|fail", "the status of a failed payment in notifications: error (five shop modules, Java SDK [V]), failed (Spring and Yii SDKs [V]), or as in the guide (9.1)")
	notifyRefunds = Switches.Add("notify_refund", "refund|refunded|none", "notification of a refund: notification_type refund (four receivers [V]), status refunded (Spring SDK [V]), or none")
)
