package p2p

import (
	"encoding/json"
	"regexp"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// jsonObject is a JSON object of a request. Its methods read one field each.
// They record a mistake and then return a zero value, so that the answer names
// all mistakes.
type jsonObject struct {
	// clients reports whether what public clients send passes, too.
	clients  bool
	path     string
	fields   map[string]json.RawMessage
	messages *[]string
}

func (c *call) object() (*jsonObject, error) {
	o := &jsonObject{clients: c.Is(checks, "clients"), messages: new([]string)}
	if o.fields = sandbox.JSONObject(c.body); o.fields == nil {
		return nil, refuse("Тело запроса должно быть JSON-объектом")
	}
	return o, nil
}

func (o *jsonObject) fail(name, message string) {
	*o.messages = append(*o.messages, o.path+name+": "+message)
}

// err is the error of the request, and nil if it has no mistakes.
func (o *jsonObject) err() error {
	if len(*o.messages) == 0 {
		return nil
	}
	return refuse(*o.messages...)
}

// raw is the JSON of a field, and nil if the field is absent or null, as
// paymentOption is in the document's sample. Public clients send "" [P].
func (o *jsonObject) raw(name string, n sandbox.Need) json.RawMessage {
	value := o.fields[name]
	if len(value) > 0 && string(value) != "null" && (string(value) != `""` || !o.clients) {
		return value
	}
	if n == sandbox.Required {
		o.fail(name, "обязательное поле")
	}
	return nil
}

// text reads a string that is not empty.
func (o *jsonObject) text(name string, n sandbox.Need) string {
	value := o.raw(name, n)
	var text string
	switch {
	case value == nil:
	case json.Unmarshal(value, &text) != nil:
		o.fail(name, "должно быть строкой")
	case text == "":
		o.fail(name, "не должно быть пустым")
	}
	return text
}

func (o *jsonObject) oneOf(name string, allowed ...string) string {
	text := o.text(name, sandbox.Required)
	if text != "" && !slices.Contains(allowed, text) {
		o.fail(name, "допустимые значения: "+sandbox.Quoted(allowed))
		return ""
	}
	return text
}

// amountPattern limits the length of an amount, and wants a decimal point.
var amountPattern = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,2})?$`)

// amount reads a string such as "2000.00". It is positive and in whole
// hundredths.
func (o *jsonObject) amount(name string, n sandbox.Need) (amount decimal.Decimal, ok bool) {
	text := o.text(name, n)
	if text == "" {
		return decimal.Zero, false
	}
	amount, err := decimal.NewFromString(text)
	if err != nil || !amountPattern.MatchString(text) || !amount.IsPositive() {
		o.fail(name, "должно быть положительной суммой, пример: 2000.00")
		return decimal.Zero, false
	}
	return amount, true
}

func (o *jsonObject) flag(name string) bool {
	value := o.raw(name, sandbox.Optional)
	var flag bool
	if value != nil && json.Unmarshal(value, &flag) != nil {
		o.fail(name, "должно быть true или false")
	}
	return flag
}

var currencyPattern = regexp.MustCompile(`^[A-Z]{3,5}$`)

// currency reads a code such as RUB.
func (o *jsonObject) currency(name string, n sandbox.Need) string {
	text := o.text(name, n)
	if text != "" && !currencyPattern.MatchString(text) {
		o.fail(name, "должно быть кодом валюты, пример: RUB")
	}
	return text
}

// address reads the absolute address of a page.
func (o *jsonObject) address(name string, n sandbox.Need) string {
	text := o.text(name, n)
	if text != "" && !sandbox.IsPageAddress(text) {
		o.fail(name, "должно быть адресом (http или https)")
	}
	return text
}

// requisites reads a RequisitesDTO. The document shows its fields in deals
// only. That holder may be left out is [I].
func (o *jsonObject) requisites(name string) *Requisites {
	value := o.raw(name, sandbox.Optional)
	if value == nil {
		return nil
	}
	inner := &jsonObject{clients: o.clients, path: o.path + name + ".", messages: o.messages}
	if json.Unmarshal(value, &inner.fields) != nil {
		o.fail(name, "должно быть объектом")
		return nil
	}
	return &Requisites{Requisites: inner.text("requisites", sandbox.Required), Holder: inner.text("holder", sandbox.Optional)}
}

// invoice reads the fields of the document's table «Параметры запроса», and those
// that clients know beyond [V].
func (o *jsonObject) invoice() (Invoice, error) {
	i := Invoice{
		Type:                o.oneOf("type", "in", "out"),
		Currency:            o.currency("currency", sandbox.Required),
		NotificationURL:     o.address("notificationUrl", sandbox.Need(!o.clients)),
		NotificationToken:   o.text("notificationToken", sandbox.Need(!o.clients)),
		InternalID:          o.text("internalId", sandbox.Optional),
		UserID:              o.text("userId", sandbox.Optional),
		PaymentOption:       o.text("paymentOption", sandbox.Need(o.isPayout())),
		PaymentMethod:       o.text("paymentMethod", sandbox.Need(o.isPayout())),
		PaymentRequisites:   o.requisites("paymentRequisites"),
		StartDeal:           o.flag("startDeal"),
		CrossBorderCurrency: o.currency("crossBorderCurrency", sandbox.Optional),
		AllowMatching:       o.flag("allowMatching"),

		StrictlySingleTransfer:   o.flag("strictlySingleTransfer"),
		CrossBorderRequisiteType: o.text("crossBorderRequisiteType", sandbox.Optional),
		SuccessURL:               o.address("successUrl", sandbox.Optional),
		CancelURL:                o.address("cancelUrl", sandbox.Optional),
	}
	if i.Type == "out" {
		o.raw("paymentRequisites", sandbox.Required)
		if i.StartDeal {
			o.fail("startDeal", "только для типа in")
		}
	}
	amount, ok := o.amount("amount", sandbox.Required)
	i.RequestedAmount = amount.StringFixed(2)
	if highest, sent := o.amount("maxAmount", sandbox.Optional); sent {
		i.MaxAmount = highest.StringFixed(2)
		if ok && highest.LessThan(amount) {
			o.fail("maxAmount", "не может быть меньше amount")
		}
	}
	return i, o.err()
}

func (o *jsonObject) isPayout() bool { return string(o.fields["type"]) == `"out"` }
