package invoiceapi

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// errorCode is the "error" of an error body. The vendor documents all but
// codeOther [V].
type errorCode int

// codeOther is the sandbox's own choice for all that the vendor's codes do not
// cover: other fields, unknown payments and refunds (the description says «не
// найден»), and calls that the state of an object forbids [?].
const (
	codeLogin       errorCode = 0
	codeCurrency    errorCode = 1
	codeAmount      errorCode = 2
	codeTerminalID  errorCode = 3
	codeMethod      errorCode = 4
	codeSuccessURL  errorCode = 5
	codeFailURL     errorCode = 6
	codeOrderID     errorCode = 7
	codeOther       errorCode = 8
	codeTerminalKey errorCode = 11
)

var descriptions = map[errorCode]string{
	codeLogin:       "Неверный логин или ключ API",
	codeCurrency:    "Неверная валюта",
	codeAmount:      "Неверная сумма",
	codeTerminalID:  "Неверный идентификатор терминала",
	codeMethod:      "Неверный способ оплаты",
	codeSuccessURL:  "Неверный адрес страницы успешной оплаты",
	codeFailURL:     "Неверный адрес страницы неуспешной оплаты",
	codeOrderID:     "Неверный идентификатор заказа",
	codeOther:       "Неверные параметры запроса",
	codeTerminalKey: "Неверное обозначение терминала",
}

// apiError is an error body.
type apiError struct {
	code        errorCode
	description string
	additions   map[string][]string
}

func (e *apiError) Error() string { return fmt.Sprintf("%d: %s", e.code, e.description) }

// refuse makes an error about one field, or about none if field is "".
func refuse(code errorCode, field, description string) *apiError {
	e := &apiError{code: code, description: description, additions: map[string][]string{}}
	if field != "" {
		e.additions[field] = []string{description}
	}
	return e
}

// rules collects the mistakes of one request, so that the answer names all of
// them. Code and description are those of the first.
type rules struct {
	// vendor reports whether what vendor clients send passes, too.
	vendor  bool
	failure *apiError
}

// maxOrderID is the length of an order id. How long the gateway's may be is not
// known [?].
func (r *rules) maxOrderID() int {
	if r.vendor {
		return 255
	}
	return 36
}

func (r *rules) fail(code errorCode, field, message string) {
	if r.failure == nil {
		r.failure = &apiError{code: code, description: descriptions[code], additions: map[string][]string{}}
	}
	r.failure.additions[field] = append(r.failure.additions[field], message)
}

// err is the error of the request, and nil if it has no mistakes.
func (r *rules) err() error {
	if r.failure == nil {
		return nil
	}
	return r.failure
}

// jsonObject is a JSON object of a request. Its methods read one field each.
// They record a mistake and then return a zero value. A nil object stands for
// one that is missing: its fields are absent, and none of them is required. Its
// own absence is recorded already.
type jsonObject struct {
	rules  *rules
	path   string
	fields map[string]json.RawMessage
}

func (o *jsonObject) fail(code errorCode, name, message string) {
	o.rules.fail(code, o.path+name, message)
}

// raw is the JSON of a field, and nil if the field is absent. null counts as
// absent: the vendor's SDKs send null for what was not set [V]. Its modules also
// send "" [V].
func (o *jsonObject) raw(name string, code errorCode, n sandbox.Need) json.RawMessage {
	if o == nil {
		return nil
	}
	value := o.fields[name]
	if len(value) > 0 && string(value) != "null" && (string(value) != `""` || !o.rules.vendor) {
		return value
	}
	if n == sandbox.Required {
		o.fail(code, name, "Обязательное поле")
	}
	return nil
}

// text reads a символьный of minLength to maxLength characters. maxLength 0
// means no limit.
func (o *jsonObject) text(name string, code errorCode, n sandbox.Need, minLength, maxLength int) string {
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
	return o.length(name, code, text, minLength, maxLength)
}

// id reads an identifier, which is a string or a whole number: samples of the
// guide have both (section 7.2.3, settings.terminal_id). It is never empty.
// maxLength 0 means no limit.
func (o *jsonObject) id(name string, code errorCode, n sandbox.Need, maxLength int) string {
	value := o.raw(name, code, n)
	if value == nil {
		return ""
	}
	if value[0] != '"' {
		if strings.Trim(string(value), "0123456789") != "" {
			o.fail(code, name, "Должно быть строкой или целым числом")
			return ""
		}
		return o.length(name, code, string(value), 1, maxLength)
	}
	return o.text(name, code, n, 1, maxLength)
}

// length checks the number of characters. The guide counts characters, not
// bytes.
func (o *jsonObject) length(name string, code errorCode, text string, minLength, maxLength int) string {
	count := utf8.RuneCountInString(text)
	switch {
	case maxLength == 0 && count < minLength:
		o.fail(code, name, "Не должно быть пустым")
	case maxLength > 0 && (count < minLength || count > maxLength):
		o.fail(code, name, fmt.Sprintf("Длина должна быть от %d до %d символов", minLength, maxLength))
	default:
		return text
	}
	return ""
}

// oneOf reads a символьный with a list of allowed values.
func (o *jsonObject) oneOf(name string, code errorCode, allowed ...string) string {
	text := o.text(name, code, sandbox.Optional, 0, 0)
	if o == nil || o.raw(name, code, sandbox.Optional) == nil || o.fields[name][0] != '"' || slices.Contains(allowed, text) {
		return text
	}
	o.fail(code, name, "Допустимые значения: "+strings.Join(allowed, ", "))
	return ""
}

// number reads a числовой, which must be a JSON number. PHP modules send texts
// with numbers, too [V].
func (o *jsonObject) number(name string, code errorCode, n sandbox.Need) (decimal.Decimal, bool) {
	value := o.raw(name, code, n)
	if value == nil {
		return decimal.Zero, false
	}
	if o.rules.vendor && value[0] == '"' {
		value = value[1 : len(value)-1] // an escape in it is no number
	}
	if value[0] != '-' && (value[0] < '0' || value[0] > '9') {
		o.fail(code, name, "Должно быть числом")
		return decimal.Zero, false
	}
	// A number such as 1e999999999 is short but takes long to compute.
	number, err := decimal.NewFromString(string(value))
	if err != nil || len(value) > 30 || number.Exponent() > 20 || number.Exponent() < -20 {
		o.fail(code, name, "Недопустимое число")
		return decimal.Zero, false
	}
	return number, true
}

// amount reads a sum of money: positive, in whole hundredths.
func (o *jsonObject) amount(name string, n sandbox.Need) string {
	number, ok := o.number(name, codeAmount, n)
	switch {
	case !ok:
		return ""
	case !number.IsPositive():
		o.fail(codeAmount, name, "Сумма должна быть больше нуля")
	case !number.Equal(number.Truncate(2)):
		o.fail(codeAmount, name, "Не более двух знаков после запятой")
	default:
		return number.String()
	}
	return ""
}

// flag reads a логический.
func (o *jsonObject) flag(name string, code errorCode) bool {
	switch value := string(o.raw(name, code, sandbox.Optional)); value {
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
func (o *jsonObject) address(name string, code errorCode) string {
	text := o.text(name, code, sandbox.Optional, 1, 0)
	if text == "" {
		return ""
	}
	if !sandbox.IsPageAddress(text) {
		o.fail(code, name, "Должно быть адресом страницы (http или https)")
		return ""
	}
	return text
}

// object reads an объект.
func (o *jsonObject) object(name string, n sandbox.Need) *jsonObject {
	value := o.raw(name, codeOther, n)
	if value == nil {
		return nil
	}
	return o.asObject(name, value)
}

func (o *jsonObject) asObject(name string, value json.RawMessage) *jsonObject {
	fields := sandbox.JSONObject(value)
	if fields == nil {
		o.fail(codeOther, name, "Должно быть объектом")
		return nil
	}
	return &jsonObject{o.rules, o.path + name + ".", fields}
}
