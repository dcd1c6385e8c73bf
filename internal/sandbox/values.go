package sandbox

import (
	"bytes"
	"encoding/json"
	"net/url"
)

// Need reports whether a field of a request is required.
type Need bool

// The values of Need.
const (
	Required Need = true
	Optional Need = false
)

// JSONObject reads the fields of a JSON object. It returns nil for other JSON.
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

// OrNull is a text, a number or a document in an answer, and null if it is "".
func OrNull[T ~string | ~[]byte](value T) any {
	if len(value) == 0 {
		return nil
	}
	return value
}
