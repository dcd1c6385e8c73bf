package doctor

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

// observer keeps every attempt of the clients as it was.
type observer struct {
	mu       sync.Mutex
	attempts []transport.Attempt
}

func (o *observer) observe(a transport.Attempt) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.attempts = append(o.attempts, a)
}

// all are the attempts so far.
func (o *observer) all() []transport.Attempt {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.attempts)
}

// answered are the attempts that an answer came to, even half of one.
func (o *observer) answered() (all []transport.Attempt) {
	for _, one := range o.all() {
		if one.Response != nil {
			all = append(all, one)
		}
	}
	return all
}

// answer is an answer as it came.
type answer struct{ transport.Attempt }

func (a answer) status() int {
	if a.Response == nil {
		return 0
	}
	return a.Response.StatusCode
}

// json is the body without the white space and the byte order mark around it.
func (a answer) json() []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(a.Body), []byte("\xef\xbb\xbf")))
}

// kind is what JSON is: "object", "array", "string", "number", "bool", "null", and "" for nothing.
func kind(data []byte) string {
	data = bytes.TrimSpace(data)
	if len(data) == 0 {
		return ""
	}
	switch data[0] {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 'n':
		return "null"
	case 't', 'f':
		return "bool"
	}
	return "number"
}

// object is a JSON object whose values stay as they were written.
type object map[string]json.RawMessage

// objectIn reads an object, or a list of one.
func objectIn(data []byte) object {
	if rows := rowsIn(data); len(rows) == 1 {
		return rows[0]
	}
	var o object
	_ = json.Unmarshal(data, &o)
	return o
}

// rowsIn reads a list of objects.
func rowsIn(data []byte) []object {
	var rows []object
	_ = json.Unmarshal(data, &rows)
	return rows
}

// has reports whether there is a field, null included.
func (o object) has(name string) bool {
	_, isThere := o[name]
	return isThere
}

func (o object) kind(name string) string { return kind(o[name]) }

// text is a text, or anything else as it is written; "" for null.
func (o object) text(name string) string {
	var text string
	if json.Unmarshal(o[name], &text) == nil {
		return text
	}
	return string(o[name])
}

func (o object) inner(name string) object {
	var inner object
	_ = json.Unmarshal(o[name], &inner)
	return inner
}
