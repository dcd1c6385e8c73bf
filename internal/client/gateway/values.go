package gateway

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/shopspring/decimal"
)

// ClockTolerance is how far a gateway's clock may be from ours.
const ClockTolerance = 10 * time.Minute

// NewestFirst orders what gateways list, by creation and then by id, so that
// the order is the same every time.
func NewestFirst(a, b Time, idA, idB ID) int {
	return cmp.Or(b.Compare(a.Time), cmp.Compare(idB, idA))
}

// ID is an identifier that a gateway writes as a JSON string or as a JSON
// number ("id": 13, "id": "2245bf…": both stand in the Invoice guide). It is
// always sent as a string, which is the type that the guide's tables give.
type ID string

// UnmarshalJSON accepts a string, a number and null (the empty ID).
func (id *ID) UnmarshalJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	switch {
	case bytes.Equal(data, []byte("null")):
		*id = ""
		return nil
	case len(data) > 0 && data[0] == '"':
		var text string
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
		*id = ID(text)
		return nil
	}
	var number json.Number
	if err := json.Unmarshal(data, &number); err != nil {
		return fmt.Errorf("an id is neither a string nor a number: %s", excerpt(maskText(string(data), nil)))
	}
	// A large number keeps its digits: it never passes through a float.
	*id = ID(number.String())
	return nil
}

// Decimal is an amount of money, a price or a quantity: exact, never a float.
// On the wire it is a JSON number; answers may also hold it as a string.
type Decimal struct{ decimal.Decimal }

// Limits of a decimal in an answer. Without them "1e999999999", which is a
// valid JSON number, would fill the memory when it is printed.
const (
	maxDecimalLength   = 64
	maxDecimalExponent = 32
)

// ParseDecimal reads a decimal number as a gateway writes it.
func ParseDecimal(text string) (Decimal, error) {
	if len(text) > maxDecimalLength {
		return Decimal{}, fmt.Errorf("a number of %d characters", len(text))
	}
	value, err := decimal.NewFromString(text)
	if err != nil {
		return Decimal{}, fmt.Errorf("not a number: %q", text)
	}
	if exponent := value.Exponent(); exponent > maxDecimalExponent || exponent < -maxDecimalExponent {
		return Decimal{}, fmt.Errorf("a number out of range: %q", text)
	}
	return Decimal{value}, nil
}

// MarshalJSON writes a JSON number in plain notation.
func (d Decimal) MarshalJSON() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalJSON accepts a number, a string with a number in it, and an empty
// string or null, which some gateways write for "none" and which read as zero.
func (d *Decimal) UnmarshalJSON(data []byte) error {
	text := strings.TrimSpace(string(data))
	if text == "null" {
		*d = Decimal{}
		return nil
	}
	if strings.HasPrefix(text, `"`) {
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
		text = strings.TrimSpace(text)
		if text == "" {
			*d = Decimal{}
			return nil
		}
	}
	value, err := ParseDecimal(text)
	if err != nil {
		return err
	}
	*d = value
	return nil
}

// Money writes an amount as the provider's users see it: two decimals, more
// only where the gateway gave more.
func (d Decimal) Money() string {
	if -d.Exponent() > 2 && !d.Equal(d.Truncate(2)) {
		return d.String()
	}
	return d.StringFixed(2)
}

// layouts of the times that gateways write, those with an offset first.
var layouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02 15:04:05Z07:00"}

var naiveLayouts = []string{"2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02"}

// Moscow is the zone of times that come without an offset. It has been UTC+3
// without daylight saving since 2014-10-26; a fixed zone needs no tzdata.
var Moscow = time.FixedZone("MSK", 3*60*60)

// ParseTime reads a time as a gateway writes it. One without an offset is
// Moscow time; one with an offset keeps it.
func ParseTime(text string) (time.Time, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return time.Time{}, errors.New("an empty time")
	}
	for _, layout := range layouts {
		// Go also reads an offset of a day, which it refuses to write: +24:00.
		if t, err := time.Parse(layout, text); err == nil && isWritable(t) {
			return t, nil
		}
	}
	for _, layout := range naiveLayouts {
		if t, err := time.ParseInLocation(layout, text, Moscow); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("not a time: %q", text)
}

// isWritable reports whether a time can be written as RFC 3339.
func isWritable(t time.Time) bool {
	_, err := t.MarshalText()
	return err == nil
}

// excerpt is the beginning of a body, for an error message: one line, short, and
// without secrets. They are taken out first: half a secret would not be recognised
// as one.
func (a *Answer) excerpt() string {
	return excerpt(maskText(string(a.Body), a.secrets))
}

func excerpt(text string) string {
	const most = 200
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "?")), " ")
	if runes := []rune(text); len(runes) > most {
		// What a token can be made of goes with the rest: nobody may know of it.
		text = strings.TrimRightFunc(string(runes[:most]), func(r rune) bool {
			return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("+/=_-.~%", r))
		}) + "…"
	}
	return text
}
