package sandbox

import "net/http"

// The login and password that PayKeeper calls must carry, unless Options say
// otherwise.
const (
	DemoPayKeeperLogin    = "demo"
	DemoPayKeeperPassword = "demo"
)

// Where PayKeeper's API and pages are mounted. A client's own server has both
// at its root: the bill's address is https://<server>/bill/<id>/ [P].
const (
	paykeeperPath       = "/paykeeper"
	paykeeperBillPath   = paykeeperPath + "/bill/"
	paykeeperOutboxPath = paykeeperPath + "/outbox/"
	paykeeperLoginPath  = paykeeperPath + "/login/"
)

var paykeeperGateway = gateway{
	schema: paykeeperSchema,
	routes: func(s *Sandbox, mux *http.ServeMux) {
		for _, method := range paykeeperMethods {
			mux.HandleFunc(paykeeperPath+method.path+"{$}", func(w http.ResponseWriter, r *http.Request) { s.paykeeperAPI(w, r, method) })
		}
		mux.HandleFunc("GET "+paykeeperBillPath+"{id}/{$}", s.paykeeperBill)
		mux.HandleFunc("POST "+paykeeperBillPath+"{id}/{$}", s.paykeeperPay)
		mux.HandleFunc("GET "+paykeeperOutboxPath+"{$}", s.paykeeperOutbox)
		mux.HandleFunc("GET "+paykeeperLoginPath+"{$}", func(w http.ResponseWriter, _ *http.Request) {
			paykeeperLoginPage(w, http.StatusOK)
		})
	},
	environment: func(s *Sandbox, base string) []Variable {
		return []Variable{
			{"INVOICE_PAYKEEPER_BASE_URL", base + paykeeperPath},
			{"INVOICE_PAYKEEPER_LOGIN", s.options.PayKeeperLogin},
			{"INVOICE_PAYKEEPER_PASSWORD", s.options.PayKeeperPassword},
		}
	},
	overview: (*Sandbox).paykeeperOverview,
	seed:     (*Sandbox).seedPayKeeper,
	operations: []string{
		"paykeeper.token", "paykeeper.byid", "paykeeper.list", "paykeeper.listcount",
		"paykeeper.search", "paykeeper.preview", "paykeeper.send", "paykeeper.revoke",
	},
	switches: paykeeperSwitches,
}

var paykeeperSwitches = []Switch{
	textSwitch("paykeeper_login", "answer to a wrong login [P]: 401, a 303 to the login page, or that page with status 200",
		func(d *Dialect) *string { return &d.PayKeeperLogin }, "401", "303", "html"),
	textSwitch("paykeeper_token", "the token's answer: an object (SDKs [P]) or an array of one (sample [V])",
		func(d *Dialect) *string { return &d.PayKeeperToken }, "object", "array"),
	flagSwitch("paykeeper_token_kills", "fetching a token ends the one before it (one unverified claim)",
		func(d *Dialect) *bool { return &d.PayKeeperTokenKills }),
	flagSwitch("paykeeper_error_code", "errors have an error_code, as on newer servers",
		func(d *Dialect) *bool { return &d.PayKeeperErrorCode }),
	textSwitch("paykeeper_invoice_id", "invoice_id in preview's answer: a string or a number [P]",
		func(d *Dialect) *string { return &d.PayKeeperInvoiceID }, "string", "number"),
	textSwitch("paykeeper_byid", "byid answers an object (document, 3.1) or an array of one [P]",
		func(d *Dialect) *string { return &d.PayKeeperByID }, "object", "array"),
	textSwitch("paykeeper_revoked", "a revoked invoice [?]: shows as expired, or is not found",
		func(d *Dialect) *string { return &d.PayKeeperRevoked }, "expired", "missing"),
	textSwitch("paykeeper_repeated_revoke", "revoking what is revoked or expired [?]: success or an error",
		func(d *Dialect) *string { return &d.PayKeeperRepeatedRevoke }, "success", "fail"),
	textSwitch("paykeeper_search", "whether the server has search; older ones answer 404 with a page [P]",
		func(d *Dialect) *string { return &d.PayKeeperSearch }, "true", "false"),
	textSwitch("paykeeper_content_type", "label of JSON answers: text/html [P] or application/json",
		func(d *Dialect) *string { return &d.PayKeeperContentType }, "html", "json"),
	textSwitch("paykeeper_dates", "whether start_date and end_date themselves count (document, 3.2: «после», «до») [?]",
		func(d *Dialect) *string { return &d.PayKeeperDates }, "exclusive", "inclusive"),
	textSwitch("paykeeper_fullcount", "listcount's fullcount: [{\"count\":\"7\"}] [P] or 7",
		func(d *Dialect) *string { return &d.PayKeeperFullCount }, "list", "number"),
	textSwitch("paykeeper_mail", "whether send gets its mail out or answers an error (document, 3.5)",
		func(d *Dialect) *string { return &d.PayKeeperMail }, "sent", "failed"),
	textSwitch("paykeeper_amount", "amounts in answers [?]: 1500.00 or 1500",
		func(d *Dialect) *string { return &d.PayKeeperAmount }, "fixed", "plain"),
	textSwitch("paykeeper_service_name", "a service_name with a cart comes back [?]: as it was sent, as its text alone, or with the cart in a string [P]",
		func(d *Dialect) *string { return &d.PayKeeperServiceName }, "sent", "text", "string"),
	textSwitch("paykeeper_timezone", "the zone of the server's times and days [P]",
		func(d *Dialect) *string { return &d.PayKeeperTimezone }, "Europe/Moscow", "Asia/Yekaterinburg", "Asia/Vladivostok", "Europe/Kaliningrad"),
	numberSwitch("paykeeper_max_page", "the most invoices that list answers, whatever its limit [?]",
		func(d *Dialect) *int { return &d.PayKeeperMaxPage }, "100", "10"),
}
