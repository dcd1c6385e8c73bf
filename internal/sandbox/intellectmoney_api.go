package sandbox

import (
	"bytes"
	"cmp"
	"database/sql"
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// intellectmoneyCall is one call of the IntellectMoney API and what its work
// needs.
type intellectmoneyCall struct {
	sandbox *Sandbox
	dialect Dialect
	tx      *sql.Tx
	// values are the parameters of the body, as text. An absent one is "".
	values map[string]string
}

// intellectmoneyMethod is one call: where it is, what is signed, and its work,
// which answers what follows State in Result, or an *intellectmoneyError. Work
// runs in one transaction, which an error undoes.
type intellectmoneyMethod struct {
	operation, path string
	// signed are the parameters in the order of the signature; "" is a
	// segment that is always empty.
	signed []string
	// login says whether the call is for those who have no user token yet.
	login bool
	work  func(*intellectmoneyCall) (fields, error)
}

var intellectmoneyMethods = []intellectmoneyMethod{
	// Document, «Сигнатура подписи». State and SortOrder are not in it [V].
	{"intellectmoney.history", "/personal/payment/getInvoicesHistory", []string{
		"UserToken", "Skip", "Take", "EshopId", "InvoiceId", "DateFrom", "DateTo", "ChangeDateFrom", "ChangeDateTo",
		"IncludePaymentTransactions", "IsHoldingSearch", "OrganizationId", "OwnerEmail", "WithRefunds",
	}, false, (*intellectmoneyCall).history},
	// ::{Login}::{Password}::::{SignSecretKey}, by one unverified claim.
	{"intellectmoney.token", "/personal/user/getUserToken", []string{"", "Login", "Password", ""}, true, (*intellectmoneyCall).token},
}

// Codes of states: of OperationState [V], and of Result.State, where all
// beyond a warning are errors [V] and 2 is a caller who may not [P].
const (
	intellectmoneyDone    = 0
	intellectmoneyWarned  = 1
	intellectmoneyFailed  = 2
	intellectmoneyNoAuth  = 2
	intellectmoneyInvalid = 3 // the sandbox's own number [?]
)

// intellectmoneyError is an error answer. The code is that of Result.State, 0
// if such an error always stands in OperationState.
type intellectmoneyError struct {
	code int
	desc string
}

func (e *intellectmoneyError) Error() string { return e.desc }

func intellectmoneyRefuse(desc string) error {
	return &intellectmoneyError{intellectmoneyInvalid, desc}
}

// The texts are the sandbox's own [?], but for the last (document, second
// sample answer).
var (
	errIntellectMoneyBearer    = &intellectmoneyError{intellectmoneyNoAuth, "Неверный Bearer-токен."}
	errIntellectMoneySign      = &intellectmoneyError{intellectmoneyNoAuth, "Неверная подпись запроса."}
	errIntellectMoneyUserToken = &intellectmoneyError{intellectmoneyNoAuth, "Неверный токен пользователя."}
	errIntellectMoneyLogin     = &intellectmoneyError{intellectmoneyNoAuth, "Неверный логин или пароль."}
	errIntellectMoneyTooMany   = &intellectmoneyError{0, "Слишком большое количество счетов. Уменьшите период выборки."}
)

// intellectmoneyAPI serves one call.
func (s *Sandbox) intellectmoneyAPI(w http.ResponseWriter, r *http.Request, method intellectmoneyMethod) {
	s.serve(w, r, method.operation, func(c *call, r *http.Request) {
		dialect := s.currentDialect()
		values, result, err := s.intellectmoneyAnswer(c, r, method, dialect)
		var refused *intellectmoneyError
		if err != nil && !errors.As(err, &refused) {
			http.Error(c, "sandbox: "+err.Error(), http.StatusInternalServerError)
			return
		}
		// Errors, too, have status 200.
		status := http.StatusOK
		if refused == errIntellectMoneyBearer {
			status = dialect.IntellectMoneyBearerStatus
		}
		intellectmoneyWrite(c, r, status, intellectmoneyEnvelope(dialect, values, result, refused))
	})
}

// intellectmoneyEnvelope puts States around an answer's own fields.
func intellectmoneyEnvelope(dialect Dialect, values map[string]string, result fields, refused *intellectmoneyError) fields {
	operation := fields{{"Code", intellectmoneyDone}, {"Desc", "Успешно обработана"}}
	state := fields{{"Code", intellectmoneyDone}, {"Desc", "Успешно обработан"}}
	if dialect.IntellectMoneyWarning {
		state = fields{{"Code", intellectmoneyWarned}, {"Desc", "Успешно обработан, есть предупреждения"}}
	}
	var whole any
	switch {
	case refused == nil:
		whole = append(fields{{"State", state}}, result...)
	case dialect.IntellectMoneyErrors == "result" && refused.code != 0:
		whole = fields{{"State", fields{{"Code", refused.code}, {"Desc", refused.desc}}}}
	default:
		operation, whole = fields{{"Code", intellectmoneyFailed}, {"Desc", refused.desc}}, false
	}
	answer := fields{{"OperationState", operation}}
	if dialect.IntellectMoneyEnvelope == "table" {
		eshop, _ := strconv.Atoi(values["EshopId"])
		answer = append(answer, field{"OperationId", uuid()}, field{"EshopId", eshop})
	}
	return append(answer, field{"Result", whole})
}

// intellectmoneyWrite answers XML, unless JSON is asked for by one of two
// names.
func intellectmoneyWrite(w http.ResponseWriter, r *http.Request, status int, answer fields) {
	var body bytes.Buffer
	kind := "application/xml"
	if intellectmoneyWantsJSON(r) {
		kind = "application/json"
		writeJSON(&body, answer)
	} else {
		body.WriteString(`<?xml version="1.0" encoding="utf-8"?>`)
		writeXML(&body, "Response", answer)
	}
	w.Header().Set("Content-Type", kind+"; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes())
}

func intellectmoneyWantsJSON(r *http.Request) bool {
	for accepted := range strings.SplitSeq(strings.Join(r.Header.Values("Accept"), ","), ",") {
		if kind, _, err := mime.ParseMediaType(accepted); err == nil && (kind == "application/json" || kind == "text/json") {
			return true
		}
	}
	return false
}

// intellectmoneyAnswer checks who calls, in the order in which the answers
// help most: the bearer token, the signature, the user token.
func (s *Sandbox) intellectmoneyAnswer(c *call, r *http.Request, method intellectmoneyMethod, dialect Dialect) (map[string]string, fields, error) {
	if r.Method != http.MethodPost {
		return nil, nil, intellectmoneyRefuse("Метод запроса должен быть POST.")
	}
	if !sameSecret(r.Header.Get("Authorization"), "Bearer "+s.options.IntellectMoneyBearerToken) {
		return nil, nil, errIntellectMoneyBearer
	}
	values, err := readIntellectMoneyBody(c.body)
	if err != nil {
		return nil, nil, err
	}
	if !sameSecret(r.Header.Get("Sign"), s.intellectmoneySign(method.signed, values)) {
		return values, nil, errIntellectMoneySign
	}
	switch {
	case method.login && (!sameSecret(values["Login"], s.options.IntellectMoneyLogin) || !sameSecret(values["Password"], s.options.IntellectMoneyPassword)):
		return values, nil, errIntellectMoneyLogin
	case !method.login && !sameSecret(values["UserToken"], s.intellectmoneyUserToken()):
		return values, nil, errIntellectMoneyUserToken
	}
	c.authorized()
	var result fields
	err = s.transact(func(tx *sql.Tx) (err error) {
		result, err = method.work(&intellectmoneyCall{sandbox: s, dialect: dialect, tx: tx, values: values})
		return err
	})
	return values, result, err
}

// token is /personal/user/getUserToken; its answer is one unverified claim.
func (c *intellectmoneyCall) token() (fields, error) {
	return fields{{"UserToken", c.sandbox.intellectmoneyUserToken()}}, nil
}

func (s *Sandbox) intellectmoneyUserToken() string {
	s.intellectmoney.mu.Lock()
	defer s.intellectmoney.mu.Unlock()
	return cmp.Or(s.intellectmoney.userToken, s.options.IntellectMoneyUserToken)
}

// RotateIntellectMoneyUserToken ends the user token in force, so that calls
// that carry it are refused until they fetch the new one. Whether and when the
// gateway does so is not known [?].
func (s *Sandbox) RotateIntellectMoneyUserToken() {
	s.intellectmoney.mu.Lock()
	defer s.intellectmoney.mu.Unlock()
	s.intellectmoney.userToken = hexID()
}
