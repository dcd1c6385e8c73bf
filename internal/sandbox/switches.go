package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

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
