package sandbox

import (
	"bytes"
	"crypto/subtle"
	"database/sql"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strings"
)

// invoiceCall is one call of the Invoice API: its request, read and checked
// field by field, and what its work needs.
type invoiceCall struct {
	*invoiceObject // the body
	sandbox        *Sandbox
	dialect        Dialect
	base           string
	tx             *sql.Tx
}

// invoiceMethods are the calls of guide section 7.2. Each answers what to
// send, or an *invoiceError. It runs in one transaction, which an error undoes.
var invoiceMethods = map[string]func(*invoiceCall) (any, error){
	"CreateTerminal":    (*invoiceCall).createTerminal,
	"GetTerminal":       (*invoiceCall).getTerminal,
	"CreatePayment":     (*invoiceCall).createPayment,
	"GetPayment":        (*invoiceCall).getPayment,
	"GetPaymentByOrder": (*invoiceCall).getPaymentByOrder,
	"ClosePayment":      (*invoiceCall).closePayment,
	"CreateRefund":      (*invoiceCall).createRefund,
	"GetRefund":         (*invoiceCall).getRefund,
}

// invoiceAPI serves POST <base>/<Method>.
func (s *Sandbox) invoiceAPI(w http.ResponseWriter, r *http.Request) {
	operation := r.PathValue("operation")
	s.serve(w, r, operation, func(c *call, r *http.Request) {
		dialect := s.currentDialect()
		answer, err := s.invoiceAnswer(c, r, operation, dialect)
		var refused *invoiceError
		switch {
		case err == nil:
			invoiceWrite(c, http.StatusOK, answer)
		case errors.As(err, &refused):
			invoiceWrite(c, dialect.ErrorStatus, map[string]any{
				"error": int(refused.code), "description": refused.description, "additions": refused.additions,
			})
		default:
			// The sandbox itself is broken. No error code is answered, as
			// codes are final and this is not the gateway's word.
			http.Error(c, "sandbox: "+err.Error(), http.StatusInternalServerError)
		}
	})
}

func invoiceWrite(w http.ResponseWriter, status int, answer any) {
	body, err := json.Marshal(answer)
	if err != nil { // A test has stored what is no number or no JSON.
		http.Error(w, "sandbox: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func (s *Sandbox) invoiceAnswer(c *call, r *http.Request, operation string, dialect Dialect) (any, error) {
	if !s.invoiceAuthorized(r) {
		return nil, invoiceRefuse(invoiceLogin, "", invoiceDescriptions[invoiceLogin])
	}
	c.authorized()
	method, ok := invoiceMethods[operation]
	if !ok {
		return nil, invoiceRefuse(invoiceOther, "", "Неизвестный метод "+operation)
	}
	if r.Method != http.MethodPost {
		return nil, invoiceRefuse(invoiceOther, "", "Метод запроса должен быть POST")
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, invoiceRefuse(invoiceOther, "", "Формат данных запроса должен быть application/json")
	}
	body := bytes.TrimSpace(c.body)
	request := &invoiceObject{rules: &invoiceRules{}}
	if len(body) == 0 || body[0] != '{' || json.Unmarshal(body, &request.fields) != nil {
		return nil, invoiceRefuse(invoiceOther, "", "Тело запроса должно быть JSON-объектом")
	}
	var answer any
	err := s.transact(func(tx *sql.Tx) error {
		if err := s.expireInvoicePayments(tx, dialect); err != nil {
			return err
		}
		var err error
		answer, err = method(&invoiceCall{invoiceObject: request, sandbox: s, dialect: dialect, base: s.base(r), tx: tx})
		return err
	})
	return answer, err
}

// invoiceAuthorized checks the Authorization header of guide section 6.2.
func (s *Sandbox) invoiceAuthorized(r *http.Request) bool {
	login, key, ok := r.BasicAuth()
	rightLogin := subtle.ConstantTimeCompare([]byte(login), []byte(s.options.MerchantID)) == 1
	rightKey := subtle.ConstantTimeCompare([]byte(key), []byte(s.options.APIKey)) == 1
	return ok && rightLogin && rightKey
}

// invoiceMissing turns errNotFound into an error body and leaves other errors.
func invoiceMissing(err error, code invoiceCode, field, description string) error {
	if errors.Is(err, errNotFound) {
		return invoiceRefuse(code, field, description)
	}
	return err
}

// createTerminal is CreateTerminal (guide, section 7.2.1). Without a type a
// terminal is dynamic [?].
func (c *invoiceCall) createTerminal() (any, error) {
	t := InvoiceTerminal{
		Name:         c.text("name", invoiceOther, required, 1, 50),
		Alias:        c.text("alias", invoiceTerminalKey, required, 1, 50),
		Description:  c.text("description", invoiceOther, optional, 1, 200),
		Type:         c.oneOf("type", invoiceOther, "static", "dynamic", "statical", "dynamical"),
		Logo:         c.text("logo", invoiceOther, optional, 0, 0),
		DefaultPrice: c.amount("defaultPrice", optional),
		CanComments:  c.flag("canComments", invoiceOther),
		CreatedAt:    c.sandbox.invoiceNow(),
	}
	if err := c.rules.err(); err != nil {
		return nil, err
	}
	switch existing, err := findInvoiceTerminal(c.tx, `WHERE alias = ?`, t.Alias); {
	case err == nil && c.dialect.TakenAlias == "existing":
		return c.terminalAnswer(existing), nil
	case err == nil:
		return nil, invoiceRefuse(invoiceTerminalKey, "alias", "Терминал с таким обозначением уже существует")
	case !errors.Is(err, errNotFound):
		return nil, err
	}
	if t.Type = strings.TrimSuffix(t.Type, "al"); t.Type == "" {
		t.Type = "dynamic"
	}
	if c.dialect.RewriteDescription && t.Description != "" {
		t.Description += invoiceBranch
	}
	var err error
	if t.ID, err = invoiceID(c.tx, c.dialect, "invoice_terminals", invoiceFirstTerminal); err != nil {
		return nil, err
	}
	return c.terminalAnswer(t), insertInvoiceTerminal(c.tx, t)
}

// getTerminal is GetTerminal (guide, section 7.2.2). The guide requires an
// alias; an id alone does as well [P]. With both the alias counts, as in the
// guide's sample, whose id is not the one that is answered.
func (c *invoiceCall) getTerminal() (any, error) {
	id := c.id("id", invoiceTerminalID, optional, 0)
	needAlias := required
	if id != "" {
		needAlias = optional
	}
	alias := c.text("alias", invoiceTerminalKey, needAlias, 1, 50)
	c.text("name", invoiceOther, optional, 1, 50)
	if err := c.rules.err(); err != nil {
		return nil, err
	}
	where, key, field, code := `WHERE alias = ?`, alias, "alias", invoiceTerminalKey
	if alias == "" {
		where, key, field, code = `WHERE id = ?`, id, "id", invoiceTerminalID
	}
	t, err := findInvoiceTerminal(c.tx, where, key)
	if err != nil {
		return nil, invoiceMissing(err, code, field, "Терминал не найден")
	}
	return c.terminalAnswer(t), nil
}

// createPayment is CreatePayment (guide, section 7.2.3). The guide gives 32 as
// the length of an order id, and its own sample has 36: up to 36 are taken.
func (c *invoiceCall) createPayment() (any, error) {
	order, settings := c.object("order", required), c.object("settings", required)
	p := InvoicePayment{
		Currency:         order.oneOf("currency", invoiceCurrency, "RUB", "USD", "EUR"),
		Amount:           order.amount("amount", required),
		Description:      order.text("description", invoiceOther, optional, 1, 200),
		OrderID:          order.id("id", invoiceOrderID, optional, 36),
		TerminalID:       settings.id("terminal_id", invoiceTerminalID, required, 0),
		PaymentMethod:    settings.text("payment_method", invoiceMethod, optional, 1, 0),
		SuccessURL:       settings.address("success_url", invoiceSuccessURL),
		FailURL:          settings.address("fail_url", invoiceFailURL),
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
	if _, err := findInvoiceTerminal(c.tx, `WHERE id = ?`, p.TerminalID); err != nil {
		return nil, invoiceMissing(err, invoiceTerminalID, "settings.terminal_id", "Терминал не найден")
	}
	if c.dialect.RepeatedOrder == "error" && p.OrderID != "" {
		switch _, err := findInvoicePayment(c.tx, `WHERE order_id = ?`, p.OrderID); {
		case err == nil:
			return nil, invoiceRefuse(invoiceOrderID, "order.id", "Заказ с таким идентификатором уже существует")
		case !errors.Is(err, errNotFound):
			return nil, err
		}
	}
	p, err := c.sandbox.addInvoicePayment(c.tx, c.dialect, p)
	return c.paymentAnswer(p), err
}

// transactionType reads trtype: 1 a payment, 2 one that holds the money, 4 a
// recurring one.
func (c *invoiceCall) transactionType() string {
	number, ok := c.number("trtype", invoiceOther, optional)
	if !ok {
		return "1"
	}
	switch value := number.String(); value {
	case "1", "2", "4":
		return value
	}
	c.fail(invoiceOther, "trtype", "Допустимые значения: 1, 2, 4")
	return ""
}
