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
// number (the guide of Invoice API has "id": 13 and "id": "2245bf…"). It is always
// sent as a string, which is its type in the guide's tables.
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

// SameID reports whether two ids are equal, spelling aside. An empty id differs from
// every other.
func SameID(a, b string) bool { return PlainID(a) == PlainID(b) }

// PlainID writes an id in one spelling: scripts turn "007" into 7, and databases fold
// case and trim blanks.
func PlainID(id string) string {
	id = strings.ToLower(strings.TrimSpace(id))
	if plain := strings.TrimLeft(id, "0"); plain != "" || id == "" {
		return plain
	}
	return "0"
}
