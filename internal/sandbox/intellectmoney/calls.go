package intellectmoney

import (
	"bytes"
	"cmp"
	"database/sql"
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// call is one call of the API and what its work needs.
type call struct {
	*Gateway
	tx *sql.Tx
	// values are the parameters of the body, as text. An absent one is "".
	values map[string]string
	// mistake is the first one in the parameters.
	mistake error
}

// method is one call and its work, which returns what follows State in Result,
// or an *apiError. The work runs in one transaction, which an error undoes.
type method struct {
	operation, path string
	// signed are the parameters in the order of the signature. "" stands for a
	// segment that is always empty.
	signed []string
	// login reports whether the call works without a user token.
	login bool
	work  func(*call) (fields, error)
}

var methods = []method{
	// Document, «Сигнатура подписи». State and SortOrder are not in it [V].
	{"intellectmoney.history", "/personal/payment/getInvoicesHistory", []string{
		"UserToken", "Skip", "Take", "EshopId", "InvoiceId", "DateFrom", "DateTo", "ChangeDateFrom", "ChangeDateTo",
		"IncludePaymentTransactions", "IsHoldingSearch", "OrganizationId", "OwnerEmail", "WithRefunds",
	}, false, (*call).history},
	// ::{Login}::{Password}::::{SignSecretKey}, by one unverified claim.
	{"intellectmoney.token", "/personal/user/getUserToken", []string{"", "Login", "Password", ""}, true, (*call).token},
}

// Codes of OperationState [V], and of Result.State. In the latter, 1 is a
// warning and all codes beyond are errors [V]; 2 is a caller without permission
// [P].
const (
	done    = 0
	warned  = 1
	failed  = 2
	noAuth  = 2
	invalid = 3 // the sandbox's own number [?]
)

// apiError is an error answer. Its code is that of Result.State. Code 0 means
// that the error is always in OperationState.
type apiError struct {
	code int
	desc string
}

func (e *apiError) Error() string { return e.desc }

func refuse(desc string) error {
	return &apiError{invalid, desc}
}

// The texts are the sandbox's own [?], except the last (document, second sample
// answer).
var (
	errBearer    = &apiError{noAuth, "Неверный Bearer-токен."}
	errSign      = &apiError{noAuth, "Неверная подпись запроса."}
	errUserToken = &apiError{noAuth, "Неверный токен пользователя."}
	errLogin     = &apiError{noAuth, "Неверный логин или пароль."}
	errTooMany   = &apiError{0, "Слишком большое количество счетов. Уменьшите период выборки."}
)

// serveAPI serves one call.
func (g *Gateway) serveAPI(c *sandbox.Call, m method) {
	values, result, err := g.answer(c, m)
	var refused *apiError
	if err != nil && !errors.As(err, &refused) {
		sandbox.Fail(c, err)
		return
	}
	// Errors, too, have status 200.
	status := http.StatusOK
	if refused == errBearer {
		status = g.Number(bearerStatus)
	}
	send(c, status, g.envelope(values, result, refused))
}

// envelope puts the States around an answer.
func (g *Gateway) envelope(values map[string]string, result fields, refused *apiError) fields {
	operation := fields{{"Code", done}, {"Desc", "Успешно обработана"}}
	state := fields{{"Code", done}, {"Desc", "Успешно обработан"}}
	if g.Is(warning, "true") {
		state = fields{{"Code", warned}, {"Desc", "Успешно обработан, есть предупреждения"}}
	}
	var whole any
	switch {
	case refused == nil:
		whole = append(fields{{"State", state}}, result...)
	case g.Is(errorPlace, "result") && refused.code != 0:
		whole = fields{{"State", fields{{"Code", refused.code}, {"Desc", refused.desc}}}}
	default:
		operation, whole = fields{{"Code", failed}, {"Desc", refused.desc}}, false
	}
	answer := fields{{"OperationState", operation}}
	if g.Is(envelopeFields, "table") {
		eshop, _ := strconv.Atoi(values["EshopId"])
		answer = append(answer, field{"OperationId", sandbox.UUID()}, field{"EshopId", eshop})
	}
	return append(answer, field{"Result", whole})
}

// send writes XML. It writes JSON if the caller accepts one of its two names.
func send(c *sandbox.Call, status int, answer fields) {
	var body bytes.Buffer
	kind := "application/xml"
	if wantsJSON(c.Request) {
		kind = "application/json"
		writeJSON(&body, answer)
	} else {
		body.WriteString(`<?xml version="1.0" encoding="utf-8"?>`)
		writeXML(&body, "Response", answer)
	}
	c.Answer(status, kind+"; charset=utf-8", body.Bytes(), nil)
}

func wantsJSON(r *http.Request) bool {
	for accepted := range strings.SplitSeq(strings.Join(r.Header.Values("Accept"), ","), ",") {
		if kind, _, err := mime.ParseMediaType(accepted); err == nil && (kind == "application/json" || kind == "text/json") {
			return true
		}
	}
	return false
}

// answer checks the bearer token, the signature and the user token, in this
// order.
func (g *Gateway) answer(c *sandbox.Call, m method) (values map[string]string, result fields, err error) {
	if c.Method != http.MethodPost {
		return nil, nil, refuse("Метод запроса должен быть POST.")
	}
	signed := !m.login || g.Is(checks, "document")
	if signed && !sandbox.SameSecret(c.Request.Header.Get("Authorization"), "Bearer "+g.options.BearerToken) {
		return nil, nil, errBearer
	}
	if values, err = readBody(c.Body); err != nil {
		return nil, nil, err
	}
	if m.login {
		// Public clients put the login in the address [P].
		for name := range c.URL.Query() {
			values[name] = cmp.Or(values[name], c.URL.Query().Get(name))
		}
	}
	if signed && !sandbox.SameSecret(c.Request.Header.Get("Sign"), g.sign(m.signed, values)) {
		return values, nil, errSign
	}
	switch {
	case m.login && (!sandbox.SameSecret(values["Login"], g.options.Login) || !sandbox.SameSecret(values["Password"], g.options.Password)):
		return values, nil, errLogin
	case !m.login && !sandbox.SameSecret(values["UserToken"], g.currentUserToken()):
		return values, nil, errUserToken
	}
	c.Authorize()
	err = g.Transact(func(tx *sql.Tx) (err error) {
		result, err = m.work(&call{Gateway: g, tx: tx, values: values})
		return err
	})
	return values, result, err
}

// token is /personal/user/getUserToken. Its answer is one unverified claim.
func (c *call) token() (fields, error) {
	return fields{{"UserToken", c.currentUserToken()}}, nil
}

func (g *Gateway) currentUserToken() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.userToken
}

// RotateUserToken ends the user token in force. Calls with it are refused until
// they fetch the new one. Whether the gateway does so is not known [?].
func (g *Gateway) RotateUserToken() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.userToken = sandbox.HexID()
}

// forget takes the user token of the beginning.
func (g *Gateway) forget() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.userToken = g.options.UserToken
}
