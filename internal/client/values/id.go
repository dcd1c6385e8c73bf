// Package values reads what gateways write in more than one way: ids, decimals, times,
// currencies and texts. What is sent is always written in one way.
package values

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/mask"
)

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
		return fmt.Errorf("an id is neither a string nor a number: %s", mask.Excerpt(string(data), nil))
	}
	// A large number keeps its digits: it never passes through a float.
	*id = ID(number.String())
	return nil
}

// SameID reports whether two ids differ in spelling alone, if at all. No id is not
// the same as an id.
func SameID(a, b string) bool { return PlainID(a) == PlainID(b) }

// PlainID is one spelling of an id: scripts make 7 of "007", and databases fold case
// and blanks.
func PlainID(id string) string {
	id = strings.ToLower(strings.TrimSpace(id))
	if plain := strings.TrimLeft(id, "0"); plain != "" || id == "" {
		return plain
	}
	return "0"
}
