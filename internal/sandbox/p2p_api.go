package sandbox

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the gateway's choice, not ours
	"crypto/subtle"
	"database/sql"
	"encoding/base64"
	"errors"
	"mime"
	"net/http"
	"strings"
)

// p2pCall is one call of the merchant invoices API and what its work needs.
type p2pCall struct {
	sandbox *Sandbox
	dialect Dialect
	base    string
	tx      *sql.Tx
	// key is the id in the path.
	key  string
	body []byte
	// changed are invoices whose status has changed, to be told of after the
	// commit.
	changed []P2PInvoice
}

// p2pMethod is one call: where it is, and its work, which answers what to
// send, or a p2pError. Work runs in one transaction, which an error undoes.
type p2pMethod struct {
	operation, verb, path string
	// body says whether the call has a JSON body. Others have none at all:
	// the signature then covers method and address only [V].
	body bool
	work func(*p2pCall) (any, error)
}

var p2pMethods = []p2pMethod{
	{"p2p.create", http.MethodPost, "/invoices", true, (*p2pCall).create},
	{"p2p.read", http.MethodGet, "/invoices/{key}", false, (*p2pCall).read},
	{"p2p.cancel", http.MethodPost, "/invoices/{key}/cancel", false, (*p2pCall).cancel},
	{"p2p.start-deal", http.MethodPost, "/invoices/{key}/start-deal", true, (*p2pCall).startDeal},
	{"p2p.internal-id", http.MethodGet, "/internal-id/{key}", false, (*p2pCall).byInternalID},
}

// p2pMessages is an error answer.
type p2pMessages []struct {
	Message string `json:"message"`
}

// p2pError is what the gateway says instead of an answer. Status 0 is that of
// the dialect.
type p2pError struct {
	status   int
	messages []string
}

func (e *p2pError) Error() string { return strings.Join(e.messages, "; ") }

func (e *p2pError) answer() p2pMessages {
	var answer p2pMessages
	for _, message := range e.messages {
		answer = append(answer, struct {
			Message string `json:"message"`
		}{message})
	}
	return answer
}

func p2pRefuse(messages ...string) error { return &p2pError{0, messages} }

var (
	errP2PSignature = &p2pError{http.StatusUnauthorized, []string{"Неверный ключ или подпись"}}
	errP2PMissing   = &p2pError{http.StatusNotFound, []string{"Заявка не найдена"}}
)

// p2pAPI serves one call.
func (s *Sandbox) p2pAPI(w http.ResponseWriter, r *http.Request, method p2pMethod) {
	s.serve(w, r, method.operation, func(c *call, r *http.Request) {
		dialect := s.currentDialect()
		answer, err := s.p2pAnswer(c, r, method, dialect)
		var refused *p2pError
		switch {
		case errors.As(err, &refused) && refused.status != 0:
			p2pWrite(c, refused.status, refused.answer())
		case errors.As(err, &refused):
			p2pWrite(c, dialect.P2PErrorStatus, refused.answer())
		case err != nil:
			http.Error(c, "sandbox: "+err.Error(), http.StatusInternalServerError)
		case answer == nil:
			c.WriteHeader(http.StatusOK)
		default:
			p2pWrite(c, http.StatusOK, answer)
		}
	})
}

func p2pWrite(w http.ResponseWriter, status int, answer any) {
	body, err := phpJSON(answer)
	if err != nil {
		http.Error(w, "sandbox: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func (s *Sandbox) p2pAnswer(c *call, r *http.Request, method p2pMethod, dialect Dialect) (any, error) {
	if !s.p2pSigned(r, c.body) {
		return nil, errP2PSignature
	}
	c.authorized()
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case !method.body && len(c.body) > 0:
		return nil, p2pRefuse("Тело запроса должно быть пустым")
	case method.body && (err != nil || kind != "application/json"):
		return nil, p2pRefuse("Формат данных запроса должен быть application/json")
	}
	if err := s.sweepP2P(); err != nil {
		return nil, err
	}
	work := &p2pCall{sandbox: s, dialect: dialect, base: s.base(r), key: r.PathValue("key"), body: c.body}
	var answer any
	err = s.transact(func(tx *sql.Tx) (err error) {
		work.tx = tx
		answer, err = method.work(work)
		return err
	})
	if err == nil {
		s.notifyP2P(work.changed...)
	}
	return answer, err
}

// p2pSigned checks who asks. The address is the one the caller used [V], so
// behind a proxy it starts with Options.PublicURL.
func (s *Sandbox) p2pSigned(r *http.Request, body []byte) bool {
	want := p2pSignature(s.options.P2PSecretKey, r.Method, s.base(r)+r.RequestURI, body)
	rightKey := subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Identity")), []byte(s.options.P2PAPIKey)) == 1
	rightSignature := subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Signature")), []byte(want)) == 1
	return rightKey && rightSignature
}

// p2pSignature is base64(HMAC-SHA1(secret, method + address + body)), with
// nothing in between [V].
func p2pSignature(secret, method, address string, body []byte) string {
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write([]byte(method + address))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
