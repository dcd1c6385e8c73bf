// Package oracle reads the gateways' answers a second time, for the clients' fuzz tests. It
// shares nothing with the clients: no types, no decimal library, no layouts of times. Two
// independent readings rarely make the same mistake.
//
// Only tests import it.
package oracle

import (
	"bytes"
	"encoding/json"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Object keeps every field of a JSON object, repeated ones too.
type Object []Field

// Field is one field of an object.
type Field struct {
	Name  string
	Value any
}

// Parse reads one whole document into Object, []any, string, json.Number, bool and nil.
func Parse(document []byte) (value any, ok bool) {
	if !json.Valid(document) {
		return nil, false
	}
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber() // a float would hide the clients' mistakes
	return next(decoder)
}

func next(decoder *json.Decoder) (value any, ok bool) {
	token, err := decoder.Token()
	if err != nil {
		return nil, false
	}
	switch token {
	case json.Delim('{'):
		object := Object{}
		for decoder.More() {
			name, err := decoder.Token()
			if err != nil {
				return nil, false
			}
			text, _ := name.(string)
			inner, ok := next(decoder)
			if !ok {
				return nil, false
			}
			object = append(object, Field{text, inner})
		}
		_, err = decoder.Token()
		return object, err == nil
	case json.Delim('['):
		list := []any{}
		for decoder.More() {
			inner, ok := next(decoder)
			if !ok {
				return nil, false
			}
			list = append(list, inner)
		}
		_, err = decoder.Token()
		return list, err == nil
	}
	return token, true
}

// Values are what a document may mean by a field. There are several when a field is repeated or
// its name comes in two spellings. A client may then take any of them.
type Values struct {
	List []any
	// Absent reports whether the field, or the object around it, may be missing.
	Absent bool
}

// At returns what stands at a path of field names.
func At(value any, path ...string) Values {
	all := Values{List: []any{value}}
	for _, name := range path {
		inner := Values{Absent: all.Absent}
		for _, one := range all.List {
			object, _ := one.(Object)
			found := false
			for _, field := range object {
				if strings.EqualFold(field.Name, name) {
					inner.List, found = append(inner.List, field.Value), true
				}
			}
			inner.Absent = inner.Absent || !found
		}
		all = inner
	}
	return all
}

// SumAt returns the amount of a sum, which is an object with an amount, or the
// amount itself.
func SumAt(value any, path ...string) Values {
	all := At(value, path...)
	sums := Values{Absent: all.Absent}
	for _, one := range all.List {
		if _, isObject := one.(Object); isObject {
			inner := At(one, "amount")
			sums.List, sums.Absent = append(sums.List, inner.List...), sums.Absent || inner.Absent
		} else {
			sums.List = append(sums.List, one)
		}
	}
	return sums
}

// Or adds what stands in another place.
func (v Values) Or(other Values) Values {
	return Values{List: slices.Concat(v.List, other.List), Absent: v.Absent && other.Absent}
}

// Listed returns the elements of a list. If the field is repeated, the last list counts.
func (v Values) Listed() []any {
	if len(v.List) == 0 {
		return nil
	}
	list, _ := v.List[len(v.List)-1].([]any)
	return list
}

// Is reports whether at least one of the values can be read in this way, and whether
// all of them must be.
func (v Values) Is(like func(any) bool) (may, must bool) {
	must = !v.Absent && len(v.List) > 0
	for _, one := range v.List {
		may, must = may || like(one), must && like(one)
	}
	return may, must
}

var (
	number      = regexp.MustCompile(`^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE]([+-]?[0-9]+))?$`)
	plainNumber = regexp.MustCompile(`^-?[0-9]{1,20}(?:\.[0-9]{1,10})?$`)
)

// Number is the exact number that a text writes.
func Number(text string) (*big.Rat, bool) {
	// U+2212 is a minus sign too.
	text = strings.ReplaceAll(strings.TrimSpace(text), "\u2212", "-")
	part := number.FindStringSubmatch(text)
	if part == nil {
		return nil, false
	}
	if part[1] != "" {
		if exponent, err := strconv.Atoi(part[1]); err != nil || exponent > 1000 || exponent < -1000 {
			return nil, false // nobody accepts it, and writing it out would take forever
		}
	}
	return new(big.Rat).SetString(text)
}

// textOf is the text of a number or a string.
func textOf(value any) (text string, ok bool) {
	switch v := value.(type) {
	case json.Number:
		return v.String(), true
	case string:
		return v, true
	}
	return "", false
}

// Amount is what a client made of a number.
type Amount interface {
	String() string
	Money() string
}

// maxLength is the maximum length of an amount: 64 digits, 32 zeros behind them, a sign, a
// point and two decimals.
const maxLength = 110

// Nothing is a way to give no amount.
type Nothing int

// The field is left out, null or an empty text.
const (
	Missing Nothing = iota
	Null
	Blank
)

func (v Values) may(nothing Nothing) bool {
	switch nothing {
	case Missing:
		return v.Absent
	case Null:
		return slices.Contains(v.List, nil)
	case Blank:
		may, _ := v.Is(func(one any) bool {
			text, isText := one.(string)
			return isText && strings.TrimSpace(text) == ""
		})
		return may
	}
	return false
}

// CheckAmount fails unless an amount is exactly a number of the document. zeroFor lists the
// kinds of nothing that a client reads as zero. Others are nil.
func (v Values) CheckAmount(t *testing.T, name string, got Amount, zeroFor ...Nothing) {
	t.Helper()
	isPlain := func(one any) bool { text, ok := textOf(one); return ok && plainNumber.MatchString(text) }
	if got == nil {
		v.check(t, name, got, true, isPlain, isPlain)
		return
	}
	written := got.String()
	if len(written) > maxLength || len(got.Money()) > maxLength {
		t.Fatalf("%s: an amount of %d characters", name, len(written))
	}
	value, ok := Number(written)
	money, okMoney := Number(got.Money())
	if !ok || !okMoney || value.Cmp(money) != 0 || strings.ContainsAny(written+got.Money(), "eE") {
		t.Errorf("%s: written as %s and as %s", name, written, got.Money())
		return
	}
	if value.Sign() == 0 && slices.ContainsFunc(zeroFor, v.may) {
		return
	}
	v.check(t, name, written, false, isPlain, func(one any) bool {
		text, _ := textOf(one)
		stands, ok := Number(text)
		return ok && stands.Cmp(value) == 0
	})
}

// check fails if the document has a value that is lost, or lacks one that is there.
func (v Values) check(t *testing.T, name string, got any, isNone bool, isSome, isGot func(any) bool) {
	t.Helper()
	_, must := v.Is(isSome)
	may, _ := v.Is(isGot)
	switch {
	case isNone && must:
		t.Errorf("%s: it is lost: %v", name, v.List)
	case !isNone && !may:
		t.Errorf("%s: %v where the document has %v (absent: %t)", name, got, v.List, v.Absent)
	}
}

// CheckID fails unless an id stands in the document, with all its digits.
func (v Values) CheckID(t *testing.T, name, got string) {
	t.Helper()
	v.check(t, name, got, got == "",
		func(one any) bool { text, _ := textOf(one); return text != "" },
		func(one any) bool { text, ok := textOf(one); return ok && text == got })
}

// CheckText fails unless a text stands in the document. Anything but a string may be read in
// any way.
func (v Values) CheckText(t *testing.T, name, got string) {
	t.Helper()
	if strings.ToValidUTF8(got, "") != got {
		t.Errorf("%s: %q is not UTF-8, which no state can hold", name, got)
	}
	if slices.ContainsFunc(v.List, func(one any) bool { _, isText := one.(string); return !isText && one != nil }) {
		return
	}
	may, _ := v.Is(func(one any) bool { return one == got })
	none, _ := v.Is(func(one any) bool { return one == nil })
	if !may && (got != "" || !none && !v.Absent) {
		t.Errorf("%s: %q where the document has %q", name, got, v.List)
	}
}

// CheckTime fails unless a time is one that the document writes. The zero time means none.
func (v Values) CheckTime(t *testing.T, name string, got time.Time) {
	t.Helper()
	read := func(one any) (time.Time, bool) { text, _ := one.(string); return Time(text) }
	v.check(t, name, got, got.IsZero(),
		func(one any) bool { stands, ok := read(one); return ok && !stands.IsZero() },
		func(one any) bool { stands, ok := read(one); return ok && stands.Equal(got) })
}

var written = regexp.MustCompile(`^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:(?:T| +)([0-9]{1,2}:[0-9]{2}:[0-9]{2})(?:[.,]([0-9]+))?(?:(Z)|([+-])([0-9]{2}):?([0-9]{2}))?)?$`)

// Time reads a time in any of the gateways' layouts. A time without an offset is Moscow's,
// three hours before UTC.
func Time(text string) (moment time.Time, ok bool) {
	part := written.FindStringSubmatch(strings.TrimSpace(text))
	if part == nil {
		return time.Time{}, false
	}
	var numbers [6]int
	for i, digits := range strings.FieldsFunc(part[1]+":"+part[2], func(r rune) bool { return r == '-' || r == ':' }) {
		numbers[i], _ = strconv.Atoi(digits)
	}
	nanoseconds, _ := strconv.Atoi((part[3] + "000000000")[:9])
	offset := 3 * time.Hour
	switch {
	case part[4] == "Z":
		offset = 0
	case part[5] != "":
		hours, _ := strconv.Atoi(part[6])
		minutes, _ := strconv.Atoi(part[7])
		offset = time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
		if minutes > 60 || offset >= 24*time.Hour {
			return time.Time{}, false // 60 minutes are an hour, as in Go
		}
		if part[5] == "-" {
			offset = -offset
		}
	}
	moment = time.Date(numbers[0], time.Month(numbers[1]), numbers[2], numbers[3], numbers[4], numbers[5], nanoseconds, time.UTC)
	// The 30th of February would become another day.
	if moment.Month() != time.Month(numbers[1]) || moment.Day() != numbers[2] || moment.Hour() != numbers[3] || moment.Minute() != numbers[4] || moment.Second() != numbers[5] {
		return time.Time{}, false
	}
	return moment.Add(-offset), true
}
