package paykeeper

import (
	"bytes"
	"encoding/json"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// ServiceName is what travels in the field service_name (section 3.4): a name, and
// whatever else a JSON document in its place can hold.
type ServiceName struct {
	Name      string
	Cart      Cart
	Language  string // of the page to pay on: ru or en
	ResultURL string // where the payer is sent from that page
}

// serviceName is the document. The last two keys are of public clients.
type serviceName struct {
	Name      *values.Text `json:"service_name"`
	Cart      Cart         `json:"cart,omitempty"`
	Language  values.Text  `json:"lang,omitempty"`
	ResultURL values.Text  `json:"user_result_callback,omitempty"`
}

// isName reports whether there is nothing but a name.
func (s ServiceName) isName() bool {
	return len(s.Cart) == 0 && s.Language == "" && s.ResultURL == ""
}

// equal compares what was sent with what is shown. A server may keep the language and the
// address to itself.
func (s ServiceName) equal(other ServiceName) bool {
	return s.Name == other.Name && s.Cart.equal(other.Cart) &&
		isSameIfShown(values.Text(s.Language), values.Text(other.Language)) && isSameIfShown(values.Text(s.ResultURL), values.Text(other.ResultURL))
}

// Format makes the value of the field: the name alone, or a JSON document.
func (s ServiceName) Format() (string, error) {
	if s.isName() {
		return s.Name, nil
	}
	name := values.Text(s.Name)
	return plainJSON(serviceName{&name, s.Cart, values.Text(s.Language), values.Text(s.ResultURL)})
}

// ParseServiceName takes the value of the field apart. Anything but a document with a name
// and something else is a name.
func ParseServiceName(value string) ServiceName {
	var wire serviceName
	if json.Unmarshal([]byte(value), &wire) != nil || wire.Name == nil {
		return ServiceName{Name: value}
	}
	read := ServiceName{Name: string(*wire.Name), Cart: wire.Cart, Language: string(wire.Language), ResultURL: string(wire.ResultURL)}
	if read.isName() {
		return ServiceName{Name: value}
	}
	return read
}

// plainJSON writes a document that is shown to people, so "<" stays what it is.
func plainJSON(document any) (string, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(document); err != nil {
		return "", err
	}
	return string(bytes.TrimSpace(b.Bytes())), nil
}
