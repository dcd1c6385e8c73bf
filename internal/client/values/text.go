package values

import (
	"bytes"
	"encoding/json"
)

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
