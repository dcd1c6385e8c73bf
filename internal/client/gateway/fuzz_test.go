package gateway

import (
	"encoding/json"
	"math/big"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/oracle"
)

// An amount is the number that was written, to the last digit, however it was
// written, and can be written again.
func FuzzDecimal(f *testing.F) {
	for _, seed := range []string{
		`15`, `"1500.50"`, `1500.00`, `""`, `null`, `1e3`, `"1e999999999"`, `1e-999999999`, `-300`, `1e-32`, `1E+32`, `1e33`, `1e-33`, `1e200`, `"1e-200"`, `"+.5"`, `{}`, `[1]`, `true`,
		`" 7 "`, `".-5"`, `"-.5"`, `"1_000"`, `"0x10"`, `"1 500"`, `"1,5"`, `"."`, `"-"`, `"\u22125"`, `"\u0665"`, `"NaN"`, `0.1`, `99.23`, `9007199254740993`,
		`9223372036854775808`, `-9223372036854775809`, `123456789012345678.01`, `"` + strings.Repeat("9", 64) + `"`, `0.` + strings.Repeat("0", 40) + `1`, `1.` + strings.Repeat("0", 33),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		before := Decimal{}
		_ = before.UnmarshalJSON([]byte("99"))
		d := before
		value, isJSON := oracle.Parse(data)
		if err := json.Unmarshal(data, &d); err != nil {
			if isJSON && !reflect.DeepEqual(d, before) {
				t.Errorf("%q fails (%v), and leaves %s", data, err, d)
			}
			return
		}
		stands := oracle.At(value)
		stands.CheckAmount(t, "amount", d, oracle.Null, oracle.Blank)
		sent, err := json.Marshal(d)
		again, parseErr := ParseDecimal(d.String())
		switch {
		case err != nil || string(sent) != d.String():
			t.Errorf("%q is sent as %s (%v)", data, sent, err)
		case len(sent) <= maxDecimalLength && (parseErr != nil || !again.Equal(d.Decimal)):
			t.Errorf("%q became %s, then %s (%v)", data, sent, again, parseErr)
		}
		if again, err := ParseDecimal(d.Money()); len(d.Money()) <= maxDecimalLength && (err != nil || !again.Equal(d.Decimal)) {
			t.Errorf("%q is written as %s, which is %s (%v)", data, d.Money(), again, err)
		}
	})
}

// Ids and texts are what was written, and what a state can hold.
func FuzzIDAndText(f *testing.F) {
	for _, seed := range []string{
		`13`, `"2245bf86877afc315813aeac84717fe918869"`, `null`, `{}`, `""`, `1e9`, `-0`, `[1]`, `true`, `12345678901234567890123`, `"\u0421\u0447\u0451\u0442"`,
		`[2, 51]`, `"\ud800"`, "\"\xff\"", "[\"\xff\"]", `{"a":1}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		value, isJSON := oracle.Parse(data)
		id, text := ID("before"), Text("before")
		idErr, textErr := json.Unmarshal(data, &id), json.Unmarshal(data, &text)
		if (textErr == nil) != isJSON {
			t.Errorf("%q as a text: %v", data, textErr)
		}
		if textErr == nil {
			oracle.At(value).CheckText(t, "text", string(text))
			if _, isText := value.(string); !isText && value != nil && string(text) != strings.ToValidUTF8(strings.TrimSpace(string(data)), "\ufffd") {
				t.Errorf("%q reads as the text %q", data, text)
			}
		}
		if idErr != nil {
			if id != "before" {
				t.Errorf("%q fails (%v), and leaves the id %q", data, idErr, id)
			}
			return
		}
		oracle.At(value).CheckID(t, "id", string(id))
		// What was read once is sent, and read again, unchanged.
		sent, err := json.Marshal(id)
		var again ID
		if err != nil || json.Unmarshal(sent, &again) != nil || again != id || !utf8.ValidString(string(id)) {
			t.Errorf("%q became %q, then %q (%v)", data, id, again, err)
		}
	})
}

// A time is the one that was written, and comes back from a state. A pause that
// a gateway asks for is the one that it wrote, and never longer than a minute.
func FuzzTimeAndRetryAfter(f *testing.F) {
	for _, seed := range []string{
		"2019-07-20T19:19:10.000Z", "2014-04-02 08:52:14", "2019-07-20", "2019-07-20T19:19:10.5+0500", "2025-01-01T12:00:00.00+03:00", "2024-11-04T13:55:45+00:00",
		"0000-00-00 00:00:00", "0001-01-01 00:00:00", "0000-01-01", "2019-02-30", "2019-07-20T19:19:10+24:00", "2019-07-20 19:19:10-00:60", "2019-07-20T9:19:10,5", "",
		"2019-07-20T19:19:10.1234567890", "2019-07-20T23:59:60Z", "1563650350", "soon",
		"0", "5", "61", "-1", "+5", "99999999999999999999", "-99999999999999999999", "1.5", "Wed, 21 Oct 2015 07:28:00 GMT", "Wednesday, 21-Oct-15 07:28:00 GMT", "Thu, 01 Jan 9999 00:00:00 GMT",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkRetryAfter(t, text)
		got, err := ParseTime(text)
		quoted, _ := json.Marshal(text)
		field := Time{time.Now()}
		if json.Unmarshal(quoted, &field) != nil || utf8.ValidString(text) && (err == nil) == field.IsZero() && !got.IsZero() || err == nil && !field.Equal(got) {
			t.Errorf("%q as a field: %s, not %s", text, field, got)
		}
		if err != nil {
			if !got.IsZero() {
				t.Errorf("%q: %s beside %v", text, got, err)
			}
			return
		}
		stands, ok := oracle.Time(text)
		if !ok || !stands.Equal(got) {
			t.Errorf("%q is taken for %s, not for %s", text, got, stands)
		}
		// It goes into the state as RFC 3339 and must come back from there.
		if again, err := time.Parse(time.RFC3339Nano, got.Format(time.RFC3339Nano)); err != nil || !again.Equal(got) {
			t.Errorf("%q is %s, which is read as %s (%v)", text, got.Format(time.RFC3339Nano), again, err)
		}
		if _, err := got.MarshalText(); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	})
}

func checkRetryAfter(t *testing.T, header string) {
	t.Helper()
	now := time.Date(2015, 10, 21, 7, 0, 0, 0, time.UTC)
	wait, ok := retryAfter(header, now)
	seconds, isNumber := new(big.Int), false
	if !strings.ContainsAny(header, "_-") { // Go has underscores, and -0
		_, isNumber = seconds.SetString(header, 10)
	}
	date, dateErr := http.ParseTime(header)
	var want time.Duration
	switch {
	case isNumber:
		want = time.Minute
		if seconds.Cmp(big.NewInt(60)) < 0 {
			want = time.Duration(seconds.Int64()) * time.Second
		}
	case !isNumber && dateErr == nil:
		want = max(date.Sub(now), 0)
	default:
		if ok {
			t.Errorf("Retry-After: %q is taken for %s", header, wait)
		}
		return
	}
	if !ok || wait != want {
		t.Errorf("Retry-After: %q is %s (%t), not %s", header, wait, ok, want)
	}
	if pause := backoff(time.Millisecond, time.Hour, 0, &http.Response{Header: http.Header{"Retry-After": {header}}}); header != "" && (pause < 0 || pause > time.Minute) {
		t.Errorf("Retry-After: %q makes a pause of %s", header, pause)
	}
}

// No log holds a known secret, wherever in a body it stands, nor the value of a
// field with a telling name.
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
		// Three asterisks hide a secret; one made of them cannot be told from that.
		if len(secret) < leastSecret || strings.Contains(secret, "*") {
			secret = token
		}
		secrets := []string{"", secret}
		got := maskBody(body, secrets)
		if strings.Contains(got, secret) {
			t.Errorf("the secret %q stays in %q", secret, got)
		}
		if maskBody(body, secrets) != got {
			t.Errorf("%q is masked in two ways", body)
		}
		if again := maskBody([]byte(got), secrets); len(again) > len(got)*6+10 {
			t.Errorf("%q grows to %q", got, again)
		}
		if value, isJSON := oracle.Parse([]byte(got)); isJSON && slices.ContainsFunc(textsOf(value), func(text string) bool { return strings.Contains(text, secret) }) {
			t.Errorf("the secret %q stays, escaped, in %q", secret, got)
		}
		checkEmbeddedSecret(t, strings.ToValidUTF8(string(body), "?"), strings.ToValidUTF8(secret, "????"))
		if line := (&Answer{Body: body, secrets: secrets}).excerpt(); strings.Contains(line, secret) || strings.ContainsAny(line, "\r\n") || !utf8.ValidString(line) || utf8.RuneCountInString(line) > 1000 {
			t.Errorf("the excerpt %q", line)
		}
	})
}

// checkEmbeddedSecret writes a secret, with other text around it, into bodies as
// gateways and clients write them.
func checkEmbeddedSecret(t *testing.T, around, secret string) {
	t.Helper()
	text := around + secret + around
	if wrapped, err := json.Marshal(map[string]any{"note": text, text: []any{text}}); err == nil {
		got := maskBody(wrapped, []string{secret})
		value, isJSON := oracle.Parse([]byte(got))
		if strings.Contains(got, secret) || isJSON && slices.ContainsFunc(textsOf(value), func(text string) bool { return strings.Contains(text, secret) }) {
			t.Errorf("the secret %q stays in %q, masked as %q", secret, wrapped, got)
		}
	}
	form := maskBody([]byte(url.Values{"a": {text}, "token": {"v" + around + "v"}}.Encode()), []string{secret})
	for pair := range strings.SplitSeq(form, "&") {
		_, value, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(value); err == nil && strings.Contains(plain, secret) || strings.Contains(form, secret) {
			t.Errorf("the secret %q stays in the form %q", secret, form)
		}
	}
	if form := maskBody([]byte(url.Values{"token": {"v" + around + "v"}}.Encode()), nil); form != "token=***" {
		t.Errorf("a form with %q is masked as %q", around, form)
	}
	// Wherever a field of that name stands, its text is gone.
	if wrapped, err := json.Marshal(map[string]any{"x": []any{map[string]any{"api_key": "v" + around + "v"}}}); err == nil {
		if got := maskBody(wrapped, nil); got != `{"x":[{"api_key":"***"}]}` {
			t.Errorf("%q is masked as %q", wrapped, got)
		}
	}
}

// textsOf are all strings of a document, names too.
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
