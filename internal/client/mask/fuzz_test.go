package mask

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/oracle"
)

// No log holds a known secret, wherever in a body it stands, nor the value of a field with a
// telling name.
func FuzzMaskBody(f *testing.F) {
	const token = "1526fec01b5d11f4df4f2160627ce351"
	for _, body := range []string{
		`{"token":"a","b":[{"cvc":1}],"n":"5543 7354 8462 6654"}`, "5543-7354-8462-6654 01/22", `{"a":"` + token + `"}`, `{"` + token + `":1}`,
		`{"id":"2245bf86877afc315813aeac84717fe918869","custom_parameters":{}}`, "<html>", "500 oops", "[1 ,2] 3", "",
		"a=1&token=" + token + "&c", `{"token":"a\"`, `{"a":"s\u0033cr3t+w\u006frd"}`, `{"<p&ss\"word>":"<p&ss\"word>"}`, `{"\u003cp\u0026ss\u0022word>":[1]} Warning`,
	} {
		for _, secret := range []string{token, `<p&ss"word>`, "s3cr3t+word", "пароль", "5543"} {
			f.Add([]byte(body), secret)
		}
	}
	f.Fuzz(func(t *testing.T, body []byte, secret string) {
		// Three asterisks hide a secret. A secret made of asterisks looks the same.
		if len(secret) < minSecret || strings.Contains(secret, "*") {
			secret = token
		}
		secrets := []string{"", secret}
		got := Body(body, secrets)
		if strings.Contains(got, secret) {
			t.Errorf("the secret %q stays in %q", secret, got)
		}
		if Body(body, secrets) != got {
			t.Errorf("%q is masked in two ways", body)
		}
		if again := Body([]byte(got), secrets); len(again) > len(got)*6+10 {
			t.Errorf("%q grows to %q", got, again)
		}
		if value, isJSON := oracle.Parse([]byte(got)); isJSON && slices.ContainsFunc(textsOf(value), func(text string) bool { return strings.Contains(text, secret) }) {
			t.Errorf("the secret %q stays, escaped, in %q", secret, got)
		}
		checkEmbeddedSecret(t, strings.ToValidUTF8(string(body), "?"), strings.ToValidUTF8(secret, "????"))
		if line := Excerpt(string(body), secrets); strings.Contains(line, secret) || strings.ContainsAny(line, "\r\n") || !utf8.ValidString(line) || utf8.RuneCountInString(line) > 1000 {
			t.Errorf("the excerpt %q", line)
		}
	})
}

// checkEmbeddedSecret writes a secret, surrounded by other text, into bodies as gateways and
// clients write them.
func checkEmbeddedSecret(t *testing.T, around, secret string) {
	t.Helper()
	text := around + secret + around
	if wrapped, err := json.Marshal(map[string]any{"note": text, text: []any{text}}); err == nil {
		got := Body(wrapped, []string{secret})
		value, isJSON := oracle.Parse([]byte(got))
		if strings.Contains(got, secret) || isJSON && slices.ContainsFunc(textsOf(value), func(text string) bool { return strings.Contains(text, secret) }) {
			t.Errorf("the secret %q stays in %q, masked as %q", secret, wrapped, got)
		}
	}
	form := Body([]byte(url.Values{"a": {text}, "token": {"v" + around + "v"}}.Encode()), []string{secret})
	for pair := range strings.SplitSeq(form, "&") {
		_, value, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(value); err == nil && strings.Contains(plain, secret) || strings.Contains(form, secret) {
			t.Errorf("the secret %q stays in the form %q", secret, form)
		}
	}
	if form := Body([]byte(url.Values{"token": {"v" + around + "v"}}.Encode()), nil); form != "token=***" {
		t.Errorf("a form with %q is masked as %q", around, form)
	}
	// Wherever a field of that name stands, its text is hidden.
	if wrapped, err := json.Marshal(map[string]any{"x": []any{map[string]any{"api_key": "v" + around + "v"}}}); err == nil {
		if got := Body(wrapped, nil); got != `{"x":[{"api_key":"***"}]}` {
			t.Errorf("%q is masked as %q", wrapped, got)
		}
	}
}

// textsOf returns all strings of a document, including names.
func textsOf(value any) []string {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, one := range v {
			all = append(all, textsOf(one)...)
		}
		return all
	case oracle.Object:
		var all []string
		for _, field := range v {
			all = append(append(all, field.Name), textsOf(field.Value)...)
		}
		return all
	}
	return nil
}
