package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// PHPJSON writes JSON the way PHP's json_encode does, in ASCII and with
// escaped slashes: so do PayKeeper's servers [P], and the merchant invoices
// API in its samples. Characters beyond ASCII, and slashes, occur in JSON's
// strings only, and encoding/json escapes no slash itself.
func PHPJSON(value any) ([]byte, error) {
	var plain, escaped bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	for _, r := range strings.TrimSuffix(plain.String(), "\n") {
		switch {
		case r == '/':
			escaped.WriteString(`\/`)
		case r < utf8.RuneSelf:
			escaped.WriteRune(r)
		default:
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&escaped, `\u%04x`, unit)
			}
		}
	}
	return escaped.Bytes(), nil
}
