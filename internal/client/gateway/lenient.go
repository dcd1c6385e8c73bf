package gateway

import (
	"bytes"
	"encoding/json"
	"time"
)

// Time is a date of an answer. What is null, empty or no date at all is the
// zero time: a strange date must not lose an object that was just created.
type Time struct{ time.Time }

// UnmarshalJSON never fails.
func (t *Time) UnmarshalJSON(data []byte) error {
	*t = Time{}
	var text string
	if json.Unmarshal(data, &text) == nil {
		if parsed, err := ParseTime(text); err == nil {
			t.Time = parsed
		}
	}
	return nil
}

// IsNaive reports whether the time came without an offset, and was taken for Moscow
// time.
func (t Time) IsNaive() bool { return t.Location() == Moscow }

// Text is a field of an answer that holds a text, or sometimes something else:
// a number, or a whole object. Null is the empty text.
type Text string

// UnmarshalJSON keeps what is not a string as it stands, and never fails.
func (t *Text) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) != nil {
		// In a string, encoding/json sees to it. A state holds nothing but UTF-8.
		text = string(bytes.ToValidUTF8(data, []byte("\ufffd")))
	}
	*t = Text(text)
	return nil
}
