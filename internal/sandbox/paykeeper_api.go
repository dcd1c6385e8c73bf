package sandbox

import (
	"crypto/subtle"
	"database/sql"
	"errors"
	"mime"
	"net/http"
	"net/url"
)

// paykeeperCall is one call of the PayKeeper API and what its work needs.
type paykeeperCall struct {
	sandbox *Sandbox
	dialect Dialect
	base    string
	tx      *sql.Tx
	// form is the query of a GET and the body of a POST.
	form url.Values
}

// paykeeperMethod is one call: where it is, how it is asked, and its work,
// which answers what to send, or a *paykeeperError. Work runs in one
// transaction, which an error undoes.
type paykeeperMethod struct {
	operation, verb, path string
	work                  func(*paykeeperCall) (any, error)
}

var paykeeperMethods = []paykeeperMethod{
	{"paykeeper.token", http.MethodGet, "/info/settings/token/", (*paykeeperCall).token},
	{"paykeeper.byid", http.MethodGet, "/info/invoice/byid/", (*paykeeperCall).byID},
	{"paykeeper.list", http.MethodGet, "/info/invoice/list/", (*paykeeperCall).list},
	{"paykeeper.listcount", http.MethodGet, "/info/invoice/listcount/", (*paykeeperCall).listCount},
	{"paykeeper.search", http.MethodGet, "/info/invoice/search/", (*paykeeperCall).search},
	{"paykeeper.preview", http.MethodPost, "/change/invoice/preview/", (*paykeeperCall).preview},
	{"paykeeper.send", http.MethodPost, "/change/invoice/send/", (*paykeeperCall).send},
	{"paykeeper.revoke", http.MethodPost, "/change/invoice/revoke/", (*paykeeperCall).revoke},
}

// paykeeperError is an error answer. Its code shows on newer servers only;
// their numbers are not known, and the sandbox's are its own [?].
type paykeeperError struct {
	code int
	msg  string
}

func (e *paykeeperError) Error() string { return e.msg }

func paykeeperRefuse(msg string) error { return &paykeeperError{1, msg} }

var (
	errPayKeeperToken   = &paykeeperError{2, "Токен безопасности не верен."}
	errPayKeeperMissing = &paykeeperError{3, "Счёт не найден."}
)

// paykeeperAPI serves one call.
func (s *Sandbox) paykeeperAPI(w http.ResponseWriter, r *http.Request, method paykeeperMethod) {
	s.serve(w, r, method.operation, func(c *call, r *http.Request) {
		dialect := s.currentDialect()
		if !s.paykeeperAuthorized(r) {
			s.paykeeperWrongLogin(c, r, dialect)
			return
		}
		c.authorized()
		if method.operation == "paykeeper.search" && dialect.PayKeeperSearch == "false" {
			render(c, http.StatusNotFound, "missing", map[string]any{"Title": "404 Not Found"})
			return
		}
		answer, err := s.paykeeperAnswer(c, r, method, dialect)
		var refused *paykeeperError
		switch {
		case errors.As(err, &refused):
			fail := map[string]any{"result": "fail", "msg": refused.msg}
			if dialect.PayKeeperErrorCode {
				fail["error_code"] = refused.code
			}
			answer = fail
		case err != nil:
			http.Error(c, "sandbox: "+err.Error(), http.StatusInternalServerError)
			return
		}
		paykeeperWrite(c, dialect, answer)
	})
}

// paykeeperWrite sends JSON. Errors, too, have status 200 [P].
func paykeeperWrite(w http.ResponseWriter, dialect Dialect, answer any) {
	body, err := phpJSON(answer)
	if err != nil {
		http.Error(w, "sandbox: "+err.Error(), http.StatusInternalServerError)
		return
	}
	kind := "text/html; charset=utf-8"
	if dialect.PayKeeperContentType == "json" {
		kind = "application/json"
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(body)
}

func (s *Sandbox) paykeeperAnswer(c *call, r *http.Request, method paykeeperMethod, dialect Dialect) (any, error) {
	if r.Method != method.verb {
		return nil, paykeeperRefuse("Метод запроса должен быть " + method.verb + ".")
	}
	form := r.URL.Query()
	if method.verb == http.MethodPost {
		form = paykeeperForm(c, r)
		if !s.paykeeperTokenValid(form.Get("token")) {
			return nil, errPayKeeperToken
		}
	}
	var answer any
	err := s.transact(func(tx *sql.Tx) (err error) {
		if err := s.expirePayKeeperInvoices(tx); err != nil {
			return err
		}
		answer, err = method.work(&paykeeperCall{sandbox: s, dialect: dialect, base: s.base(r), tx: tx, form: form})
		return err
	})
	return answer, err
}

// paykeeperForm reads the fields of a POST. A body in another format has no
// fields, as PHP has it [I]: then the token is missing.
func paykeeperForm(c *call, r *http.Request) url.Values {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return nil
	}
	form, err := url.ParseQuery(string(c.body))
	if err != nil {
		return nil
	}
	return form
}

func (s *Sandbox) paykeeperAuthorized(r *http.Request) bool {
	login, password, ok := r.BasicAuth()
	rightLogin := subtle.ConstantTimeCompare([]byte(login), []byte(s.options.PayKeeperLogin)) == 1
	rightPassword := subtle.ConstantTimeCompare([]byte(password), []byte(s.options.PayKeeperPassword)) == 1
	return ok && rightLogin && rightPassword
}

// paykeeperWrongLogin answers in one of the three ways that clients meet [P].
func (s *Sandbox) paykeeperWrongLogin(c *call, r *http.Request, dialect Dialect) {
	switch dialect.PayKeeperLogin {
	case "303":
		c.Header().Set("Location", s.base(r)+paykeeperLoginPath)
		c.WriteHeader(http.StatusSeeOther)
	case "html":
		paykeeperLoginPage(c, http.StatusOK)
	default:
		c.Header().Set("WWW-Authenticate", `Basic realm="PayKeeper"`)
		paykeeperLoginPage(c, http.StatusUnauthorized)
	}
}

func paykeeperLoginPage(w http.ResponseWriter, status int) {
	render(w, status, "paykeeper_login", map[string]any{"Title": "Вход в личный кабинет"})
}
