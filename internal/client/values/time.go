package values

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ClockTolerance is how far a gateway's clock may be from ours.
const ClockTolerance = 10 * time.Minute

// Time is a date of an answer. Null, an empty text and anything that is not a date
// are the zero time: a strange date must not lose an object that was just created.
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

// IsNaive reports whether the time came without an offset, and was read as Moscow
// time.
func (t Time) IsNaive() bool { return t.Location() == Moscow }

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

// NewestFirst orders lists of a gateway by creation and then by id, so that the order
// is the same every time.
func NewestFirst(a, b Time, idA, idB ID) int {
	return cmp.Or(b.Compare(a.Time), cmp.Compare(idB, idA))
}
