package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// invoiceCode is the "error" of an error body. The vendor documents all but
// invoiceOther [V].
type invoiceCode int

// invoiceOther is the sandbox's own choice for everything the vendor's codes
// do not cover: other fields, unknown payments and refunds (their description
// says «не найден»), and calls that an object's state forbids [?].
const (
	invoiceLogin       invoiceCode = 0
	invoiceCurrency    invoiceCode = 1
	invoiceAmount      invoiceCode = 2
	invoiceTerminalID  invoiceCode = 3
	invoiceMethod      invoiceCode = 4
	invoiceSuccessURL  invoiceCode = 5
	invoiceFailURL     invoiceCode = 6
	invoiceOrderID     invoiceCode = 7
	invoiceOther       invoiceCode = 8
	invoiceTerminalKey invoiceCode = 11
)

var invoiceDescriptions = map[invoiceCode]string{
	invoiceLogin:       "Неверный логин или ключ API",
	invoiceCurrency:    "Неверная валюта",
	invoiceAmount:      "Неверная сумма",
	invoiceTerminalID:  "Неверный идентификатор терминала",
	invoiceMethod:      "Неверный способ оплаты",
	invoiceSuccessURL:  "Неверный адрес страницы успешной оплаты",
	invoiceFailURL:     "Неверный адрес страницы неуспешной оплаты",
	invoiceOrderID:     "Неверный идентификатор заказа",
	invoiceOther:       "Неверные параметры запроса",
	invoiceTerminalKey: "Неверное обозначение терминала",
}

// invoiceError is an error body: what the gateway says instead of an answer.
type invoiceError struct {
	code        invoiceCode
	description string
	additions   map[string][]string
}

func (e *invoiceError) Error() string { return fmt.Sprintf("%d: %s", e.code, e.description) }

// invoiceRefuse makes an error about one field, or about none when it is "".
func invoiceRefuse(code invoiceCode, field, description string) *invoiceError {
	e := &invoiceError{code: code, description: description, additions: map[string][]string{}}
	if field != "" {
		e.additions[field] = []string{description}
	}
	return e
}

// invoiceRules checks one request. All its fields are looked at, so that the
// answer names every mistake; code and description are those of the first.
type invoiceRules struct{ failure *invoiceError }

func (r *invoiceRules) fail(code invoiceCode, field, message string) {
	if r.failure == nil {
		r.failure = &invoiceError{code: code, description: invoiceDescriptions[code], additions: map[string][]string{}}
	}
	r.failure.additions[field] = append(r.failure.additions[field], message)
}

// err is what is wrong with the request; nil if nothing is.
func (r *invoiceRules) err() error {
	if r.failure == nil {
		return nil
	}
	return r.failure
}

// invoiceObject is a JSON object of a request. Its methods read one field
// each, note what is wrong with it, and then answer a zero value. A nil object
// reads as one whose fields are all absent and need not be there: its own
// absence is the mistake, and has been noted.
type invoiceObject struct {
	rules  *invoiceRules
	path   string
	fields map[string]json.RawMessage
}

// need says whether a field must be there.
type need bool

const (
	required need = true
	optional need = false
)

func (o *invoiceObject) fail(code invoiceCode, name, message string) {
	o.rules.fail(code, o.path+name, message)
}

// raw is the field's JSON, nil if it is absent. A null counts as absent: the
// vendor's SDKs send nulls for what was not set [I].
func (o *invoiceObject) raw(name string, code invoiceCode, n need) json.RawMessage {
	if o == nil {
		return nil
	}
	value := o.fields[name]
	if len(value) > 0 && string(value) != "null" {
		return value
	}
	if n == required {
		o.fail(code, name, "Обязательное поле")
	}
	return nil
}

// text reads a символьный of shortest to longest characters; longest 0 is no
// limit.
func (o *invoiceObject) text(name string, code invoiceCode, n need, shortest, longest int) string {
	value := o.raw(name, code, n)
	if value == nil {
		return ""
	}
	if value[0] != '"' {
		o.fail(code, name, "Должно быть строкой")
		return ""
	}
	var text string
	_ = json.Unmarshal(value, &text)
	return o.length(name, code, text, shortest, longest)
}

// id reads an identifier, which may be a string or a whole number: samples of
// the guide have both (section 7.2.3, settings.terminal_id). It is never empty;
// longest 0 means no limit.
func (o *invoiceObject) id(name string, code invoiceCode, n need, longest int) string {
	value := o.raw(name, code, n)
	if value == nil {
		return ""
	}
	if value[0] != '"' {
		if strings.Trim(string(value), "0123456789") != "" {
			o.fail(code, name, "Должно быть строкой или целым числом")
			return ""
		}
		return o.length(name, code, string(value), 1, longest)
	}
	return o.text(name, code, n, 1, longest)
}

// length counts characters, as the guide does, not bytes.
func (o *invoiceObject) length(name string, code invoiceCode, text string, shortest, longest int) string {
	count := utf8.RuneCountInString(text)
	switch {
	case longest == 0 && count < shortest:
		o.fail(code, name, "Не должно быть пустым")
	case longest > 0 && (count < shortest || count > longest):
		o.fail(code, name, fmt.Sprintf("Длина должна быть от %d до %d символов", shortest, longest))
	default:
		return text
	}
	return ""
}

// oneOf reads a символьный with a list of allowed values.
func (o *invoiceObject) oneOf(name string, code invoiceCode, allowed ...string) string {
	text := o.text(name, code, optional, 0, 0)
	if o == nil || o.raw(name, code, optional) == nil || o.fields[name][0] != '"' || slices.Contains(allowed, text) {
		return text
	}
	o.fail(code, name, "Допустимые значения: "+strings.Join(allowed, ", "))
	return ""
}

// number reads a числовой, which must be a JSON number.
func (o *invoiceObject) number(name string, code invoiceCode, n need) (decimal.Decimal, bool) {
	value := o.raw(name, code, n)
	if value == nil {
		return decimal.Zero, false
	}
	if value[0] != '-' && (value[0] < '0' || value[0] > '9') {
		o.fail(code, name, "Должно быть числом")
		return decimal.Zero, false
	}
	// A number such as 1e999999999 is short to write and huge to compute.
	number, err := decimal.NewFromString(string(value))
	if err != nil || len(value) > 30 || number.Exponent() > 20 || number.Exponent() < -20 {
		o.fail(code, name, "Недопустимое число")
		return decimal.Zero, false
	}
	return number, true
}

// amount reads a sum of money: positive, in whole hundredths.
func (o *invoiceObject) amount(name string, n need) string {
	number, ok := o.number(name, invoiceAmount, n)
	switch {
	case !ok:
		return ""
	case !number.IsPositive():
		o.fail(invoiceAmount, name, "Сумма должна быть больше нуля")
	case !number.Equal(number.Truncate(2)):
		o.fail(invoiceAmount, name, "Не более двух знаков после запятой")
	default:
		return number.String()
	}
	return ""
}

// flag reads a логический.
func (o *invoiceObject) flag(name string, code invoiceCode) bool {
	switch value := string(o.raw(name, code, optional)); value {
	case "", "false":
		return false
	case "true":
		return true
	default:
		o.fail(code, name, "Должно быть true или false")
		return false
	}
}

// address reads the absolute address of a web page.
func (o *invoiceObject) address(name string, code invoiceCode) string {
	text := o.text(name, code, optional, 1, 0)
	if text == "" {
		return ""
	}
	if parsed, err := url.Parse(text); err != nil || parsed.Host == "" || (parsed.Scheme != "http" && parsed.Scheme != "https") {
		o.fail(code, name, "Должно быть адресом страницы (http или https)")
		return ""
	}
	return text
}

// object reads an объект.
func (o *invoiceObject) object(name string, n need) *invoiceObject {
	value := o.raw(name, invoiceOther, n)
	if value == nil {
		return nil
	}
	return o.asObject(name, value)
}

func (o *invoiceObject) asObject(name string, value json.RawMessage) *invoiceObject {
	object := &invoiceObject{rules: o.rules, path: o.path + name + "."}
	if value[0] != '{' || json.Unmarshal(value, &object.fields) != nil {
		o.fail(invoiceOther, name, "Должно быть объектом")
		return nil
	}
	return object
}

// anyObject reads an объект of the caller's own making, as its JSON.
func (o *invoiceObject) anyObject(name string) string {
	if o.object(name, optional) == nil {
		return ""
	}
	return compactJSON(o.fields[name])
}

// receipt reads the list of goods and services, as its JSON: the fields of
// guide sections 7.2.3 (4.1 to 4.5) and 7.2.7 (3.1 to 3.5). The list must be
// there but may be empty [P], and its sums are not compared with the amount:
// those of the guide's own sample differ.
func (o *invoiceObject) receipt(name string) string {
	value := o.raw(name, invoiceOther, required)
	if value == nil {
		return ""
	}
	var items []json.RawMessage
	if value[0] != '[' || json.Unmarshal(value, &items) != nil {
		o.fail(invoiceOther, name, "Должно быть массивом объектов")
		return ""
	}
	for i, raw := range items {
		item := o.asObject(fmt.Sprintf("%s.%d", name, i), raw)
		item.text("name", invoiceOther, required, 1, 0)
		item.number("price", invoiceOther, required)
		item.text("discount", invoiceOther, optional, 0, 0)
		item.number("resultPrice", invoiceOther, required)
		item.number("quantity", invoiceOther, required)
	}
	return compactJSON(value)
}

func compactJSON(raw json.RawMessage) string {
	var compact bytes.Buffer
	_ = json.Compact(&compact, raw)
	return compact.String()
}
