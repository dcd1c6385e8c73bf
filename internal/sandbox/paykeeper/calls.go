package paykeeper

import (
	"database/sql"
	"errors"
	"net/http"
	"net/url"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// call is one call of the API and what its work needs.
type call struct {
	*Gateway
	base string
	tx   *sql.Tx
	// form is the query of a GET and the body of a POST.
	form url.Values
}

// method is one call and its work, which returns the answer or an *apiError.
// Without an answer, the body is empty.
// The work runs in one transaction, which an error undoes.
type method struct {
	operation, verb, path string
	work                  func(*call) (any, error)
}

var methods = []method{
	{"paykeeper.token", http.MethodGet, "/info/settings/token/", (*call).fetchToken},
	{"paykeeper.byid", http.MethodGet, "/info/invoice/byid/", (*call).byID},
	{"paykeeper.list", http.MethodGet, "/info/invoice/list/", (*call).list},
	{"paykeeper.listcount", http.MethodGet, "/info/invoice/listcount/", (*call).listCount},
	{"paykeeper.search", http.MethodGet, "/info/invoice/search/", (*call).search},
	{"paykeeper.preview", http.MethodPost, "/change/invoice/preview/", (*call).preview},
	{"paykeeper.send", http.MethodPost, "/change/invoice/send/", (*call).send},
	{"paykeeper.revoke", http.MethodPost, "/change/invoice/revoke/", (*call).revoke},
	{"paykeeper.payment", http.MethodGet, "/info/payments/byid/", (*call).paymentByID},
	{"paykeeper.refunds", http.MethodGet, "/info/refunds/bypaymentid/", (*call).refundsOfPayment},
	{"paykeeper.reverse", http.MethodPost, "/change/payment/reverse/", (*call).reverse},
}

// apiError is an error answer. Only newer servers show its code. Their codes
// are not known, so the sandbox has its own [?].
type apiError struct {
	code int
	msg  string
}

func (e *apiError) Error() string { return e.msg }

func refuse(msg string) error { return &apiError{1, msg} }

var (
	errToken   = &apiError{2, "Токен безопасности не верен."}
	errMissing = &apiError{3, "Счёт не найден."}
)

// serveAPI serves one call.
func (g *Gateway) serveAPI(c *sandbox.Call, m method) {
	if !c.HasLogin(g.options.Login, g.options.Password) {
		g.refuseLogin(c)
		return
	}
	c.Authorize()
	if m.operation == "paykeeper.search" && g.Is(hasSearch, "false") {
		sandbox.RenderMissing(c, c.Request, sandbox.ErrNotFound, "404 Not Found")
		return
	}
	answer, err := g.answer(c, m)
	var refused *apiError
	switch {
	case errors.As(err, &refused):
		fail := map[string]any{"result": "fail", "msg": refused.msg}
		if g.Is(errorCode, "true") {
			fail["error_code"] = refused.code
		}
		answer = fail
	case err != nil:
		sandbox.Fail(c, err)
		return
	}
	kind := "text/html; charset=utf-8"
	if g.Is(contentType, "json") {
		kind = "application/json"
	}
	if m.operation == "paykeeper.reverse" && g.Is(reverseShape, "array") {
		answer = []any{answer}
	}
	if answer == nil {
		c.Answer(http.StatusOK, kind, nil, nil)
		return
	}
	body, err := sandbox.PHPJSON(answer)
	c.Answer(http.StatusOK, kind, body, err) // Errors, too, have status 200 [P].
}

func (g *Gateway) answer(c *sandbox.Call, m method) (answer any, err error) {
	if c.Method != m.verb {
		return nil, refuse("Метод запроса должен быть " + m.verb + ".")
	}
	form := asPHPReads(c.URL.Query())
	if m.verb == http.MethodPost {
		// A body in another format has no fields, as in PHP [I]. So the token
		// is missing.
		form = nil
		if c.IsOfType("application/x-www-form-urlencoded") {
			if sent, err := url.ParseQuery(string(c.Body)); err == nil {
				form = asPHPReads(sent)
			}
		}
		if !g.isTokenInForce(form.Get("token")) {
			return nil, errToken
		}
	}
	err = g.Transact(func(tx *sql.Tx) (err error) {
		if err := errors.Join(g.expire(tx), g.settle(tx)); err != nil {
			return err
		}
		answer, err = m.work(&call{g, c.Base, tx, form})
		return err
	})
	return answer, err
}

// refuseLogin sends one of the three answers that clients meet [P].
func (g *Gateway) refuseLogin(c *sandbox.Call) {
	switch g.Value(wrongLogin) {
	case "303":
		c.Header().Set("Location", c.Base+loginPath)
		c.WriteHeader(http.StatusSeeOther)
	case "html":
		renderLogin(c, c.Request, http.StatusOK)
	default:
		c.Header().Set("WWW-Authenticate", `Basic realm="PayKeeper"`)
		renderLogin(c, c.Request, http.StatusUnauthorized)
	}
}

func renderLogin(w http.ResponseWriter, r *http.Request, status int) {
	pages.Render(w, r, status, "login", map[string]any{"Title": "Вход в личный кабинет"})
}
