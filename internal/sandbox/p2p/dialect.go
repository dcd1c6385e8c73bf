package p2p

import "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"

// Switches are the doubtful points of the merchant invoices API.
var Switches sandbox.Switches

var (
	checks             = Switches.Add("p2p_checks", "document|clients", "checks of requests: the document's, or what public clients send passes, too [P]: an empty notificationUrl and notificationToken, a body of null for none")
	answerShape        = Switches.Add("p2p_answer", "object|array", "answers with an invoice: the object (samples [V]) or an array of one (document, in words)")
	repeatedInternalID = Switches.Add("p2p_repeated_internal_id", "new|error", "creating with an internalId used before [?]: a new invoice or an error")
	hasInternalID      = Switches.Add("p2p_internal_id", "true|false", "whether the server has the look-up by internal id, or answers 404 [U]")
	freeRequisites     = Switches.Add("p2p_requisites", "free|none", "whether deals find requisites, or answers have \"deals\": [] [P]")
	cancelAnswer       = Switches.Add("p2p_cancel", "body|empty", "cancel's answer, 200 [P] either way: the invoice, or nothing")
	repeatedCancel     = Switches.Add("p2p_repeated_cancel", "error|ok", "canceling what is canceled or expired [?]: an error, or 200")
	errorStatus        = Switches.Add("p2p_error_status", "400|422", "HTTP status of refused requests (4xx [P])")
	sumShape           = Switches.Add("p2p_sums", "object|amount", "what was received and the fee, once paid [?]: objects like sum, or amounts such as \"1000.00\"")
	payoutSubunit      = Switches.Add("p2p_payout_subunit", "2|6", "decimals of payoutSum [?]")
	paidWord           = Switches.Add("p2p_paid", "paid|recalculated|recalculation|re_calculation", "the word for a paid invoice; others than paid once its sum was corrected [P]")
	dealList           = Switches.Add("p2p_deals", "list|single|both", "deals: a list (document), the last one alone as \"deal\" [P], or both")
	requisitesPlace    = Switches.Add("p2p_deal_requisites", "object|inside|cardNumber|card", "a deal's requisites: an object (document), phone or cardNumber inside it, or phone and one of the others in its place [P]")
	dealPayment        = Switches.Add("p2p_deal_payment", "null|sum|object|text", "a confirmed deal's payment [?]: null as in the document's only sample, a sum, an object with its sum, or its id")
)
