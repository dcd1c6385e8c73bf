package doctor

const needsHistory = "The history has no invoice that shows it. Give one to look at: -invoice."

var intellectMoneyPoints = []point{
	{
		name: "intellectmoney_order", unseen: needsHistory,
		readings: map[string]string{
			"newest": "Without a SortOrder the newest invoice comes first. The provider sends a SortOrder, and sorts itself.",
			"oldest": "Without a SortOrder the oldest invoice comes first. The provider sends a SortOrder, and sorts itself.",
		},
	},
	{
		name: "intellectmoney_sort", unseen: needsHistory,
		readings: map[string]string{
			"descending": "By creation, the newest invoice comes first. The provider sorts itself.",
			"ascending":  "By creation, the oldest invoice comes first. The provider sorts itself.",
		},
	},
	{
		name: "intellectmoney_dates", unseen: "No invoice was seen that was made in a whole second, so that a bound can be its very moment.",
		readings: map[string]string{
			"inclusive": "Both bounds of a period count. The provider asks for more, and filters.",
			"exclusive": "Neither bound of a period counts. The provider asks for more, and filters.",
			"half-open": "Of a period the beginning counts and the end does not. The provider asks for more, and filters.",
		},
	},
	{
		name: "intellectmoney_offset", unseen: needsHistory,
		readings: map[string]string{
			"+03:00": "Dates have Moscow's offset, as in the sample.",
			"+00:00": "Dates are in UTC, and say so. The provider keeps the offset.",
			"naive":  "Dates have no offset. The provider takes them for Moscow's time.",
		},
		other: "Dates have another offset. The provider keeps it.",
	},
	{
		name: "intellectmoney_id", unseen: needsHistory,
		readings: map[string]string{
			"number": "Ids are numbers, as in the sample.",
			"string": "Ids are texts. The provider reads both.",
		},
	},
	{
		name: "intellectmoney_absent", unseen: "No invoice was seen that lacks anything.",
		readings: map[string]string{
			"omitted": "A field without a value is left out.",
			"null":    "A field without a value is null. The provider reads both.",
		},
	},
	{
		name: "intellectmoney_amount", unseen: "No invoice was seen whose amount ends with a zero.",
		readings: map[string]string{
			"trimmed": "Amounts lack zeros at their end. The provider shows two decimals.",
			"scale":   "Amounts have all their decimals.",
		},
	},
	{
		name: "intellectmoney_transactions", unseen: "No invoice with a transaction was seen. Give one that was paid: -invoice.",
		readings: map[string]string{
			"flag":     "Transactions come in HistoryList when they are asked for. The provider does where include_transactions says so.",
			"always":   "Transactions come in HistoryList, asked for or not.",
			"separate": "Transactions come in PaymentTransactions when they are asked for. The provider reads both.",
		},
	},
	{
		name: "intellectmoney_holding", unseen: "No invoice of another organisation was seen; not everyone has a holding.",
		readings: map[string]string{
			"own": "Without IsHoldingSearch only your own organisation is searched: set holding_search in invoice_history for the others.",
			"all": "All organisations of the holding are searched, with IsHoldingSearch or without: name one (organization_id) where you want one.",
		},
	},
	{
		name: "intellectmoney_max_take", unseen: "There are fewer invoices than a page has.",
		readings: map[string]string{
			"100": "A page has the 100 invoices that the provider asks for.",
		},
		other: "A page has fewer than the 100 invoices that the provider asks for. It reads on, with more calls: see the guide Performance and limits.",
	},
	{
		name: "intellectmoney_long_take", unseen: "There are fewer invoices than a page has.",
		readings: map[string]string{
			"cut":   "A page that is asked for too many invoices has as many as it can. The provider reads on.",
			"error": "A page that is asked for too many invoices is refused. The provider asks for half as many then.",
		},
	},
	{
		name: "intellectmoney_bearer_status", unseen: "Only a wrong bearer token shows it. The provider takes either.",
		readings: map[string]string{
			"200": "A wrong bearer token is answered with HTTP 200.",
			"401": "A wrong bearer token is answered with HTTP 401.",
		},
	},
	{
		name: "intellectmoney_errors", unseen: "No error was answered.",
		readings: map[string]string{
			"operation": "Errors stand in OperationState, as in the sample. The provider reads both.",
			"result":    "Errors stand in Result.State. The provider reads both.",
		},
	},
	{
		name: "intellectmoney_warning", unseen: "Nothing was answered.",
		readings: map[string]string{
			"false": "A success has the code 0.",
			"true":  "A success has the code 1, done with warnings. The provider takes it for one.",
		},
	},
	{
		name: "intellectmoney_checks", unseen: "A filter that the document does not have was not answered clearly.",
		readings: map[string]string{
			"document": "Filters are as in the document. So are the provider's.",
			"clients":  "Filters of public clients pass, too. The provider's are as in the document.",
		},
	},
	{
		name: "intellectmoney_comment", unseen: needsHistory,
		readings: map[string]string{
			"omitted": "An invoice has no Comment, as in the sample. The provider needs none.",
			"shown":   "An invoice has a Comment. The provider needs none.",
		},
	},
	{
		name: "intellectmoney_envelope", unseen: "Nothing was answered.",
		readings: map[string]string{
			"sample": "An answer has no OperationId, so operation_id is null.",
			"table":  "An answer has an OperationId: see operation_id of invoice_history.",
		},
	},
}
