package sandbox

// Dialect picks a reading for every point on which the documents are silent,
// contradict each other, or are contradicted by client code. A field left at
// its zero value means the default, which is the first value named below.
//
// Marks: [V] a vendor's page or SDK, [P] public client code relies on it, [I]
// inferred, [?] looked for and not found.
type Dialect struct {
	// IDs is "hex" or "number": what ids of new objects look like. In
	// practice they are strings of 32 hex digits [P]; the guide's samples
	// also show the numbers 13 and 45 (sections 7.2.1, 7.2.2). Requests may
	// always carry ids as strings and as numbers.
	IDs string
	// TerminalTypes is "static" or "statical": the pair of words in answers.
	// The guide says static and dynamic (section 7.2.1), every vendor SDK
	// statical and dynamical [V]. Requests may always use all four.
	TerminalTypes string
	// RewriteDescription makes CreateTerminal and CreatePayment store
	// "<sent>, филиал №7", as the answer to the guide's sample does (section
	// 7.2.1) [I].
	RewriteDescription bool
	// DateNames is "create_date" or "date_insert": the names of the dates in
	// refunds, create_date and update_date (guide, section 7.2.7) or
	// date_insert and date_update [P].
	DateNames string
	// TakenAlias is "error" or "existing": what CreateTerminal does when the
	// alias is taken [?], refuse with code 11 or answer the terminal that has
	// it, unchanged.
	TakenAlias string
	// RepeatedOrder is "new" or "error": what CreatePayment does with an
	// order id that a payment has had [?], create another or refuse with
	// code 7. A vendor module avoids repeating them [V].
	RepeatedOrder string
	// Spelling is "as_sent" or "php": how what was sent reads when a payment is
	// looked up. A script makes 7 of an order id 007, and others have their own
	// names and letters for a currency [I].
	Spelling string

	// TerminalAlias is "omitted" or "shown": whether answers about a terminal
	// carry its alias. The guide's do not (section 7.2.1); types of the
	// vendor's SDKs read it [V].
	TerminalAlias string

	// ErrorStatus is 400 or 200: the HTTP status of error bodies. The guide
	// lists 200, 400 and 500 (section 9.3) without saying which errors get
	// which; client code meets error bodies on any of them [P].
	ErrorStatus int
	// ClosedAnswer is "closed" or "init": the status in ClosePayment's own
	// answer, closed [P] or init (sample of the guide, section 7.2.6).
	// GetPayment says closed afterwards either way.
	ClosedAnswer string
	// Expired is "init" or "fail": the status of a payment that was not paid
	// in time [?]. The guide has an error for it, [3, -20] (section 9.2), but
	// no status of its own (section 9.1).
	Expired string
	// RefundStatus is "successful", "init" or "fail": what becomes of new
	// refunds. One in init becomes successful at the next GetRefund: the
	// guide says that results may be delayed (section 7.2.7).
	RefundStatus string

	// PayKeeperLogin is "401", "303" or "html": the answer to a wrong login, a
	// status, a redirect to the login page or that page itself [P].
	PayKeeperLogin string
	// PayKeeperToken is "object" or "array": the shape of the token's answer,
	// {"token":"…"} in every SDK [P] and [{"token":"…"}] in the sample [V].
	PayKeeperToken string
	// PayKeeperTokenKills makes fetching a token end the one before it, as one
	// unverified claim has it. Else the same one is answered for 24 hours.
	PayKeeperTokenKills bool
	// PayKeeperErrorCode adds "error_code" to errors, as newer servers do.
	PayKeeperErrorCode bool
	// PayKeeperInvoiceID is "string" or "number": the JSON type of invoice_id
	// in preview's answer [P].
	PayKeeperInvoiceID string
	// PayKeeperByID is "object" or "array": byid answers an object (document,
	// section 3.1); some clients also take an array of one [P].
	PayKeeperByID string
	// PayKeeperRevoked is "expired" or "missing": what a revoked invoice is
	// afterwards [?]. The document has no status of its own for it.
	PayKeeperRevoked string
	// PayKeeperRepeatedRevoke is "success" or "fail": what revoke says of an
	// invoice that is revoked or expired already [?].
	PayKeeperRepeatedRevoke string
	// PayKeeperSearch is "true" or "false": whether the server has search.
	// Older ones answer it with 404 and a page [P].
	PayKeeperSearch string
	// PayKeeperContentType is "html" or "json": how JSON is labelled, often
	// text/html [P].
	PayKeeperContentType string
	// PayKeeperDates is "exclusive" or "inclusive": whether start_date and
	// end_date themselves count [?]. The document says «после» and «до»
	// (section 3.2).
	PayKeeperDates string
	// PayKeeperFullCount is "list" or "number": the shape of listcount's
	// fullcount, [{"count":"7"}] [P] or 7.
	PayKeeperFullCount string
	// PayKeeperMail is "sent" or "failed": whether send gets its mail out
	// (document, section 3.5).
	PayKeeperMail string
	// PayKeeperAmount is "fixed" or "plain": how amounts are written, 1500.00
	// or 1500 [?].
	PayKeeperAmount string
	// PayKeeperServiceName is "sent", "text" or "string": whether a service_name
	// that carries a cart comes back as it was sent, as its text alone [?], or
	// with the cart, and its numbers, in a string [P].
	PayKeeperServiceName string
	// PayKeeperMaxPage is 100 or 10: how many invoices list answers at most,
	// whatever its limit. SDKs ask for 100; the maximum is [?].
	PayKeeperMaxPage int

	// PayKeeperTimezone is "Europe/Moscow", "Asia/Yekaterinburg",
	// "Asia/Vladivostok" or "Europe/Kaliningrad": the zone of the server's times
	// and days. Moscow is what clients assume [P].
	PayKeeperTimezone string

	// P2PAnswer is "object" or "array": one InvoiceDTO, as in every sample
	// [V], or an array of one, as the document says in words.
	P2PAnswer string
	// P2PRepeatedInternalID is "new" or "error": what creating does with an
	// internalId that an invoice has had [?].
	P2PRepeatedInternalID string
	// P2PInternalID is "true" or "false": whether the server has the look-up
	// by internal id, which is one unverified claim. Without it every such
	// look-up answers 404.
	P2PInternalID string
	// P2PRequisites is "free" or "none": whether a deal finds requisites. With
	// none the answer is a success with "deals": [] [P].
	P2PRequisites string
	// P2PCancel is "body" or "empty": whether cancel answers the invoice or
	// nothing; 200 is the success [P].
	P2PCancel string
	// P2PRepeatedCancel is "error" or "ok": what cancel says of an invoice
	// that is canceled or expired already [?].
	P2PRepeatedCancel string
	// P2PErrorStatus is 400 or 422: the HTTP status of refused requests; that
	// it is a 4xx is known [P].
	P2PErrorStatus int
	// P2PSums is "object" or "amount": the shape of receivedSumFromTaker,
	// receivedSumFromMaker and serviceFeeSum once paid, like sum or a string
	// such as "1000.00" [?].
	P2PSums string
	// P2PPayoutSubunit is 2 or 6: how many decimals payoutSum has [?].
	P2PPayoutSubunit int
	// P2PPaid is "paid", "recalculated", "recalculation" or "re_calculation":
	// the word for a paid invoice; the last three once its sum was corrected [P].
	P2PPaid string
	// P2PDeals is "list", "single" or "both": deals as the document has them,
	// the last one alone as "deal" [P], or both.
	P2PDeals string
	// P2PDealRequisites is "object", "inside", "cardNumber" or "card": where a
	// deal's requisites stand, as in the document, or by names of their kind:
	// phone or cardNumber inside the object, phone or one of the others beside
	// it [P].
	P2PDealRequisites string

	// IntellectMoneyOrder is "newest" or "oldest": which invoices come first
	// when no SortOrder is asked for, or 0, «по умолчанию» [?].
	IntellectMoneyOrder string
	// IntellectMoneySort is "descending" or "ascending": the direction of
	// SortOrder 1 to 4, of which the document names the field alone [?].
	IntellectMoneySort string
	// IntellectMoneyDates is "inclusive", "exclusive" or "half-open": whether
	// the moments DateFrom, DateTo, ChangeDateFrom and ChangeDateTo themselves
	// count; half-open counts the first and not the last [?].
	IntellectMoneyDates string
	// IntellectMoneyOffset is "+03:00", "+00:00" or "naive": how an invoice's
	// dates are written. The sample has +03:00 for invoices and +00:00 for
	// transactions, which stay so; that servers differ is [?].
	IntellectMoneyOffset string
	// IntellectMoneyID is "number" or "string": the JSON type of an invoice's
	// Id, a number in the sample.
	IntellectMoneyID string
	// IntellectMoneyAbsent is "omitted" or "null": what becomes of a field
	// without a value, such as OwnerEmail. The sample's stub of an invoice
	// leaves them out [I].
	IntellectMoneyAbsent string
	// IntellectMoneyAmount is "trimmed" or "scale": 1500.50 as 1500.5, with one
	// decimal at least as in the sample, or as 1500.50 [?].
	IntellectMoneyAmount string
	// IntellectMoneyTransactions is "flag", "always" or "separate": when
	// HistoryList holds transactions. The document ties them to
	// IncludePaymentTransactions; its sample has them without it, so they may
	// always come, and the sample's stub has another list by the name of
	// PaymentTransactions, which may be what the flag fills [?].
	IntellectMoneyTransactions string
	// IntellectMoneyHolding is "own" or "all": which organisations are searched
	// without IsHoldingSearch. «Без поиска по организациям холдинга» reads as
	// the user's own alone [I].
	IntellectMoneyHolding string
	// IntellectMoneyMaxTake is 100 or 50: how many invoices one answer has at
	// most [?].
	IntellectMoneyMaxTake int
	// IntellectMoneyLongTake is "cut" or "error": what becomes of a Take beyond
	// that [?].
	IntellectMoneyLongTake string
	// IntellectMoneyBearerStatus is 200 or 401: the HTTP status of the answer
	// to a wrong bearer token. Errors have 200 as far as is known [P]; whatever
	// stands in front of the API may refuse earlier [?].
	IntellectMoneyBearerStatus int
	// IntellectMoneyErrors is "operation" or "result": where errors stand, in
	// OperationState with "Result": false, as in the sample, or in Result.State,
	// whose code is an error's beyond 1 [V] and, for a caller who may not, 2
	// [P]. A selection that is too large is told as in the sample either way.
	IntellectMoneyErrors string
	// IntellectMoneyWarning makes Result.State.Code 1 on success: done, with
	// warnings [V].
	IntellectMoneyWarning bool
	// IntellectMoneyEnvelope is "sample" or "table": an answer with
	// OperationState and Result, as in the sample, or with OperationId and
	// EshopId between them, as the table above it says.
	IntellectMoneyEnvelope string
}
