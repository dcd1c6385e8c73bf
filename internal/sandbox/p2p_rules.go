package sandbox

import (
	"bytes"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"

	"github.com/shopspring/decimal"
)

// p2pObject is a JSON object of a request. Its methods read one field each,
// note what is wrong with it, and then answer a zero value, so that the answer
// names every mistake.
type p2pObject struct {
	path     string
	fields   map[string]json.RawMessage
	messages *[]string
}

func (c *p2pCall) object() (*p2pObject, error) {
	o := &p2pObject{messages: new([]string)}
	if body := bytes.TrimSpace(c.body); len(body) == 0 || body[0] != '{' || json.Unmarshal(body, &o.fields) != nil {
		return nil, p2pRefuse("Тело запроса должно быть JSON-объектом")
	}
	return o, nil
}

func (o *p2pObject) fail(name, message string) {
	*o.messages = append(*o.messages, o.path+name+": "+message)
}

// err is what is wrong with the request; nil if nothing is.
func (o *p2pObject) err() error {
	if len(*o.messages) == 0 {
		return nil
	}
	return p2pRefuse(*o.messages...)
}

// raw is the field's JSON, nil if it is absent or null, as paymentOption is in
// the document's sample request.
func (o *p2pObject) raw(name string, n need) json.RawMessage {
	value := o.fields[name]
	if len(value) > 0 && string(value) != "null" {
		return value
	}
	if n == required {
		o.fail(name, "обязательное поле")
	}
	return nil
}

// text reads a string that is not empty.
func (o *p2pObject) text(name string, n need) string {
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

func (o *p2pObject) oneOf(name string, allowed ...string) string {
	text := o.text(name, required)
	if text != "" && !slices.Contains(allowed, text) {
		o.fail(name, "допустимые значения: "+quoted(allowed))
		return ""
	}
	return text
}

// p2pAmount bounds an amount's length and wants a point before its decimals.
var p2pAmount = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,2})?$`)

// amount reads a string such as "2000.00": positive, in whole hundredths.
func (o *p2pObject) amount(name string, n need) (amount decimal.Decimal, ok bool) {
	text := o.text(name, n)
	if text == "" {
		return decimal.Zero, false
	}
	amount, err := decimal.NewFromString(text)
	if err != nil || !p2pAmount.MatchString(text) || !amount.IsPositive() {
		o.fail(name, "должно быть положительной суммой, пример: 2000.00")
		return decimal.Zero, false
	}
	return amount, true
}

func (o *p2pObject) flag(name string) bool {
	value := o.raw(name, optional)
	var flag bool
	if value != nil && json.Unmarshal(value, &flag) != nil {
		o.fail(name, "должно быть true или false")
	}
	return flag
}

var p2pCurrency = regexp.MustCompile(`^[A-Z]{3,5}$`)

// currency reads a code such as RUB.
func (o *p2pObject) currency(name string, n need) string {
	text := o.text(name, n)
	if text != "" && !p2pCurrency.MatchString(text) {
		o.fail(name, "должно быть кодом валюты, пример: RUB")
	}
	return text
}

// address reads the absolute address of a page.
func (o *p2pObject) address(name string, n need) string {
	text := o.text(name, n)
	parsed, err := url.Parse(text)
	if text != "" && (err != nil || parsed.Host == "" || (parsed.Scheme != "http" && parsed.Scheme != "https")) {
		o.fail(name, "должно быть адресом (http или https)")
	}
	return text
}

// requisites reads a RequisitesDTO. The document shows its fields in deals
// only; that holder may be left out is [I].
func (o *p2pObject) requisites(name string) *P2PRequisites {
	value := o.raw(name, optional)
	if value == nil {
		return nil
	}
	inner := &p2pObject{path: o.path + name + ".", messages: o.messages}
	if json.Unmarshal(value, &inner.fields) != nil {
		o.fail(name, "должно быть объектом")
		return nil
	}
	return &P2PRequisites{Requisites: inner.text("requisites", required), Holder: inner.text("holder", optional)}
}

// invoice reads the fields of the document's table «Параметры запроса».
func (o *p2pObject) invoice() (P2PInvoice, error) {
	i := P2PInvoice{
		Type:                o.oneOf("type", "in", "out"),
		Currency:            o.currency("currency", required),
		NotificationURL:     o.address("notificationUrl", required),
		NotificationToken:   o.text("notificationToken", required),
		InternalID:          o.text("internalId", optional),
		UserID:              o.text("userId", optional),
		PaymentOption:       o.text("paymentOption", need(o.isPayout())),
		PaymentMethod:       o.text("paymentMethod", need(o.isPayout())),
		PaymentRequisites:   o.requisites("paymentRequisites"),
		StartDeal:           o.flag("startDeal"),
		CrossBorderCurrency: o.currency("crossBorderCurrency", optional),
		AllowMatching:       o.flag("allowMatching"),
	}
	if i.Type == "out" {
		o.raw("paymentRequisites", required)
		if i.StartDeal {
			o.fail("startDeal", "только для типа in")
		}
	}
	amount, ok := o.amount("amount", required)
	i.RequestedAmount = amount.StringFixed(2)
	if highest, sent := o.amount("maxAmount", optional); sent {
		i.MaxAmount = highest.StringFixed(2)
		if ok && highest.LessThan(amount) {
			o.fail("maxAmount", "не может быть меньше amount")
		}
	}
	return i, o.err()
}

func (o *p2pObject) isPayout() bool { return string(o.fields["type"]) == `"out"` }
