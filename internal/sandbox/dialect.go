package sandbox

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Dialect picks a reading of every point on which the documents are silent,
// contradict each other, or are contradicted by client code. It has values by the
// names of switches. A switch that it does not name has the default.
//
// Marks: [V] a vendor's page or SDK, [P] public client code relies on it, [I]
// inferred, [?] looked for and not found.
type Dialect map[string]string

// Switch is one doubtful point of a gateway.
type Switch struct {
	// Name and Values are what Parse takes. The first value is the default.
	Name   string
	Values []string
	// Doc says in one sentence what it is about and how sure it is. pages/switches.ru.json
	// of the gateway says it in Russian.
	Doc string
}

// Switches are the doubtful points of one gateway or of several.
type Switches []*Switch

// Add adds a switch and returns it. Its values are separated by "|".
func (all *Switches) Add(name, values, doc string) *Switch {
	added := &Switch{Name: name, Values: strings.Split(values, "|"), Doc: doc}
	*all = append(*all, added)
	return added
}

// Parse makes a Dialect of settings such as "ids=number". A later setting of
// the same name wins. Errors say what is allowed.
func (all Switches) Parse(settings ...string) (Dialect, error) {
	dialect := Dialect{}
	for _, setting := range settings {
		name, value, found := strings.Cut(setting, "=")
		index := slices.IndexFunc(all, func(s *Switch) bool { return s.Name == name })
		if !found || index < 0 {
			var allowed []string
			for _, s := range all {
				allowed = append(allowed, s.Name+"="+strings.Join(s.Values, "|"))
			}
			return nil, fmt.Errorf("dialect %q: want name=value, allowed are %s", setting, strings.Join(allowed, ", "))
		}
		if err := all[index].check(value); err != nil {
			return nil, err
		}
		dialect[name] = value
	}
	return all.complete(dialect)
}

func (s *Switch) check(value string) error {
	if slices.Contains(s.Values, value) {
		return nil
	}
	return fmt.Errorf("dialect %s=%q: allowed are %s", s.Name, value, Quoted(s.Values))
}

// complete fills in the defaults. It refuses unknown switches and values.
func (all Switches) complete(sent Dialect) (Dialect, error) {
	for name := range sent {
		if !slices.ContainsFunc(all, func(s *Switch) bool { return s.Name == name }) {
			return nil, fmt.Errorf("dialect %s: there is no such switch", name)
		}
	}
	dialect := Dialect{}
	for _, s := range all {
		value := cmp.Or(sent[s.Name], s.Values[0])
		if err := s.check(value); err != nil {
			return nil, err
		}
		dialect[s.Name] = value
	}
	return dialect, nil
}

// Settings lists what a dialect changes, as Parse takes it.
func (all Switches) Settings(dialect Dialect) []string {
	var settings []string
	for _, s := range all {
		if dialect[s.Name] != s.Values[0] {
			settings = append(settings, s.Name+"="+dialect[s.Name])
		}
	}
	return settings
}

func (s *Sandbox) switches() Switches {
	var all Switches
	for _, g := range s.gateways {
		all = append(all, g.Switches...)
	}
	return all
}

// SetDialect changes the dialect. It panics on an unknown switch or value, which
// is a mistake of the calling test.
func (s *Sandbox) SetDialect(dialect Dialect) {
	complete, err := s.switches().complete(dialect)
	if err != nil {
		panic(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dialect = complete
}

// Dialect is the dialect in force, with all defaults. The caller must not change
// it.
func (s *Sandbox) Dialect() Dialect {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dialect
}

// Value is the value of a switch.
func (s *Sandbox) Value(of *Switch) string { return s.Dialect()[of.Name] }

// Number is the value of a switch that has numbers.
func (s *Sandbox) Number(of *Switch) int {
	number, err := strconv.Atoi(s.Value(of))
	if err != nil {
		panic(err)
	}
	return number
}

// Is reports whether a switch has this value. It panics on a value that the switch
// does not know, which is a mistake of the calling gateway.
func (s *Sandbox) Is(of *Switch, value string) bool {
	if err := of.check(value); err != nil {
		panic(err)
	}
	return s.Value(of) == value
}

// Quoted lists values for a message.
func Quoted[T ~string](values []T) string {
	var all []string
	for _, value := range values {
		all = append(all, strconv.Quote(string(value)))
	}
	return strings.Join(all, ", ")
}
