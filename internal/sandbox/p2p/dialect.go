package p2p

import "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"

// Switches are the doubtful points of the merchant invoices API.
var Switches sandbox.Switches

var (
	answerShape = Switches.Add("p2p_answer", "answers with an invoice: the object (samples [V]) or an array of one (document, in words)",
		"object", "array")
	repeatedInternalID = Switches.Add("p2p_repeated_internal_id", "creating with an internalId used before [?]: a new invoice or an error",
		"new", "error")
	hasInternalID = Switches.Add("p2p_internal_id", "whether the server has the look-up by internal id (one unverified claim), or answers 404",
		"true", "false")
	freeRequisites = Switches.Add("p2p_requisites", "whether deals find requisites, or answers have \"deals\": [] [P]",
		"free", "none")
	cancelAnswer = Switches.Add("p2p_cancel", "cancel's answer, 200 [P] either way: the invoice, or nothing",
		"body", "empty")
	repeatedCancel = Switches.Add("p2p_repeated_cancel", "canceling what is canceled or expired [?]: an error, or 200",
		"error", "ok")
	errorStatus = Switches.Add("p2p_error_status", "HTTP status of refused requests (4xx [P])",
		"400", "422")
	sumShape = Switches.Add("p2p_sums", "what was received and the fee, once paid [?]: objects like sum, or amounts such as \"1000.00\"",
		"object", "amount")
	payoutSubunit = Switches.Add("p2p_payout_subunit", "decimals of payoutSum [?]",
		"2", "6")
	paidWord = Switches.Add("p2p_paid", "the word for a paid invoice; others than paid once its sum was corrected [P]",
		"paid", "recalculated", "recalculation", "re_calculation")
	dealList = Switches.Add("p2p_deals", "deals: a list (document), the last one alone as \"deal\" [P], or both",
		"list", "single", "both")
	requisitesPlace = Switches.Add("p2p_deal_requisites", "a deal's requisites: an object (document), phone or cardNumber inside it, or phone and one of the others in its place [P]",
		"object", "inside", "cardNumber", "card")
)
