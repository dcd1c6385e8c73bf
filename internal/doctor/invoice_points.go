package doctor

const (
	giveAlias   = "Give a terminal to look at: -alias."
	givePayment = "Give a payment to look at: -payment."
	giveRefund  = "Give a refund to look at: -refund."
	// onlyNotified is for what the gateways tell shops.
	onlyNotified = "Only the shop that is notified sees it. The provider reads no notifications."
)

var invoicePoints = []point{
	{
		name: "ids", unseen: "Give a terminal or a payment to look at: -alias, -payment.",
		readings: map[string]string{
			"hex":    "Ids are 32 hex digits. The provider keeps ids as texts; nothing is to be set.",
			"number": "Ids are numbers. The provider reads them and keeps them as texts; nothing is to be set.",
		},
		other: "Ids are other texts. The provider keeps them as they are.",
	},
	{
		name:   "checks",
		unseen: "Only what was made against the guide's rules shows it: give a terminal by its id (-alias), one with a price of 0, or a payment with an order id of more than 36 characters. The provider keeps the guide's rules.",
		readings: map[string]string{
			"vendor": "The gateway has taken what breaks the guide's rules, as vendor's clients send it. The provider keeps them.",
		},
	},
	{
		name: "terminal_types", unseen: giveAlias,
		readings: map[string]string{
			"static":   "Types are spelled as in the guide.",
			"statical": "Types are spelled as in the vendor's SDKs. The provider shows them as static and dynamic.",
		},
	},
	{
		name:   "rewrite_description",
		unseen: "Only creating something shows whether its description comes back changed. The provider remembers what came back, so that it is no change.",
	},
	{
		name: "date_names", unseen: giveRefund,
		readings: map[string]string{
			"create_date": "The dates of refunds have the guide's names.",
			"date_insert": "The dates of refunds have the names that clients know. The provider reads both.",
		},
	},
	{
		name:   "taken_alias",
		unseen: "Only creating a terminal under a taken alias shows it. The provider looks the alias up first (adopt_existing).",
	},
	{
		name:   "repeated_order",
		unseen: "Only creating a payment with a used order id shows it. The provider looks the order up first (adopt_existing).",
	},
	{
		name: "spelling", unseen: givePayment,
		readings: map[string]string{
			"as_sent": "Texts of payments come back as they were sent.",
			"php":     "Currencies come back in small letters, and order ids perhaps without their zeros. The provider takes them for the same.",
		},
	},
	{
		name: "terminal_alias", unseen: giveAlias,
		readings: map[string]string{
			"omitted": "Answers lack the alias, as in the guide. The provider keeps the one that it asked for.",
			"shown":   "Answers have the alias. The provider refuses a terminal that has another one.",
		},
	},
	{
		name: "terminal_fields", unseen: giveAlias,
		readings: map[string]string{
			"guide": "A terminal has the guide's fields.",
			"sdk":   "A terminal has the fields of the vendor's SDKs: its alias, and no can_comments, which is then as it was applied.",
		},
	},
	{
		name: "error_status", unseen: "No error was answered.",
		readings: map[string]string{
			"400": "Errors have HTTP status 400.",
			"200": "Errors have HTTP status 200. The provider goes by the body.",
		},
		other: "Errors have this HTTP status. The provider goes by the body, if the status is 2xx or 4xx.",
	},
	{
		name:   "closed_answer",
		unseen: "Only closing a payment shows it. The provider takes either.",
	},
	{
		name: "expired", unseen: "Give a payment that was not paid in time: -payment.",
		readings: map[string]string{
			"init": "A payment that was not paid in time stays init. The provider goes by its expire_date; see when_unpayable.",
			"fail": "A payment that was not paid in time fails. See when_unpayable.",
		},
	},
	{
		name: "failed_status", unseen: "Give a payment or a refund that failed: -payment, -refund.",
		readings: map[string]string{
			"fail":  "What failed has the guide's word.",
			"error": "What failed has the word of the vendor's SDKs. The provider takes it for failed.",
		},
	},
	{
		name:   "refund_status",
		unseen: "Only creating a refund shows its first status. The provider waits for its end at each refresh.",
	},
	{name: "notify_failed", unseen: onlyNotified},
	{name: "notify_refund", unseen: onlyNotified},
}
