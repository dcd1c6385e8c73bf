package sandbox

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Fixture is one kind of objects as /sandbox/fixtures shows and takes it: a list of
// JSON objects, whose fields are those of a Go struct.
type Fixture struct {
	name string
	rows func(*sql.Tx) ([]json.RawMessage, error)
	add  func(*sql.Tx, Execer, json.RawMessage) error
}

// NewFixture is a fixture of objects that need more than one table. all reads them,
// oldest first, and insert stores one that has all its ids.
func NewFixture[T any](name string, all func(*sql.Tx) ([]T, error), insert func(*sql.Tx, Execer, T) error) Fixture {
	read := rowReader[T]()
	return Fixture{name,
		func(tx *sql.Tx) ([]json.RawMessage, error) {
			objects, err := all(tx)
			if err != nil {
				return nil, err
			}
			return writeRows(objects)
		},
		func(tx *sql.Tx, to Execer, row json.RawMessage) error {
			object, err := read(row)
			if err != nil {
				return err
			}
			return insert(tx, to, object)
		},
	}
}

// Fixture is the fixture of a table with a column number, which orders the objects
// and which ids may follow from. It is optional in what is taken.
func (t Table[T]) Fixture(name string) Fixture {
	read := rowReader[T]()
	return Fixture{name,
		func(tx *sql.Tx) ([]json.RawMessage, error) {
			objects, err := t.Select(tx, `ORDER BY number`)
			if err != nil {
				return nil, err
			}
			numbers, err := Column[int64](tx, `SELECT number FROM `+t.Name+` ORDER BY number`)
			if err != nil {
				return nil, err
			}
			rows, err := writeRows(objects)
			for n := range rows {
				rows[n] = fmt.Appendf(nil, `{"number":%d,%s`, numbers[n], bytes.TrimPrefix(rows[n], []byte("{")))
			}
			return rows, err
		},
		func(_ *sql.Tx, to Execer, row json.RawMessage) error {
			fields := JSONObject(row)
			if fields == nil {
				return errors.New("want a JSON object")
			}
			var number *int64 // NULL takes the next one
			if sent := fields["number"]; sent != nil {
				if err := json.Unmarshal(sent, &number); err != nil {
					return fmt.Errorf("number: %w", err)
				}
				delete(fields, "number")
				row, _ = json.Marshal(fields) // what has been read can be written
			}
			object, err := read(row)
			if err != nil {
				return err
			}
			_, err = to.Exec(`INSERT INTO `+t.Name+` (number, `+t.Columns+`) VALUES (?, `+strings.TrimPrefix(t.marks(), `(`),
				append([]any{number}, t.Fields(&object)...)...)
			return err
		},
	}
}

func writeRows[T any](objects []T) ([]json.RawMessage, error) {
	rows := []json.RawMessage{}
	for _, object := range objects {
		row, err := json.Marshal(object)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// rowReader reads objects. All fields must be there that are not omitted when they
// are empty, and no others.
func rowReader[T any]() func(json.RawMessage) (T, error) {
	var empty T
	required, _ := json.Marshal(empty) // of strings, numbers and times: it cannot fail
	names := slices.Sorted(maps.Keys(JSONObject(required)))
	return func(row json.RawMessage) (object T, err error) {
		sent := JSONObject(row)
		if sent == nil {
			return object, errors.New("want a JSON object")
		}
		for _, name := range names {
			if _, is := sent[name]; !is {
				return object, fmt.Errorf("field %q is missing", name)
			}
		}
		return object, decodeStrictly(bytes.NewReader(row), &object)
	}
}

// fixturesVersion is the version of the shape that /sandbox/fixtures has.
const fixturesVersion = 1

// allFixtures are the fixtures by gateway. Those of the sandbox itself are among
// them.
func (s *Sandbox) allFixtures() map[string][]Fixture {
	all := map[string][]Fixture{
		"sandbox": append([]Fixture{NewFixture("seeded_history", seededHistory, storeSeededHistory)}, s.notificationFixtures()...),
	}
	for _, g := range s.gateways {
		all[g.Name] = g.Fixtures
	}
	return all
}

// Fixtures are all objects of all gateways, as JSON that LoadFixtures takes. Each
// object has a line of its own.
func (s *Sandbox) Fixtures() ([]byte, error) {
	var document bytes.Buffer
	fmt.Fprintf(&document, `{"version":%d`, fixturesVersion)
	all := s.allFixtures()
	err := s.Transact(func(tx *sql.Tx) error {
		for _, gateway := range slices.Sorted(maps.Keys(all)) {
			fmt.Fprintf(&document, ",\n%q:{", gateway)
			for n, f := range all[gateway] {
				rows, err := f.rows(tx)
				if err != nil {
					return fmt.Errorf("%s.%s: %w", gateway, f.name, err)
				}
				if n > 0 {
					document.WriteString(",")
				}
				fmt.Fprintf(&document, "\n%q:[", f.name)
				for m, row := range rows {
					if m > 0 {
						document.WriteString(",")
					}
					document.WriteString("\n")
					document.Write(row)
				}
				document.WriteString("]")
			}
			document.WriteString("}")
		}
		return nil
	})
	document.WriteString("}\n")
	return document.Bytes(), err
}

// LoadFixtures replaces all objects of all gateways, or none: what it does not
// understand is an error. Nobody is notified of it; deliveries that are pending
// in the document are sent. Clock, faults, journal and dialect
// stay.
func (s *Sandbox) LoadFixtures(document []byte) error {
	kinds, err := readFixtures(document)
	if err != nil {
		return err
	}
	s.moving.Lock()
	defer s.moving.Unlock()
	err = s.Transact(func(tx *sql.Tx) error {
		if err := emptyTables(tx); err != nil {
			return err
		}
		all := s.allFixtures()
		for gateway, fixtures := range all {
			if err := addRows(tx, gateway, fixtures, kinds[gateway]); err != nil {
				return err
			}
			delete(kinds, gateway)
		}
		for gateway := range kinds {
			return fmt.Errorf("%q: allowed are version, %s", gateway, Quoted(slices.Sorted(maps.Keys(all))))
		}
		return storeClock(tx, s.advanced())
	})
	if err == nil {
		s.forget()
	}
	return err
}

func readFixtures(document []byte) (map[string]map[string][]json.RawMessage, error) {
	var parts map[string]json.RawMessage
	if err := decodeStrictly(bytes.NewReader(document), &parts); err != nil {
		return nil, err
	}
	if version := string(parts["version"]); version != strconv.Itoa(fixturesVersion) {
		return nil, fmt.Errorf("version %s: want %d", version, fixturesVersion)
	}
	delete(parts, "version")
	kinds := map[string]map[string][]json.RawMessage{}
	for gateway, part := range parts {
		var of map[string][]json.RawMessage
		if err := json.Unmarshal(part, &of); err != nil {
			return nil, fmt.Errorf("%s: %w", gateway, err)
		}
		kinds[gateway] = of
	}
	return kinds, nil
}

// addRows stores the objects of a gateway.
func addRows(tx *sql.Tx, gateway string, fixtures []Fixture, kinds map[string][]json.RawMessage) error {
	var names []string
	to := Prepare(tx)
	for _, f := range fixtures {
		names = append(names, f.name)
		for n, row := range kinds[f.name] {
			if err := f.add(tx, to, row); err != nil {
				return fmt.Errorf("%s.%s[%d]: %w", gateway, f.name, n, err)
			}
		}
	}
	for name := range kinds {
		if !slices.Contains(names, name) {
			return fmt.Errorf("%s.%s: allowed are %s", gateway, name, Quoted(names))
		}
	}
	return nil
}
