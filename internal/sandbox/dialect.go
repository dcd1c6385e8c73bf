package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

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
	// PayKeeperServiceName is "sent" or "text": whether a service_name that
	// carries a cart comes back as it was sent or as its text alone [?].
	PayKeeperServiceName string
	// PayKeeperMaxPage is 100 or 10: how many invoices list answers at most,
	// whatever its limit. SDKs ask for 100; the maximum is [?].
	PayKeeperMaxPage int

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
}

// Switch describes one field of Dialect for the command line.
type Switch struct {
	// Name and Values are what ParseDialect takes; the first value is the
	// default.
	Name   string
	Values []string
	// Doc says in one sentence what it is about and how sure it is.
	Doc string

	get func(Dialect) string
	set func(*Dialect, string)
}

// Switches lists the doubtful points of all gateways.
func Switches() []Switch {
	var all []Switch
	for _, g := range gateways {
		all = append(all, g.switches...)
	}
	return all
}

// ParseDialect makes a Dialect of settings such as "ids=number". A later
// setting of the same name wins. Errors say what is allowed.
func ParseDialect(settings ...string) (Dialect, error) {
	var dialect Dialect
	switches := Switches()
	for _, setting := range settings {
		name, value, found := strings.Cut(setting, "=")
		index := slices.IndexFunc(switches, func(s Switch) bool { return s.Name == name })
		if !found || index < 0 {
			var allowed []string
			for _, s := range switches {
				allowed = append(allowed, s.Name+"="+strings.Join(s.Values, "|"))
			}
			return Dialect{}, fmt.Errorf("dialect %q: want name=value, allowed are %s", setting, strings.Join(allowed, ", "))
		}
		if s := switches[index]; !slices.Contains(s.Values, value) {
			return Dialect{}, fmt.Errorf("dialect %s=%q: allowed are %s", name, value, quoted(s.Values))
		}
		switches[index].set(&dialect, value)
	}
	return dialect.complete()
}

// Settings lists the dialect as ParseDialect takes it, every switch named.
func (d Dialect) Settings() []string {
	if complete, err := d.complete(); err == nil {
		d = complete
	}
	var settings []string
	for _, s := range Switches() {
		settings = append(settings, s.Name+"="+s.get(d))
	}
	return settings
}

// Dialect is the dialect in force, with defaults filled in.
func (s *Sandbox) Dialect() Dialect { return s.currentDialect() }

// complete fills in the defaults and refuses values that no switch allows.
func (d Dialect) complete() (Dialect, error) {
	for _, s := range Switches() {
		switch value := s.get(d); {
		case value == "":
			s.set(&d, s.Values[0])
		case !slices.Contains(s.Values, value):
			return Dialect{}, fmt.Errorf("dialect %s=%q: allowed are %s", s.Name, value, quoted(s.Values))
		}
	}
	return d, nil
}

// textSwitch is a Switch on a string field.
func textSwitch(name, doc string, field func(*Dialect) *string, values ...string) Switch {
	return Switch{Name: name, Values: values, Doc: doc,
		get: func(d Dialect) string { return *field(&d) },
		set: func(d *Dialect, value string) { *field(d) = value },
	}
}

// flagSwitch is a Switch on a bool field that is false by default.
func flagSwitch(name, doc string, field func(*Dialect) *bool) Switch {
	return Switch{Name: name, Values: []string{"false", "true"}, Doc: doc,
		get: func(d Dialect) string { return strconv.FormatBool(*field(&d)) },
		set: func(d *Dialect, value string) { *field(d) = value == "true" },
	}
}

// numberSwitch is a Switch on an int field in which 0 means the default.
func numberSwitch(name, doc string, field func(*Dialect) *int, values ...string) Switch {
	return Switch{Name: name, Values: values, Doc: doc,
		get: func(d Dialect) string {
			if *field(&d) == 0 {
				return ""
			}
			return strconv.Itoa(*field(&d))
		},
		set: func(d *Dialect, value string) { *field(d), _ = strconv.Atoi(value) },
	}
}

func quoted[T ~string](values []T) string {
	var all []string
	for _, value := range values {
		all = append(all, strconv.Quote(string(value)))
	}
	return strings.Join(all, ", ")
}
