package values

import (
	"bytes"
	"encoding/json"
)

// Text is a field of an answer that is a text, or sometimes a number or a whole
// object. Null is the empty text.
type Text string

// UnmarshalJSON keeps anything but a string as it is written. It never fails.
func (t *Text) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) != nil {
		// A state must be UTF-8. For strings, encoding/json takes care of that.
		text = string(bytes.ToValidUTF8(data, []byte("\ufffd")))
	}
	*t = Text(text)
	return nil
}
