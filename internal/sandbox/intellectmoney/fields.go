package intellectmoney

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strings"
	"unicode/utf8"
)

// fields is an object of an answer, which is written as JSON or XML in this
// order. A value is a string, a bool, an int, a json.Number, nil, fields, or
// []any of these.
type fields []field

type field struct {
	name  string
	value any
}

// writeJSON writes a value as JSON in UTF-8, with no more escapes than JSON
// needs.
func writeJSON(b *bytes.Buffer, value any) {
	switch value := value.(type) {
	case fields:
		b.WriteByte('{')
		for n, f := range value {
			if n > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + f.name + `":`)
			writeJSON(b, f.value)
		}
		b.WriteByte('}')
	case []any:
		b.WriteByte('[')
		for n, one := range value {
			if n > 0 {
				b.WriteByte(',')
			}
			writeJSON(b, one)
		}
		b.WriteByte(']')
	case string:
		if !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' || r == utf8.RuneError }) {
			b.WriteString(`"` + value + `"`)
			return
		}
		encoder := json.NewEncoder(b)
		encoder.SetEscapeHTML(false)
		_ = encoder.Encode(value)       // a string cannot fail
		b.Truncate(b.Len() - len("\n")) // which Encode ends with
	case json.Number:
		b.WriteString(value.String())
	case nil:
		b.WriteString("null")
	default:
		fmt.Fprint(b, value)
	}
}

// writeXML writes a value as an element. The elements of a list are called Item
// [?]. null is left out.
func writeXML(b *bytes.Buffer, name string, value any) {
	if value == nil {
		return
	}
	b.WriteString("<" + name + ">")
	switch value := value.(type) {
	case fields:
		for _, f := range value {
			writeXML(b, f.name, f.value)
		}
	case []any:
		for _, one := range value {
			writeXML(b, "Item", one)
		}
	case string:
		_ = xml.EscapeText(b, []byte(value)) // a buffer cannot fail
	default:
		fmt.Fprint(b, value)
	}
	b.WriteString("</" + name + ">")
}
