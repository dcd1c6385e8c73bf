package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

const awkward = `Päss/"<w>&+%41'\\ Zq81`

// escapes are ways in which a server may write what it was sent.
func escapes() map[string]func(string) string {
	inJSON := func(text string) string {
		var b bytes.Buffer
		_ = json.NewEncoder(&b).Encode(text)
		return unquoted(strings.TrimSpace(b.String()))
	}
	return map[string]func(string) string{
		"as it is":     func(text string) string { return text },
		"JSON":         inJSON,
		"JSON of PHP":  func(text string) string { return strings.ReplaceAll(inJSON(text), "/", `\/`) },
		"JSON in JSON": func(text string) string { return inJSON(inJSON(text)) },
		"ASCII":        func(text string) string { return unquoted(strconv.QuoteToASCII(text)) },
		"HTML":         html.EscapeString,
		"HTML of PHP": func(text string) string {
			return strings.NewReplacer("&#34;", "&quot;", "&#39;", "&#039;").Replace(html.EscapeString(text))
		},
		"HTML, twice":    func(text string) string { return html.EscapeString(html.EscapeString(text)) },
		"JSON in HTML":   func(text string) string { return html.EscapeString(inJSON(text)) },
		"JSON in a form": func(text string) string { return url.QueryEscape(inJSON(text)) },
		"a form":         url.QueryEscape,
		"an address":     url.PathEscape,
		"lower case":     func(text string) string { return percentLower(url.QueryEscape(text)) },
		"a form twice":   func(text string) string { return strings.ReplaceAll(url.PathEscape(text), "%", "%25") },
		"white space":    func(text string) string { return strings.ReplaceAll(text, " ", "\r\n\t") },
	}
}

func unquoted(text string) string { return text[1 : len(text)-1] }

func percentLower(text string) string {
	for i := 0; i+2 < len(text); i++ {
		if text[i] == '%' {
			text = text[:i] + strings.ToLower(text[i:i+3]) + text[i+3:]
		}
	}
	return text
}

func TestSecretsAreHiddenHoweverTheyAreWritten(t *testing.T) {
	for name, escape := range escapes() {
		for _, secret := range []string{awkward, "ИВАН «ПЕТРОВ» 😀", `"<&>"`, "plain81", "2Nq+zY/x9A=="} {
			text := "before " + escape(secret) + " after"
			if got := maskText(text, []string{"", "abc", secret}); got != "before *** after" {
				t.Errorf("%s: %s\nbecame %s", name, text, got)
			}
		}
	}
	for _, text := range []string{"Zq81", "Pass", awkward[:len(awkward)-1], "abc"} {
		if got := maskText(text, []string{"abc", awkward}); got != text {
			t.Errorf("%s became %s", text, got)
		}
	}
}

// Fields of telling names, in JSON that stands in something else.
func TestFieldsAreHiddenInQuotedDocuments(t *testing.T) {
	for text, want := range map[string]string{
		`said \"token\": \"a\\\"b\", \"id\":\"1\"`:               `said \"token\": \"***\", \"id\":\"1\"`,
		`{\"a\":{\"cvc\":852,\"pan\":\"5\\\/6`:                   `{\"a\":{\"cvc\":\"***\",\"pan\":\"***\"`,
		`{&quot;token&quot;:&quot;a\&quot;b&quot;,&quot;n&quot;`: `{&quot;token&quot;:&quot;***&quot;,&quot;n&quot;`,
		`&#34;holder&#34; : &#34;I &amp; I&#34;`:                 `&#34;holder&#34; : &#34;***&#34;`,
		`%7B%22sign%22%3A+%22a%2Bb%22%2C%22id%22%3A%221%22%7D`:   `%7B%22sign%22%3A+%22***%22%2C%22id%22%3A%221%22%7D`,
		`\"token\":null,\"card\":\"\",\"x\":\"y\"`:               `\"token\":null,\"card\":\"\",\"x\":\"y\"`,
		`100% & \ more`: `100% & \ more`,
	} {
		if got := maskText(text, nil); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", text, got, want)
		}
	}
	if got, want := maskBody([]byte(`{"receipt":"{\"token\":\"abc\",\"n\":1}"}`), nil), `{"receipt":"{\"token\":\"***\",\"n\":1}"}`; got != want {
		t.Errorf("a document in a field: %s, want %s", got, want)
	}
}

// An excerpt ends somewhere: never in the middle of a secret.
func TestExcerptsCutNoSecretInHalf(t *testing.T) {
	const holder, card = "КОНСТАНТИНОПОЛЬСКИЙ ИВАН", "5543 7354 8462 6654"
	for before := range 230 {
		for _, secret := range []string{holder, card, awkward} {
			s := newServer(t, answering(200, strings.Repeat("ж", before)+" "+secret+" end"))
			config := quick(0)
			config.Secrets = []string{holder}
			call := callTo(s.URL, true)
			call.Secrets = []string{awkward}
			answer, err := New(config).Do(t.Context(), call)
			s.Close()
			if err != nil {
				t.Fatal(err)
			}
			text := answer.Unusable(nil).Error()
			for _, part := range []string{string([]rune(secret)[:5]), string([]rune(secret)[len([]rune(secret))-5:])} {
				if strings.Contains(text, part) {
					t.Fatalf("%d characters before it: %q is in %q", before, part, text)
				}
			}
		}
	}
}

// Whatever part of an error a server has a hand in.
func TestErrorHidesSecretsInEveryPart(t *testing.T) {
	cause := errors.New("it said " + awkward)
	client := New(Config{Name: "Test gateway", Secrets: []string{"config-secret"}})
	e := client.Error("Make", &Error{
		Code: "code-" + awkward, Text: "config-secret 5543735484626654", Fields: map[string][]string{"field " + awkward: {"bad: " + url.QueryEscape(awkward)}},
		Cause: fmt.Errorf("wrapped: %w", cause),
	}, awkward)
	if got, want := e.Error(), "Test gateway, Make: error code-***, «*** ***», field ***: «bad: ***», wrapped: it said ***"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if !errors.Is(e, cause) {
		t.Error("a masked error is no longer what it was")
	}
}

// A redirect is told as people read it, and without its query.
func TestRedirectsAreToldWithoutSecrets(t *testing.T) {
	answer := &Answer{Status: 302, Header: http.Header{"Location": {"https://x.example/" + url.PathEscape(awkward) + "/5543%207354%208462%206654?token=abc"}}}
	e := New(Config{Name: "G", Secrets: []string{awkward}}).Error("Make", answer.Unusable(nil))
	wantContains(t, e.Error(), `redirected to "https://x.example/***/***": wrong login`)
}

// What a server sends instead of HTTP is quoted by Go's errors, and logged.
func TestFailedAttemptsLogNoSecret(t *testing.T) {
	s := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
		connection, _, _ := http.NewResponseController(w).Hijack()
		_, _ = fmt.Fprintf(connection, "HTTP/1.1 200 OK\r\nyou sent %s\r\n\r\n", awkward)
		_ = connection.Close()
	})
	logged := &records{}
	config := quick(0)
	config.Log = logged.log
	call := callTo(s.URL, true)
	call.Secrets = []string{awkward}
	_, err := New(config).Do(t.Context(), call)
	if err == nil || !strings.Contains(err.Error(), "you sent ***") || !strings.Contains(logged.text(), "you sent ***") {
		t.Errorf("%v\n%s", err, logged.text())
	}
}

// A number is hidden however its digits are set apart, and nothing else is.
func TestNumbersAreHiddenHoweverTheyAreWritten(t *testing.T) {
	hide := hider([]string{"+7 (996) 777-99-77", "40817810099910004312", "12345678"})
	for text, want := range map[string]string{
		"телефон 79967779977 занят":             "телефон *** занят",
		"телефон 7 996 777 99 77":               "телефон ***",
		"телефон +7(996)777-99-77":              "телефон +***",
		"счёт 40817 810 0 9991 0004312":         "счёт ***",
		"счёт 40817 810 0 9991 0004313":         "счёт 40817 810 0 9991 0004313",
		"the number 1234 5678 is too short":     "the number 1234 5678 is too short",
		"order 7996 of 777 and others, 99 or 7": "order 7996 of 777 and others, 99 or 7",
	} {
		if got := hide(text); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}

func TestLocationIsServerAndPath(t *testing.T) {
	for location, want := range map[string]string{
		"https://user:secret@x.example/login?sid=secret#secret": "https://x.example/login",
		"/login#secret":           "/login",
		"http://x:zz/?sid=secret": "an address that cannot be read",
		"":                        "",
	} {
		if got := (&Answer{Header: http.Header{"Location": {location}}}).Location(); got != want {
			t.Errorf("%q is shown as %q, want %q", location, got, want)
		}
	}
}
