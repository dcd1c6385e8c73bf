package sandbox

import (
	"bytes"
	"encoding/json"
	"net/url"
)

// Need says whether a field of a request must be there.
type Need bool

// A field is one or the other.
const (
	Required Need = true
	Optional Need = false
)

// JSONObject reads the fields of an object, nil if it is none.
func JSONObject(text []byte) (fields map[string]json.RawMessage) {
	if !bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) || json.Unmarshal(text, &fields) != nil {
		return nil
	}
	return fields
}

// IsPageAddress reports whether text is the absolute address of a web page.
func IsPageAddress(text string) bool {
	parsed, err := url.Parse(text)
	return err == nil && parsed.Host != "" && (parsed.Scheme == "http" || parsed.Scheme == "https")
}

// OrNull is a text in an answer, null if it is "".
func OrNull(value string) any {
	if value == "" {
		return nil
	}
	return value
}
