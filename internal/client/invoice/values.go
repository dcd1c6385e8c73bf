package invoice

import (
	"encoding/json"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/gateway"
)

// Time is a date of an answer. What is null, empty or no date at all is the
// zero time: a strange date must not lose a payment that was just created.
type Time struct {
	time.Time
	// naive: it came without an offset, and was taken for Moscow time.
	naive bool
}

// UnmarshalJSON never fails.
func (t *Time) UnmarshalJSON(data []byte) error {
	*t = Time{}
	var text string
	if json.Unmarshal(data, &text) == nil {
		if parsed, err := gateway.ParseTime(text); err == nil {
			*t = Time{Time: parsed, naive: parsed.Location() == gateway.Moscow}
		}
	}
	return nil
}

// Text is a field that holds a text, or sometimes something else: the decline
// code of section 9.2 is shown as a list, [2, 51].
type Text string

// UnmarshalJSON keeps what is not a string as it stands; null is none.
func (t *Text) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) != nil {
		text = string(data)
	}
	*t = Text(text)
	return nil
}
