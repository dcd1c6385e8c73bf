package p2p

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the gateway's choice, not ours
	"database/sql"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// call is one call of the API and what its work needs.
type call struct {
	*Gateway
	base string
	tx   *sql.Tx
	// key is the id in the path.
	key   string
	query url.Values
	// contentType is that of the body.
	contentType string
	body        []byte
	// changed are invoices whose status has changed. Their merchants are
	// notified after the commit.
	changed *[]Invoice
}

// method is one call and its work, which returns the answer or an *apiError.
// The work runs in one transaction, which an error undoes.
type method struct {
	operation, verb, path string
	body                  body
	work                  func(*call) (any, error)
}

var methods = []method{
	{"p2p.create", http.MethodPost, "/invoices", jsonBody, (*call).create},
	{"p2p.read", http.MethodGet, "/invoices/{key}", noBody, (*call).read},
	{"p2p.cancel", http.MethodPost, "/invoices/{key}/cancel", noBody, (*call).cancel},
	{"p2p.start-deal", http.MethodPost, "/invoices/{key}/start-deal", jsonBody, (*call).startDeal},
	{"p2p.internal-id", http.MethodGet, "/internal-id/{key}", noBody, (*call).byInternalID},
	{"p2p.variants", http.MethodGet, "/invoices/{key}/available-payment-variants", noBody, (*call).availableVariants},
	{"p2p.payment-methods", http.MethodGet, "/payment-methods", noBody, (*call).paymentMethods},
	{"p2p.confirm-transfer", http.MethodPost, "/invoices/{key}/confirm-transfer", fileBody, (*call).confirmTransfer},
	{"p2p.dispute", http.MethodPost, "/invoices/{key}/dispute", fileBody, (*call).dispute},
}

// body is what a call carries.
type body int

// Only a JSON body is signed [V], that with a file is not [P].
const (
	noBody body = iota
	jsonBody
	fileBody
)

// message is one message of an error answer.
type message struct {
	Message string `json:"message"`
}

// apiError is an error answer. Status 0 stands for the status of the dialect.
type apiError struct {
	status   int
	messages []string
}

func (e *apiError) Error() string { return strings.Join(e.messages, "; ") }

func refuse(messages ...string) error { return &apiError{0, messages} }

var (
	errSignature = &apiError{http.StatusUnauthorized, []string{"Неверный ключ или подпись"}}
	errMissing   = &apiError{http.StatusNotFound, []string{"Заявка не найдена"}}
)

// serveAPI serves one call.
func (g *Gateway) serveAPI(c *sandbox.Call, m method) {
	answer, err := g.answer(c, m)
	var refused *apiError
	switch {
	case errors.As(err, &refused):
		var all []message
		for _, text := range refused.messages {
			all = append(all, message{text})
		}
		send(c, cmp.Or(refused.status, g.Number(errorStatus)), all)
	case err != nil:
		sandbox.Fail(c, err)
	case answer == nil:
		c.WriteHeader(http.StatusOK)
	default:
		send(c, http.StatusOK, answer)
	}
}

func send(c *sandbox.Call, status int, answer any) {
	body, err := sandbox.PHPJSON(answer)
	c.Answer(status, "application/json", body, err)
}

// serveUnknown answers calls that the API does not have. They are not recorded.
func serveUnknown(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write([]byte(`[{"message":"Not Found"}]`))
}

func (g *Gateway) answer(c *sandbox.Call, m method) (answer any, err error) {
	if !g.isSigned(c, m) {
		return nil, errSignature
	}
	c.Authorize()
	switch {
	case m.body == noBody && !g.hasNoBody(c):
		return nil, refuse("Тело запроса должно быть пустым")
	case m.body == jsonBody && !c.IsOfType("application/json"):
		return nil, refuse("Формат данных запроса должен быть application/json")
	}
	if err := g.sweep(); err != nil {
		return nil, err
	}
	err = g.transactAndNotify(func(tx *sql.Tx, changed *[]Invoice) (err error) {
		answer, err = m.work(&call{g, c.Base, tx, c.PathValue("key"), c.URL.Query(), c.Request.Header.Get("Content-Type"), c.Body, changed})
		return err
	})
	return answer, err
}

// isSigned reports whether key and signature are right. The signature covers
// the address that the caller used [V].
func (g *Gateway) isSigned(c *sandbox.Call, m method) bool {
	body := c.Body
	if m.body == fileBody || m.body == noBody && g.hasNoBody(c) {
		body = nil
	}
	rightKey := sandbox.SameSecret(c.Request.Header.Get("X-Identity"), g.options.APIKey)
	sent, rightSignature := c.Request.Header.Get("X-Signature"), false
	for _, address := range c.Addresses() {
		want := signature(g.options.SecretKey, c.Method, address, body)
		rightSignature = sandbox.SameSecret(sent, want) || rightSignature
	}
	return rightKey && rightSignature
}

// hasNoBody reports whether a call has no body. A client that sends none as JSON
// writes null, and signs nothing [P].
func (g *Gateway) hasNoBody(c *sandbox.Call) bool {
	return len(c.Body) == 0 || string(c.Body) == "null" && g.Is(checks, "clients")
}

// signature is base64(HMAC-SHA1(secret, method + address + body)), without
// separators [V].
func signature(secret, method, address string, body []byte) string {
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write([]byte(method + address))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
