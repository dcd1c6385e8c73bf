package invoiceapi

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// call is one call of the Invoice API. It reads the fields of the request.
type call struct {
	*Gateway
	*jsonObject // the body
	base        string
	tx          *sql.Tx
}

// methods are the calls of guide section 7.2. Each returns the answer, or an
// *apiError. It runs in one transaction, which an error undoes.
var methods = map[string]func(*call) (any, error){
	"CreateTerminal":    (*call).createTerminal,
	"GetTerminal":       (*call).getTerminal,
	"CreatePayment":     (*call).createPayment,
	"GetPayment":        (*call).getPayment,
	"GetPaymentByOrder": (*call).getPaymentByOrder,
	"ClosePayment":      (*call).closePayment,
	"CreateRefund":      (*call).createRefund,
	"GetRefund":         (*call).getRefund,
}

// serveAPI serves POST <base>/<operation>. method is nil for an unknown
// operation.
func (g *Gateway) serveAPI(c *sandbox.Call, operation string, method func(*call) (any, error)) {
	answer, err := g.answer(c, operation, method)
	status := http.StatusOK
	var refused *apiError
	switch {
	case errors.As(err, &refused):
		status = g.Number(errorStatus)
		answer = g.errorAnswer(refused)
	case err != nil:
		// Not an error body: a code would be the final word of the gateway.
		sandbox.Fail(c, err)
		return
	}
	body, err := json.Marshal(answer)
	c.Answer(status, "application/json; charset=utf-8", body, err)
}

func (g *Gateway) answer(c *sandbox.Call, operation string, method func(*call) (any, error)) (answer any, err error) {
	if !c.HasLogin(g.options.MerchantID, g.options.APIKey) { // Guide, section 6.2.
		return nil, refuse(codeLogin, "", descriptions[codeLogin])
	}
	c.Authorize()
	if method == nil {
		return nil, refuse(codeOther, "", "Неизвестный метод "+operation)
	}
	if c.Method != http.MethodPost {
		return nil, refuse(codeOther, "", "Метод запроса должен быть POST")
	}
	vendor := g.Is(checks, "vendor")
	if !vendor && !c.IsOfType("application/json") {
		return nil, refuse(codeOther, "", "Формат данных запроса должен быть application/json")
	}
	request := &jsonObject{rules: &rules{vendor: vendor}}
	if request.fields = sandbox.JSONObject(c.Body); request.fields == nil {
		return nil, refuse(codeOther, "", "Тело запроса должно быть JSON-объектом")
	}
	if err := g.expire(); err != nil {
		return nil, err
	}
	err = g.Transact(func(tx *sql.Tx) (err error) {
		answer, err = method(&call{g, request, c.Base, tx})
		return err
	})
	return answer, err
}

// missing turns ErrNotFound into an error body. Other errors stay as they are.
func missing(err error, code errorCode, field, description string) error {
	if errors.Is(err, sandbox.ErrNotFound) {
		return refuse(code, field, description)
	}
	return err
}

// createTerminal is CreateTerminal (guide, section 7.2.1). A terminal without a
// type is dynamic [?]. The alias of one without an alias is its id: so vendor
// modules look it up [V].
func (c *call) createTerminal() (any, error) {
	t := Terminal{
		Name:         c.text("name", codeOther, sandbox.Required, 1, 50),
		Alias:        c.text("alias", codeTerminalKey, sandbox.Need(!c.rules.vendor), 1, 50),
		Description:  c.text("description", codeOther, sandbox.Optional, 1, 200),
		Type:         c.oneOf("type", codeOther, "static", "dynamic", "statical", "dynamical"),
		Logo:         c.text("logo", codeOther, sandbox.Optional, 0, 0),
		DefaultPrice: c.defaultPrice(),
		CanComments:  c.flag("canComments", codeOther),
		CreatedAt:    c.now(),
	}
	if err := c.rules.err(); err != nil {
		return nil, err
	}
	switch existing, err := terminals.Find(c.tx, "alias", t.Alias); {
	case t.Alias == "":
	case err == nil && c.Is(takenAlias, "existing"):
		return c.terminalAnswer(existing), nil
	case err == nil:
		return nil, refuse(codeTerminalKey, "alias", "Терминал с таким обозначением уже существует")
	case !errors.Is(err, sandbox.ErrNotFound):
		return nil, err
	}
	if t.Type = strings.TrimSuffix(t.Type, "al"); t.Type == "" {
		t.Type = "dynamic"
	}
	t.Description = c.rewritten(t.Description)
	var err error
	if t.ID, err = c.newID(c.tx, terminals.Name, firstTerminal); err != nil {
		return nil, err
	}
	t.Alias = cmp.Or(t.Alias, t.ID)
	return c.terminalAnswer(t), terminals.Insert(c.tx, t)
}

// defaultPrice reads the price of a terminal. Vendor SDKs send 0 for none [V].
func (c *call) defaultPrice() string {
	if c.rules.vendor && strings.Trim(string(c.fields["defaultPrice"]), `0."`) == "" {
		return ""
	}
	return c.amount("defaultPrice", sandbox.Optional)
}

// getTerminal is GetTerminal (guide, section 7.2.2). The guide requires an
// alias; an id alone is accepted as well [P]. If both are sent the alias
// counts: the id in the guide's sample is not that of the answer.
func (c *call) getTerminal() (any, error) {
	id := c.id("id", codeTerminalID, sandbox.Optional, 0)
	needAlias := sandbox.Required
	if id != "" {
		needAlias = sandbox.Optional
	}
	alias := c.text("alias", codeTerminalKey, needAlias, 1, 50)
	c.text("name", codeOther, sandbox.Optional, 1, 50)
	if err := c.rules.err(); err != nil {
		return nil, err
	}
	column, key, code := "alias", alias, codeTerminalKey
	if alias == "" {
		column, key, code = "id", id, codeTerminalID
	}
	t, err := terminals.Find(c.tx, column, key)
	if err != nil {
		return nil, missing(err, code, column, "Терминал не найден")
	}
	return c.terminalAnswer(t), nil
}

// createPayment is CreatePayment (guide, section 7.2.3). The guide says that an
// order id has up to 32 characters, but its own sample has 36: up to 36 are
// accepted. The ids of vendor modules are longer still [V].
func (c *call) createPayment() (any, error) {
	order, settings := c.object("order", sandbox.Required), c.object("settings", sandbox.Required)
	p := Payment{
		Currency:         order.oneOf("currency", codeCurrency, "RUB", "USD", "EUR"),
		Amount:           order.amount("amount", sandbox.Required),
		Description:      order.text("description", codeOther, sandbox.Optional, 1, 200),
		OrderID:          order.id("id", codeOrderID, sandbox.Optional, c.rules.maxOrderID()),
		TerminalID:       settings.id("terminal_id", codeTerminalID, sandbox.Required, 0),
		PaymentMethod:    settings.text("payment_method", codeMethod, sandbox.Optional, 1, 0),
		SuccessURL:       settings.address("success_url", codeSuccessURL),
		FailURL:          settings.address("fail_url", codeFailURL),
		CustomParameters: c.anyObject("custom_parameters"),
		Receipt:          c.receipt("receipt"),
		TransactionType:  c.transactionType(),
	}
	if err := c.rules.err(); err != nil {
		return nil, err
	}
	if p.Currency == "" {
		p.Currency = "RUB"
	}
	if _, err := terminals.Find(c.tx, "id", p.TerminalID); err != nil {
		return nil, missing(err, codeTerminalID, "settings.terminal_id", "Терминал не найден")
	}
	if c.Is(repeatedOrder, "error") && p.OrderID != "" {
		switch _, err := payments.Find(c.tx, "order_id", p.OrderID); {
		case err == nil:
			return nil, refuse(codeOrderID, "order.id", "Заказ с таким идентификатором уже существует")
		case !errors.Is(err, sandbox.ErrNotFound):
			return nil, err
		}
	}
	p, err := c.addPayment(c.tx, p)
	return c.paymentAnswer(p), err
}

// transactionType reads trtype: 1 is a payment, 2 holds the money, 4 is
// recurring.
func (c *call) transactionType() string {
	number, ok := c.number("trtype", codeOther, sandbox.Optional)
	if !ok {
		return "1"
	}
	switch value := number.String(); value {
	case "1", "2", "4":
		return value
	}
	c.fail(codeOther, "trtype", "Допустимые значения: 1, 2, 4")
	return ""
}
