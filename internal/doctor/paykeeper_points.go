package doctor

const (
	needsInvoice = "No invoice of this shop was seen. Give one to look at: -invoice."
	needsList    = "The lists have no invoice. A created one is in none."
	onlyIssuing  = "Only issuing an invoice shows it. The provider takes either."
	onlyRevoking = "Only revoking an invoice shows it. The provider looks the invoice up and takes either."
	onlyRefunds  = "Only a refund shows it. "
	needsPayment = "No payment that was paid was seen. Give one to look at: -payment."
)

var payKeeperPoints = []point{
	{
		name: "paykeeper_login", unseen: "Only a wrong password shows it, and sending one might lock the account. The provider knows all three answers.",
		readings: map[string]string{
			"401":  "A wrong login is answered with HTTP 401.",
			"303":  "A wrong login is answered with a redirect to the login page.",
			"html": "A wrong login is answered with the login page and HTTP 200.",
		},
	},
	{
		name: "paykeeper_token", unseen: "No token was answered.",
		readings: map[string]string{
			"object": "The token comes as an object, as SDKs read it.",
			"array":  "The token comes in an array of one, as on the vendor's page. The provider reads both.",
		},
	},
	{
		name: "paykeeper_token_kills", unseen: "The token could not be fetched twice.",
		readings: map[string]string{
			"false": "A second fetch brings the same token, so that it ends none.",
			"true": "A second fetch brings another token, so that the one before has probably ended; only a change would prove it. " +
				"The provider fetches one for a run, and another one when it is refused. Scripts should use the ephemeral resource invoice_paykeeper_token.",
		},
	},
	{
		name: "paykeeper_error_code", unseen: "No error was answered.",
		readings: map[string]string{
			"false": "Errors have a text alone. The provider goes by it.",
			"true":  "Errors have a code, as on newer servers. The provider shows it, and goes by the text.",
		},
	},
	{name: "paykeeper_invoice_id", unseen: onlyIssuing},
	{
		name: "paykeeper_byid", unseen: needsInvoice,
		readings: map[string]string{
			"object": "An invoice comes as an object, as in the document.",
			"array":  "An invoice comes in an array of one. The provider reads both.",
		},
	},
	{
		name: "paykeeper_revoked", unseen: "No invoice was seen that shows as expired before its time. Give one that was revoked: -invoice.",
		readings: map[string]string{
			"expired": "A revoked invoice shows as expired before its time. The provider takes it for revoked.",
		},
	},
	{name: "paykeeper_checks", unseen: "Only a change that the document does not have shows it. The provider sends what the document has."},
	{name: "paykeeper_repeated_revoke", unseen: onlyRevoking},
	{
		name: "paykeeper_search", unseen: "The search gave no clear answer.",
		readings: map[string]string{
			"true": "The server can search. An invoice with an order_id is found again when the answer to its creation is lost.",
			"false": "The server cannot search. An invoice whose creation was not answered is kept as unknown, until you say what became of it: " +
				"set request_timeout (INVOICE_REQUEST_TIMEOUT) high enough that answers are waited for.",
		},
		warnings: []string{"false"},
	},
	{
		name: "paykeeper_content_type", unseen: "No JSON was answered.",
		readings: map[string]string{
			"html": "JSON is labelled text/html. The provider goes by what it is.",
			"json": "JSON is labelled application/json.",
		},
		other: "JSON has another label. The provider goes by what it is.",
	},
	{
		name: "paykeeper_dates", unseen: needsList,
		readings: map[string]string{
			"exclusive": "start_date and end_date do not count themselves. The provider asks for a day more on either side, and filters.",
			"inclusive": "start_date and end_date count. The provider asks for a day more on either side, and filters.",
		},
		other: "One of start_date and end_date counts, the other does not. The provider asks for a day more on either side, and filters.",
	},
	{
		name: "paykeeper_fullcount", unseen: "No count was answered.",
		readings: map[string]string{
			"list":   "The count comes in a list. The provider reads both.",
			"number": "The count comes as a number. The provider reads both.",
		},
	},
	{name: "paykeeper_mail", unseen: "Only mailing an invoice shows it."},
	{
		name: "paykeeper_amount", unseen: needsInvoice,
		readings: map[string]string{
			"fixed": "Amounts have two decimals.",
			"plain": "Amounts lack zeros at their end. The provider takes 1500 and 1500.00 for the same.",
		},
	},
	{
		name: "paykeeper_service_name", unseen: "No invoice was seen whose service_name shows a cart. Give one that was issued with a cart: -invoice. Where the server answers the text alone, nothing shows it.",
		readings: map[string]string{
			"sent":   "A service_name with a cart comes back as it was sent.",
			"string": "The cart in a service_name comes back as a text. The provider reads both.",
		},
	},
	{
		name: "paykeeper_timezone", unseen: needsInvoice,
		other: "The server's zone has the same offset as this one.",
	},
	{
		name: "paykeeper_max_page", unseen: needsList,
		readings: map[string]string{
			"100": "A page has the 100 invoices that the provider asks for.",
		},
		other: "A page has fewer than the 100 invoices that the provider asks for. It reads on, with more calls: see the guide Performance and limits.",
	},
	{
		name: "paykeeper_payment", unseen: needsPayment,
		readings: map[string]string{
			"array":  "A payment comes in an array of one. The provider reads both.",
			"object": "A payment comes as an object. The provider reads both.",
		},
	},
	{
		name: "paykeeper_no_payment", unseen: "The look-up of a payment that does not exist gave no clear answer.",
		readings: map[string]string{
			"empty": "For a payment that does not exist nothing is answered. The provider takes that for neither yes nor no, and says so.",
			"list":  "For a payment that does not exist an empty list is answered.",
		},
		other: "A payment that does not exist is refused in the gateway's own words.",
	},
	{
		name: "paykeeper_no_refunds", unseen: "No payment without refunds was seen. Give one to look at: -payment.",
		readings: map[string]string{
			"list":   "No refunds are an empty list.",
			"empty":  "No refunds are an empty answer. The provider believes it where the payment says the same.",
			"object": "No refunds are something that is no list. The provider believes it where the payment says the same.",
		},
	},
	{
		name: "paykeeper_refund_amount", unseen: "No payment without refunds was seen. Give one to look at: -payment.",
		readings: map[string]string{
			"null": "Nothing refunded is null.",
			"zero": "Nothing refunded is zero.",
		},
	},
	{
		name: "paykeeper_payment_ids", unseen: needsPayment,
		readings: map[string]string{
			"string": "Ids and amounts of payments are texts.",
			"number": "Ids and amounts of payments are numbers. The provider reads both.",
		},
	},
	{
		name: "paykeeper_refund_order", unseen: "No payment with two refunds was seen. Give one to look at: -payment.",
		readings: map[string]string{
			"oldest": "The oldest refund comes first. The provider sorts them itself.",
			"newest": "The newest refund comes first. The provider sorts them itself.",
		},
	},
	{name: "paykeeper_refund_row", unseen: onlyRefunds + "The provider looks for its row as long as the gateway may still be working."},
	{name: "paykeeper_refund_time", unseen: onlyRefunds + "The provider shows init until the gateway shows an end."},
	{name: "paykeeper_refund_end", unseen: onlyRefunds + "The provider shows successful or fail."},
	{name: "paykeeper_reverse", unseen: onlyRefunds + "The provider reads both answers."},
	{name: "paykeeper_partial_false", unseen: onlyRefunds + "The provider sends partial=false only for the whole of a payment that is untouched."},
	{name: "paykeeper_second_reverse", unseen: onlyRefunds + "The provider sends none while another refund of the payment is started."},
	{name: "paykeeper_two_stage", unseen: "No read shows it; the notification of a held payment has batch_date. Refunds of a shop with two stages are not supported: " +
		"there a refund cancels or captures. Ask PayKeeper if you do not know."},
	{name: "paykeeper_notify_invoice", unseen: onlyNotified},
	{name: "paykeeper_batch_date", unseen: onlyNotified},
	{name: "paykeeper_notify_answer", unseen: onlyNotified},
}
