package provider

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"
)

// secrecy is the places where a secret may stand.
type secrecy int

const (
	// nowhere holds credentials, tokens, signatures and write-only values.
	nowhere secrecy = iota
	// inState holds sensitive attributes. Terraform keeps them in state and plan as they are,
	// and masks them wherever it prints.
	inState
	// inPrint holds what the gateway itself has masked, such as a card's number, and addresses
	// of attachments. It is shown, but does not belong in a log.
	inPrint
	// inErrors holds payers' addresses and telephone numbers. They are in the state, and an
	// error has to say which one the gateway did not accept. No call is logged with them.
	inErrors
	// inLog holds what may be logged, which is no secret.
	inLog
)

// secretLedger holds every secret of a run: the configured ones, and those that really went
// over the wire.
type secretLedger struct {
	mu      sync.Mutex
	secrets map[string]secret // by value
}

type secret struct {
	names []string // one value may have several meanings
	where secrecy
}

// shortest is the minimum length of a secret. A shorter value would be found by chance.
const shortest = 8

func (l *secretLedger) add(name string, where secrecy, values ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, value := range values {
		if len(value) < shortest {
			continue
		}
		known, ok := l.secrets[value]
		if !ok || where < known.where {
			known.where = where
		}
		if !slices.Contains(known.names, name) {
			known.names = append(known.names, name)
		}
		l.secrets[value] = known
	}
}

// has checks that secrets of all these names went over the wire. Without them, finding nothing
// proves nothing.
func (l *secretLedger) has(t *testing.T, names ...string) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, name := range names {
		if !slices.ContainsFunc(slices.Collect(maps.Values(l.secrets)), func(one secret) bool { return slices.Contains(one.names, name) }) {
			t.Errorf("no %s went through", name)
		}
	}
}

// surface is a text that somebody may read.
type surface struct {
	name, text string
	// from is the strictest secrecy that may stand in it. Less secret values may too.
	from secrecy
}

// search looks for every secret in every text, in all the ways of writing it.
func (l *secretLedger) search(t *testing.T, surfaces []surface) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for value, one := range l.secrets {
		for _, in := range surfaces {
			if one.where >= in.from {
				continue
			}
			for _, needle := range needles(value) {
				if at := strings.Index(in.text, needle); at >= 0 {
					t.Errorf("%s: the %s is in it, as %q:\n…%s…", in.name, strings.Join(one.names, ", "), needle,
						in.text[max(0, at-300):min(len(in.text), at+len(needle)+100)])
					break
				}
			}
		}
	}
}

// needles are the ways in which a secret may be written, and what is left when one is cut.
func needles(value string) []string {
	all := writtenAs(value)
	if strings.Contains(value, "://") {
		return all // the parts of an address are no secrets
	}
	words := strings.FieldsFunc(value, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, word := range words {
		if letters := []rune(word); len(letters) >= shortest {
			all = append(all, string(letters[:shortest]), string(letters[len(letters)-shortest:]))
		}
	}
	return all
}

func writtenAs(value string) []string {
	all := []string{value, html.EscapeString(value), url.QueryEscape(value), url.PathEscape(value)}
	for _, escapeHTML := range []bool{true, false} {
		all = append(all, inJSON(value, escapeHTML), strings.ReplaceAll(inJSON(value, escapeHTML), "/", `\/`))
	}
	all = append(all, strings.ReplaceAll(inASCII(value), "/", `\/`))
	for _, one := range all {
		all = append(all, unquoted(strconv.Quote(one))) // as a log quotes it
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func inJSON(value string, escapeHTML bool) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(escapeHTML)
	_ = encoder.Encode(value)
	return unquoted(strings.TrimSpace(b.String()))
}

func inASCII(value string) string { return unquoted(strconv.QuoteToASCII(value)) }

func unquoted(text string) string { return text[1 : len(text)-1] }

// ofRequest notes the secrets of a request and returns them.
func (l *secretLedger) ofRequest(r *http.Request, body []byte) []string {
	var sent []string
	note := func(name string, where secrecy, value string) {
		if value != "" {
			l.add(name, where, value)
			sent = append(sent, value)
		}
	}
	gatewayName := gatewayOf(r)
	for _, name := range []string{"Authorization", "X-Identity", "X-Signature", "Sign"} {
		value := r.Header.Get(name)
		if _, credentials, ok := strings.Cut(value, " "); ok {
			value = credentials // without "Basic" or "Bearer"
		}
		note(gatewayName+" header "+name, nowhere, value)
	}
	if _, password, ok := r.BasicAuth(); ok {
		note(gatewayName+" password", nowhere, password)
	}
	if form, err := url.ParseQuery(string(body)); err == nil {
		note(gatewayName+" security token", nowhere, form.Get("token"))
		l.add("payer's address, sent", inErrors, form.Get("client_email"))
		l.add("payer's telephone number, sent", inErrors, form.Get("client_phone"))
	}
	var fields struct {
		UserToken, Password string
		NotificationToken   string `json:"notificationToken"`
		PaymentRequisites   struct{ Requisites, Holder string }
	}
	_ = json.Unmarshal(body, &fields) // a form is no JSON
	note(gatewayName+" user token", nowhere, fields.UserToken)
	note(gatewayName+" password", nowhere, fields.Password)
	// The secret of a write-only argument is in the ledger already and stays what it is.
	note("notification token", inState, fields.NotificationToken)
	note("payout requisites", inState, fields.PaymentRequisites.Requisites)
	note("payout holder", inState, fields.PaymentRequisites.Holder)
	return sent
}

// answered are the fields of answers that are secret wherever they stand.
var answered = []struct {
	name    string
	where   secrecy
	pattern *regexp.Regexp
}{
	{"fetched token", nowhere, regexp.MustCompile(`"(?:token|UserToken)":("(?:[^"\\]|\\.)*")`)},
	{"requisites", inState, regexp.MustCompile(`"requisites":("(?:[^"\\]|\\.)*")`)},
	{"holder", inState, regexp.MustCompile(`"holder":("(?:[^"\\]|\\.)*")`)},
	{"QR code", inState, regexp.MustCompile(`"qrCodeLink":("(?:[^"\\]|\\.)*")`)},
	{"attachment of a dispute", inPrint, regexp.MustCompile(`"disputeAttachment":("(?:[^"\\]|\\.)*")`)},
	{"payer's address", inErrors, regexp.MustCompile(`"(?:client_email|UserEmail|OwnerEmail)":("(?:[^"\\]|\\.)*")`)},
	{"payer's name", inErrors, regexp.MustCompile(`"OwnerFIO":("(?:[^"\\]|\\.)*")`)},
	{"payer's telephone number", inErrors, regexp.MustCompile(`"client_phone":("(?:[^"\\]|\\.)*")`)},
	{"account", inPrint, regexp.MustCompile(`"account":("(?:[^"\\]|\\.)*")`)},
}

func (l *secretLedger) ofAnswer(body []byte) {
	for _, one := range answered {
		for _, match := range one.pattern.FindAllSubmatch(body, -1) {
			var value string
			if json.Unmarshal(match[1], &value) == nil {
				l.add(one.name, one.where, value)
			}
		}
	}
}

// telling are field names whose values do not belong in a log, whoever they belong to. The
// gateway of these tests adds one of each to its answers.
var telling = []string{
	"token", "clientSecret", "signature", "sign", "password", "api_key", "cardNumber", "pan", "ShortPan", "cvc", "cvv2", "Requisite", "holderName", "bankAccount", "qr-code", "dispute_attachment",
}

// planted writes such fields. They begin with another one each time, since errors quote only
// the beginning of an answer.
func (l *secretLedger) planted(n int) string {
	var b strings.Builder
	for i := range telling {
		name := telling[(i+n)%len(telling)]
		value := fmt.Sprintf("planted%s%s", strings.ToUpper(strings.NewReplacer("-", "", "_", "").Replace(name)), strings.Repeat("7", 4))
		l.add("value of a field "+name, nowhere, value)
		fmt.Fprintf(&b, "%q:%q,", name, value)
	}
	return strings.TrimSuffix(b.String(), ",")
}

func gatewayOf(r *http.Request) string {
	return strings.Split(strings.TrimPrefix(r.URL.Path, "/"), "/")[0]
}
