package mask

import (
	"bytes"
	"encoding/json"
	"html"
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
			if got := Text(text, []string{"", "abc", secret}); got != "before *** after" {
				t.Errorf("%s: %s\nbecame %s", name, text, got)
			}
		}
	}
	for _, text := range []string{"Zq81", "Pass", awkward[:len(awkward)-1], "abc"} {
		if got := Text(text, []string{"abc", awkward}); got != text {
			t.Errorf("%s became %s", text, got)
		}
	}
}

// Fields with telling names are hidden in JSON that is quoted in something else.
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
		if got := Text(text, nil); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", text, got, want)
		}
	}
	if got, want := Body([]byte(`{"receipt":"{\"token\":\"abc\",\"n\":1}"}`), nil), `{"receipt":"{\"token\":\"***\",\"n\":1}"}`; got != want {
		t.Errorf("a document in a field: %s, want %s", got, want)
	}
}

// A number is hidden however its digits are grouped, and nothing else is.
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
