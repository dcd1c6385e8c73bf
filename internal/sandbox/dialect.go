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
