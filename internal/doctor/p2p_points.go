package doctor

const (
	giveInvoice     = "The gateway has no list. Give an invoice to look at: -invoice."
	givePaidInvoice = "Give an invoice to look at that was paid: -invoice."
	giveDeal        = "Give an invoice to look at that has a deal: -invoice."
)

var p2pPoints = []point{
	{
		name: "p2p_answer", unseen: giveInvoice,
		readings: map[string]string{
			"object": "An invoice comes as an object. The provider reads both.",
			"array":  "An invoice comes in an array of one, as the document says. The provider reads both.",
		},
	},
	{name: "p2p_checks", unseen: "Only a change that the document does not have shows it. The provider sends what the document has."},
	{name: "p2p_repeated_internal_id", unseen: "Only creating an invoice with a used internal id shows it. The provider looks it up first, where the server can (p2p_internal_id)."},
	{
		name: "p2p_internal_id", unseen: "Give an invoice to look at that has an internal id: -invoice. A 404 alone does not say whether the server lacks the look-up or the invoice.",
		readings: map[string]string{
			"true": "The server looks invoices up by internal id (order_id). The provider finds one again whose answer was lost.",
			"false": "The server cannot look invoices up by internal id (order_id). One whose creation was not answered is kept as unknown, until you say what became of it: " +
				"set request_timeout (INVOICE_REQUEST_TIMEOUT) high enough that answers are waited for.",
		},
		warnings: []string{"false"},
	},
	{name: "p2p_requisites", unseen: "Only starting a deal shows whether anybody is free at that moment."},
	{name: "p2p_cancel", unseen: "Only canceling an invoice shows it. The provider takes either."},
	{name: "p2p_repeated_cancel", unseen: "Only canceling an invoice twice shows it. The provider looks the invoice up and takes either."},
	{name: "p2p_error_status", unseen: "Only a refused change shows it. The provider goes by the body."},
	{
		name: "p2p_sums", unseen: givePaidInvoice,
		readings: map[string]string{
			"object": "Sums are objects with their currency.",
			"amount": "Sums are amounts alone. The provider shows the invoice's currency beside them.",
		},
	},
	{
		name: "p2p_payout_subunit", unseen: givePaidInvoice,
		readings: map[string]string{
			"2": "payoutSum has two decimals.",
			"6": "payoutSum has six decimals. The provider shows all of them.",
		},
		other: "payoutSum has so many decimals. The provider shows all of them.",
	},
	{
		name: "p2p_paid", unseen: givePaidInvoice,
		readings: map[string]string{
			"paid":           "A paid invoice has the word of the samples.",
			"recalculated":   "The sum of this paid invoice was corrected. The provider takes the word for paid.",
			"recalculation":  "The sum of this paid invoice was corrected. The provider takes the word for paid.",
			"re_calculation": "The sum of this paid invoice was corrected. The provider takes the word for paid.",
		},
	},
	{
		name: "p2p_deals", unseen: giveDeal,
		readings: map[string]string{
			"list":   "Deals come in a list, as in the document.",
			"single": "A deal comes alone. The provider shows it in the list.",
			"both":   "The last deal comes in the list and alone. The provider shows it once.",
		},
	},
	{
		name: "p2p_deal_requisites", unseen: giveDeal + " Where the name of a card's field decides, it has to be the deal of a card.",
		readings: map[string]string{
			"object":     "Requisites are an object, as in the document.",
			"inside":     "Requisites have the name of their kind. The provider reads both.",
			"cardNumber": "Requisites stand beside the deal's fields, a card as cardNumber. The provider reads them.",
			"card":       "Requisites stand beside the deal's fields, a card as card. The provider reads them.",
		},
	},
	{
		name: "p2p_deal_payment", unseen: "Give an invoice to look at whose deal is confirmed: -invoice.",
		readings: map[string]string{
			"null":   "A confirmed deal shows no payment.",
			"sum":    "A confirmed deal shows its payment as a sum.",
			"object": "A confirmed deal shows its payment as an object with a sum.",
			"text":   "A confirmed deal shows a text as its payment, which is no sum. The provider shows none.",
		},
	},
}
