package invoiceapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// Difference is one field in which the gateway's object differs from the request.
// Field is the name of the provider's attribute.
type Difference struct {
	Field     string
	Want, Got string
	// Rewritable marks a field that the gateway is known to rewrite: a
	// difference there does not make it another object.
	Rewritable bool
}

func (d Difference) String() string {
	return fmt.Sprintf("%s: %s is wanted, the gateway has %s", d.Field, orNone(d.Want), orNone(d.Got))
}

func orNone(value string) string {
	if value == "" {
		return "none"
	}
	return fmt.Sprintf("%q", value)
}

// Differences is a list of differences.
type Differences []Difference

// Hard leaves out what the gateway is known to rewrite.
func (d Differences) Hard() Differences {
	var hard Differences
	for _, one := range d {
		if !one.Rewritable {
			hard = append(hard, one)
		}
	}
	return hard
}

// String names every difference.
func (d Differences) String() string {
	lines := make([]string, len(d))
	for i, one := range d {
		lines[i] = one.String()
	}
	return strings.Join(lines, "; ")
}

// asError returns nil where there is no difference.
func (d Differences) asError() error {
	if len(d) == 0 {
		return nil
	}
	return errors.New(d.String())
}

func (d *Differences) text(field, want, got string) {
	if want != got {
		*d = append(*d, Difference{Field: field, Want: want, Got: got})
	}
}

// spelled compares values that a gateway may spell in another way.
func (d *Differences) spelled(field, want, got string, same func(a, b string) bool) {
	if !same(want, got) {
		d.text(field, want, got)
	}
}

func (d *Differences) decimal(field string, want, got *values.Decimal) {
	zero := &values.Decimal{}
	w, g := want, got
	if w == nil {
		w = zero
	}
	if g == nil {
		g = zero
	}
	if !w.Equal(g.Decimal) {
		*d = append(*d, Difference{Field: field, Want: money(want), Got: money(got)})
	}
}

func money(value *values.Decimal) string {
	if value == nil || value.IsZero() {
		return ""
	}
	return value.Money()
}

// sameJSON compares documents by value, the order of fields and spaces aside. None,
// null, {} and PHP's [] are all equal.
func sameJSON(a, b json.RawMessage) bool {
	left, leftEmpty := jsonValue(a)
	right, rightEmpty := jsonValue(b)
	if leftEmpty || rightEmpty {
		return leftEmpty == rightEmpty
	}
	return reflect.DeepEqual(oneSpelling(left), oneSpelling(right))
}

// oneSpelling writes every number in one way: PHP gives 10.50 back as 10.5.
func oneSpelling(value any) any {
	switch v := value.(type) {
	case json.Number:
		if number, err := values.ParseDecimal(v.String()); err == nil {
			return json.Number(number.String())
		}
	case map[string]any:
		for name := range v {
			v[name] = oneSpelling(v[name])
		}
	case []any:
		for i := range v {
			v[i] = oneSpelling(v[i])
		}
	}
	return value
}

func jsonValue(document json.RawMessage) (value any, empty bool) {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber() // a float would lose digits of long numbers
	if decoder.Decode(&value) != nil {
		return nil, true
	}
	switch v := value.(type) {
	case nil:
		return nil, true
	case map[string]any:
		return v, len(v) == 0
	case []any:
		return v, len(v) == 0
	}
	return value, false
}
