package paykeeper

import "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"

// Switches are the doubtful points of PayKeeper.
var Switches sandbox.Switches

var (
	wrongLogin = Switches.Add("paykeeper_login", "answer to a wrong login [P]: 401, a 303 to the login page, or that page with status 200",
		"401", "303", "html")
	tokenShape = Switches.Add("paykeeper_token", "the token's answer: an object (SDKs [P]) or an array of one (sample [V])",
		"object", "array")
	// Else the same token is answered for 24 hours.
	tokenKills = Switches.Add("paykeeper_token_kills", "fetching a token ends the one before it (one unverified claim)",
		"false", "true")
	errorCode = Switches.Add("paykeeper_error_code", "errors have an error_code, as on newer servers",
		"false", "true")
	invoiceID = Switches.Add("paykeeper_invoice_id", "invoice_id in preview's answer: a string or a number [P]",
		"string", "number")
	byIDShape = Switches.Add("paykeeper_byid", "byid answers an object (document, 3.1) or an array of one [P]",
		"object", "array")
	// The document has no status of its own for a revoked invoice.
	revoked = Switches.Add("paykeeper_revoked", "a revoked invoice [?]: shows as expired, or is not found",
		"expired", "missing")
	repeatedRevoke = Switches.Add("paykeeper_repeated_revoke", "revoking what is revoked or expired [?]: success or an error",
		"success", "fail")
	hasSearch = Switches.Add("paykeeper_search", "whether the server has search; older ones answer 404 with a page [P]",
		"true", "false")
	contentType = Switches.Add("paykeeper_content_type", "label of JSON answers: text/html [P] or application/json",
		"html", "json")
	periodEnds = Switches.Add("paykeeper_dates", "whether start_date and end_date themselves count (document, 3.2: «после», «до») [?]",
		"exclusive", "inclusive")
	fullCount = Switches.Add("paykeeper_fullcount", "listcount's fullcount: [{\"count\":\"7\"}] [P] or 7",
		"list", "number")
	mailing = Switches.Add("paykeeper_mail", "whether send gets its mail out or answers an error (document, 3.5)",
		"sent", "failed")
	amountFormat = Switches.Add("paykeeper_amount", "amounts in answers [?]: 1500.00 or 1500",
		"fixed", "plain")
	cartShape = Switches.Add("paykeeper_service_name", "a service_name with a cart comes back [?]: as it was sent, as its text alone, or with the cart in a string [P]",
		"sent", "text", "string")
	// Moscow is what clients assume.
	timezone = Switches.Add("paykeeper_timezone", "the zone of the server's times and days [P]",
		"Europe/Moscow", "Asia/Yekaterinburg", "Asia/Vladivostok", "Europe/Kaliningrad")
	// SDKs ask for 100.
	maxPage = Switches.Add("paykeeper_max_page", "the most invoices that list answers, whatever its limit [?]",
		"100", "10")
)
