package paykeeper

import "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"

// Switches are the doubtful points of PayKeeper.
var Switches sandbox.Switches

var (
	wrongLogin = Switches.Add("paykeeper_login", "401|303|html", "answer to a wrong login [P]: 401, a 303 to the login page, or that page with status 200")
	tokenShape = Switches.Add("paykeeper_token", "object|array", "the token's answer: an object (SDKs [P]) or an array of one (sample [V])")
	// Else the same token is answered for 24 hours.
	tokenKills = Switches.Add("paykeeper_token_kills", "false|true", "fetching a token ends the one before it [U]")
	errorCode  = Switches.Add("paykeeper_error_code", "false|true", "errors have an error_code, as on newer servers")
	invoiceID  = Switches.Add("paykeeper_invoice_id", "string|number", "invoice_id in preview's answer: a string or a number [P]")
	byIDShape  = Switches.Add("paykeeper_byid", "object|array", "byid answers an object (document, 3.1) or an array of one [P]")
	// The document has no status of its own for a revoked invoice.
	revoked        = Switches.Add("paykeeper_revoked", "expired|missing", "a revoked invoice [?]: shows as expired, or is not found")
	checks         = Switches.Add("paykeeper_checks", "document|clients", "checks of requests: the document's, or what public clients send passes, too [P]: an expiry with a time, a reverse of the whole payment without amount")
	repeatedRevoke = Switches.Add("paykeeper_repeated_revoke", "success|fail", "revoking what is revoked or expired [?]: success or an error")
	hasSearch      = Switches.Add("paykeeper_search", "true|false", "whether the server has search; older ones answer 404 with a page [P]")
	contentType    = Switches.Add("paykeeper_content_type", "html|json", "label of JSON answers: text/html [P] or application/json")
	periodEnds     = Switches.Add("paykeeper_dates", "exclusive|inclusive", "whether start_date and end_date themselves count (document, 3.2: «после», «до») [?]")
	fullCount      = Switches.Add("paykeeper_fullcount", "list|number", "listcount's fullcount: [{\"count\":\"7\"}] [P] or 7")
	mailing        = Switches.Add("paykeeper_mail", "sent|failed", "whether send gets its mail out or answers an error (document, 3.5)")
	amountFormat   = Switches.Add("paykeeper_amount", "fixed|plain", "amounts in answers [?]: 1500.00 or 1500")
	cartShape      = Switches.Add("paykeeper_service_name", "sent|text|string", "a service_name with a cart comes back [?]: as it was sent, as its text alone, or with the cart in a string [P]")
	// Moscow is what clients assume.
	timezone = Switches.Add("paykeeper_timezone", "Europe/Moscow|Asia/Yekaterinburg|Asia/Vladivostok|Europe/Kaliningrad", "the zone of the server's times and days [P]")
	// SDKs ask for 100.
	maxPage = Switches.Add("paykeeper_max_page", "100|10", "the maximum number of invoices in list's answer, whatever its limit [?]")

	paymentShape = Switches.Add("paykeeper_payment", "array|object", "payments/byid answers an array of one [P] or an object")
	noPayment    = Switches.Add("paykeeper_no_payment", "empty|list", "payments/byid without a match: an empty body [P] or []")
	noRefunds    = Switches.Add("paykeeper_no_refunds", "list|empty|object", "a payment without refunds: [], an empty body, or something that is no array [P]")
	refundAmount = Switches.Add("paykeeper_refund_amount", "null|zero", "refund_amount of a payment of which nothing was refunded: null [P] or zero")
	paymentIDs   = Switches.Add("paykeeper_payment_ids", "string|number", "ids and amounts of payments and refunds: strings or numbers [P]")
	refundOrder  = Switches.Add("paykeeper_refund_order", "oldest|newest", "which refund of a payment comes first [?]")
	refundRow    = Switches.Add("paykeeper_refund_row", "at_once|late|never", "when a refund is in the list [?]: at once, after 3 seconds, or when a test says so")
	refundTime   = Switches.Add("paykeeper_refund_time", "at_once|soon|never", "when a started refund ends [I]: at once, after 1 second, or when a person or a test says so")
	refundEnd    = Switches.Add("paykeeper_refund_end", "done|failed", "what a started refund becomes")
	reverseShape = Switches.Add("paykeeper_reverse", "object|array", "reverse answers an object [P] or an array of one [V*]")
	// Clients send false only for a whole payment.
	partialFalse  = Switches.Add("paykeeper_partial_false", "all|amount", "partial=false gives back all that is left, or the amount that was sent [I]")
	secondReverse = Switches.Add("paykeeper_second_reverse", "refused|taken", "a reverse while another refund of the payment is started [?]")
	twoStage      = Switches.Add("paykeeper_two_stage", "false|true", "payments are held: a full reverse cancels, a partial one takes the rest [V*]")

	notifyInvoice = Switches.Add("paykeeper_notify_invoice", "true|false", "whether notifications have the invoice_id, as of newer servers [P]")
	batchDate     = Switches.Add("paykeeper_batch_date", "held|taken", "which payments have a batch_date in notifications [?]: held ones (it alone tells them [P]), or those whose money was taken")
	notifyAnswer  = Switches.Add("paykeeper_notify_answer", "hash|any", "the answer that takes a notification: OK and a hash [V], or any with a 2xx (clients answer a bare OK [P])")
)
