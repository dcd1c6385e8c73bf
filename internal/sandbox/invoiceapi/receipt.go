package invoiceapi

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// anyObject reads an объект with any fields, and returns its JSON. PHP writes an
// empty one as a list [V].
func (o *jsonObject) anyObject(name string) string {
	if o.rules.vendor && string(o.fields[name]) == "[]" {
		return ""
	}
	if o.object(name, sandbox.Optional) == nil {
		return ""
	}
	return compactJSON(o.fields[name])
}

// receipt reads the list of goods and services, and returns its JSON: the
// fields of guide sections 7.2.3 (4.1 to 4.5) and 7.2.7 (3.1 to 3.5). The list
// is required but may be empty [P], and vendor SDKs leave it out [V]. Its sums are not compared with the amount:
// in the guide's own sample they differ.
func (o *jsonObject) receipt(name string) string {
	value := o.raw(name, codeOther, sandbox.Need(!o.rules.vendor))
	if value == nil {
		return ""
	}
	var items []json.RawMessage
	if value[0] != '[' || json.Unmarshal(value, &items) != nil {
		o.fail(codeOther, name, "Должно быть массивом объектов")
		return ""
	}
	for i, raw := range items {
		item := o.asObject(fmt.Sprintf("%s.%d", name, i), raw)
		item.text("name", codeOther, sandbox.Required, 1, 0)
		item.number("price", codeOther, sandbox.Required)
		item.discount("discount")
		item.number("resultPrice", codeOther, sandbox.Required)
		item.number("quantity", codeOther, sandbox.Required)
	}
	return compactJSON(value)
}

// discount reads a discount such as "10%". Vendor SDKs send a number [V].
func (o *jsonObject) discount(name string) {
	if value := o.raw(name, codeOther, sandbox.Optional); value != nil && o.rules.vendor && value[0] != '"' {
		o.number(name, codeOther, sandbox.Optional)
		return
	}
	o.text(name, codeOther, sandbox.Optional, 0, 0)
}

func compactJSON(raw json.RawMessage) string {
	var compact bytes.Buffer
	_ = json.Compact(&compact, raw)
	return compact.String()
}
