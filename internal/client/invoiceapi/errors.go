package invoiceapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/lazyregexp"
)

// Documented error codes of the field "error". Zero is a code like any other.
const (
	CodeCredentials   = "0"
	CodeCurrency      = "1"
	CodeAmount        = "2"
	CodeTerminalID    = "3"
	CodePaymentMethod = "4"
	CodeOrderID       = "7"
	CodeTerminalAlias = "11"
)

// 5 and 6 are about the payment address.
var documentedCodes = []string{CodeCredentials, CodeCurrency, CodeAmount, CodeTerminalID, CodePaymentMethod, "5", "6", CodeOrderID, CodeTerminalAlias}

// refusal is the gateway's error body:
// {"error":int,"description":"…","additions":{field:[message]}}.
type refusal struct {
	code   string
	text   string
	fields map[string][]string
}

func (r *refusal) isDocumented() bool { return slices.Contains(documentedCodes, r.code) }

// parseRefusal returns nil when the body is not an error body. The field "error" makes
// it one, whatever the value. PHP's null and false mean "no error", and so does 0
// beside an id: a refund that was made is no wrong login.
func parseRefusal(body []byte) *refusal {
	var raw struct {
		ID          json.RawMessage `json:"id"`
		Error       json.RawMessage `json:"error"`
		Description json.RawMessage `json:"description"`
		Additions   json.RawMessage `json:"additions"`
	}
	if json.Unmarshal(body, &raw) != nil {
		return nil
	}
	code := string(raw.Error)
	var text string
	if json.Unmarshal(raw.Error, &text) == nil { // a string, with PHP's escapes taken out, or null
		code = strings.TrimSpace(text)
	}
	var list []json.RawMessage // PHP's way of saying that there is none, with blanks in it or not
	if json.Unmarshal(raw.Error, &list) == nil && len(list) == 0 {
		return nil
	}
	switch code {
	case "", "null", "false", "[]":
		return nil
	case "0":
		var id values.ID
		if json.Unmarshal(raw.ID, &id) == nil && id != "" && id != "0" {
			return nil
		}
	}
	r := &refusal{code: code, fields: parseAdditions(raw.Additions)}
	if json.Unmarshal(raw.Description, &r.text) != nil && string(raw.Description) != "null" {
		r.text = string(raw.Description)
	}
	return r
}

// hasReason reports whether the gateway says why it refuses. {"error":true} and
// {"error":500} may come of something that broke while it worked, and
// {"error":403,"description":"Forbidden"} has no word that is not HTTP's.
func (r *refusal) hasReason() bool {
	code, _ := strconv.Atoi(r.code)
	says := r.text != "" && (!isNoGatewayCode(r.code) || !isStatusText(r.text))
	return (says || len(r.fields) > 0) && code/100 != 5
}

func isStatusText(text string) bool {
	for status := 400; status < 600; status++ {
		if name := http.StatusText(status); name != "" && strings.EqualFold(strings.Trim(text, " .!"), name) {
			return true
		}
	}
	return false
}

// isNoGatewayCode reports whether "error" holds an HTTP status, or a name. A proxy or a
// framework writes that, too.
func isNoGatewayCode(code string) bool {
	number, err := strconv.Atoi(code)
	return err != nil || number >= 400 && number < 600
}

// parseAdditions reads field messages leniently: PHP writes an empty object as
// [] and may write one message without a list around it.
func parseAdditions(raw json.RawMessage) map[string][]string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return nil
	}
	messages := make(map[string][]string, len(fields))
	for name, value := range fields {
		var list []string
		var one string
		switch {
		case json.Unmarshal(value, &list) == nil:
			messages[name] = list
		case json.Unmarshal(value, &one) == nil:
			messages[name] = []string{one}
		default:
			messages[name] = []string{string(value)}
		}
	}
	return messages
}

const (
	notFound = `(?:not\s+found|does\s+not\s+exist|не\s+найден\pL*|не\s+существует)`
	// Other things that may be missing, while the object is there.
	somethingElse = `(?:merchant|shop|user|account|login|api.?key|method|path|endpoint|route|page|resource|url|` +
		`мерчант|магазин|пользовател\pL*|аккаунт|логин|ключ|метод|страниц\pL*|ресурс)`
)

var (
	saysNotFound = lazyregexp.New(`(?i)no\s+such|` + notFound)
	// "Merchant not found" and "не найден магазин" are about the credentials;
	// "order not found for this merchant" is not.
	saysElseNotFound = lazyregexp.New(`(?i)` + somethingElse + `\s+(?:is\s+|was\s+)?` + notFound + `|` + notFound + `\s+` + somethingElse +
		`|no\s+such\s+` + somethingElse + `|access\s+denied|no\s+access|forbidden|authori[sz]|credential|авториз|нет\s+доступа|доступ\s+запрещ`)
	quoted = lazyregexp.New(`"[^"]*"|'[^']*'|«[^»]*»|\S*/\S*`)
)

// isNotFound reports whether the gateway said that the object looked up does not
// exist. Bad credentials, server errors and answers that are not the gateway's
// never say so. codes are those that the guide documents for the key of the look-up.
func isNotFound(err error, codes ...string) bool {
	e, ok := errors.AsType[*transport.Error](err)
	if !ok || e.Outcome != transport.Refused || e.Code == CodeCredentials || e.Status/100 != 2 && e.Status/100 != 4 ||
		e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden {
		return false
	}
	if slices.Contains(codes, e.Code) {
		return true
	}
	// The key itself may be "shop" or "не найден", and an address /payment/.
	text := quoted().ReplaceAllString(e.Text, "")
	if saysElseNotFound().MatchString(text) {
		return false
	}
	if isNoGatewayCode(e.Code) {
		// {"error":"Not Found"} or {"error":404} is how frameworks and proxies say that
		// there is no such address. Only the gateway names what it looked for.
		return namesObject().MatchString(text) && saysNotFound().MatchString(text)
	}
	return e.Status == http.StatusNotFound || saysNotFound().MatchString(text)
}

// namesObject finds whole words in English: GetPayment is the name of an address.
var namesObject = lazyregexp.New(`(?i)\b(?:payment|order|terminal|refund|transaction|alias)\b|плат[её]ж|заказ|терминал|возврат|транзакц`)

// unlessNotFound turns the gateway's "there is none" into (nil, nil).
func unlessNotFound[T any](object *T, err error, codes ...string) (*T, error) {
	if err != nil && isNotFound(err, codes...) {
		return nil, nil
	}
	return object, err
}
