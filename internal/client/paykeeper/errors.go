package paykeeper

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/lazyregexp"
)

var (
	// ErrWrongLogin is the cause where PayKeeper does not know the login: HTTP 401, a
	// redirect to the login page, or that page itself with HTTP 200. An address that is
	// not a PayKeeper server looks the same.
	ErrWrongLogin = errors.New("wrong login or server: login, password and base_url must be those of the merchant's own PayKeeper server")
	// ErrNoSearch is the cause where the server has no /info/invoice/search/, as older
	// ones do not.
	ErrNoSearch = errors.New("this PayKeeper server has no search for invoices")
)

// refusal is the gateway's error body, {"result":"fail","msg":"…"}; newer
// servers add "error_code".
type refusal struct{ code, text string }

// parseRefusal returns nil when the body is not a refusal. Invoices, lists and counts
// have no field "result"; a success has one that says so.
func parseRefusal(body []byte) *refusal {
	var wire struct {
		Result values.Text `json:"result"`
		Msg    values.Text `json:"msg"`
		Code   values.Text `json:"error_code"`
	}
	if readSingle(body, &wire) != nil {
		return nil
	}
	switch strings.ToLower(string(wire.Result)) {
	case "fail", "error", "false":
		return &refusal{code: string(wire.Code), text: string(wire.Msg)}
	}
	return nil
}

// judge returns what is wrong with an answer, and nil for a success.
func judge(answer *transport.Answer, body []byte) *transport.Error {
	refused := parseRefusal(body)
	switch {
	case answer.Status == http.StatusUnauthorized, answer.IsRedirect(), answer.IsSuccess() && bytes.HasPrefix(body, []byte("<")):
		e := answer.Unusable(nil)
		e.Cause = ErrWrongLogin
		if location := answer.Location(); location != "" {
			e.Cause = fmt.Errorf("%w (it redirects to %q)", ErrWrongLogin, location)
		}
		if refused != nil {
			e.Code, e.Text = refused.code, refused.text
		}
		return e
	case refused != nil:
		return answer.Refusal(refused.code, refused.text)
	case !answer.IsSuccess():
		return answer.Unusable(nil)
	}
	return nil
}

// «Токен безопасности не верен.» is the known text.
var saysStaleToken = lazyregexp.New(`(?i)токен.*(не\s*верен|неверный|недействител|устарел|ист[её]к)`)

// isStaleToken reports whether a call was refused, and provably not carried out,
// because of its token.
func isStaleToken(err error) bool {
	e, ok := transport.AsRefusal(err)
	return ok && saysStaleToken().MatchString(e.Text)
}

var (
	saysNoInvoice = saysNo(`сч[её]т`, `invoice`)
	saysNoPayment = saysNo(`плат[её]ж`, `payment`)
	saysNoRefunds = saysNo(`возврат(?:ы|ов)?`, `refunds?`)
	// «Лицевой счёт не найден» is about the merchant's account, «Счёт клиента
	// не найден» may be.
	saysOther = lazyregexp.New(`(?i)лицевой|расч[её]тный|пользовател|логин|парол|магазин|клиент|токен|метод|страниц|сервер|доступ|авториз|user|login|password|client|account|token|method|page|server|access|auth`)
)

// saysNo is a pattern for an answer that there is no such object. The noun is in the
// nominative, with a few words between: «Счёт с таким номером не найден» speaks of the
// invoice, «По счёту не найдено платежей» does not.
func saysNo(russian, english string) func() *regexp.Regexp {
	return lazyregexp.New(`(?i)(?:^|[^а-яё])` + russian + `(\s+[^\s.,;:]+){0,4}?\s+не\s+(найден|существует)|не\s+(найден|существует)\s+` + russian + `|` +
		english + `(\s+[^\s.,;:]+){0,4}?\s+(not\s+found|does\s+not\s+exist)|no\s+such\s+` + english + `|` +
		`^[\s.!«»"]*(not\s+found|не\s+найден[оаы]?)[\s.!«»"]*$`)
}

// isNotFound reports whether the gateway itself said that there is no such
// object: «Счёт не найден.». A wrong login, server errors and pages that are
// not the gateway's never say so.
func isNotFound(err error, saysNo func() *regexp.Regexp) bool {
	e, ok := transport.AsRefusal(err)
	return ok && e.Status != http.StatusForbidden && saysNo().MatchString(e.Text) && !saysOther().MatchString(e.Text)
}

// isNoSearch reports whether the address is missing on this server. A server that has
// accepted these credentials before and now rejects them has no such page either. That
// is not certain, since a proxy may have answered.
func isNoSearch(err error, accepted bool) (missing, certain bool) {
	e, ok := errors.AsType[*transport.Error](err)
	if !ok || e.Text != "" {
		return false, false
	}
	switch e.Status {
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return true, true
	case http.StatusUnauthorized:
		return false, false
	}
	return accepted && errors.Is(err, ErrWrongLogin), false
}

// readSingle reads an answer that is an object, or an array of one.
func readSingle(body []byte, into any) error {
	var list []json.RawMessage
	if len(body) > 0 && body[0] == '[' {
		if err := json.Unmarshal(body, &list); err != nil {
			return err
		}
		if len(list) != 1 {
			return fmt.Errorf("a list of %d where one object belongs", len(list))
		}
		body = bytes.TrimSpace(list[0])
	}
	if len(body) == 0 || body[0] != '{' {
		return errors.New("it is no JSON object")
	}
	return json.Unmarshal(body, into)
}
