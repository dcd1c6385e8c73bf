package values

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// Decimal is an amount of money, a price or a quantity: exact, never a float.
// It is sent as a JSON number; answers may also write it as a string.
type Decimal struct{ decimal.Decimal }

// Limits of a decimal in an answer. Without them "1e999999999", a valid JSON number,
// would fill the memory when it is printed.
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

// ReadDecimal reads a number, or a string that contains one. It returns nil for null,
// an empty text and anything else: no amount is not zero.
func ReadDecimal(data json.RawMessage) *Decimal {
	var text Text
	if len(data) == 0 || json.Unmarshal(data, &text) != nil {
		return nil
	}
	value, err := ParseDecimal(strings.TrimSpace(string(text)))
	if err != nil {
		return nil
	}
	return &value
}

// MarshalJSON writes a JSON number in plain notation.
func (d Decimal) MarshalJSON() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalJSON reads a number, or a string that contains one. Null and an empty
// string, which some gateways write for "none", are zero.
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

// Money writes an amount as users see it: with two decimals, or with more if the
// gateway gave more.
func (d Decimal) Money() string {
	if -d.Exponent() > 2 && !d.Equal(d.Truncate(2)) {
		return d.String()
	}
	return d.StringFixed(2)
}
