package gateway

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func FuzzID(f *testing.F) {
	for _, seed := range []string{`13`, `"2245bf86877afc315813aeac84717fe918869"`, `null`, `{}`, `""`, `1e9`, `-0`, `[1]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var id ID
		if id.UnmarshalJSON(data) != nil || !utf8.Valid(data) {
			return
		}
		// What was read once is sent, and read again, unchanged.
		sent, err := json.Marshal(id)
		var again ID
		if err != nil || json.Unmarshal(sent, &again) != nil || again != id {
			t.Errorf("%q became %q, then %q (%v)", data, id, again, err)
		}
	})
}

func FuzzDecimal(f *testing.F) {
	for _, seed := range []string{`15`, `"1500.50"`, `""`, `null`, `1e3`, `"1e999999999"`, `-300`, `1e-32`, `"+.5"`, `{}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var d Decimal
		if d.UnmarshalJSON(data) != nil {
			return
		}
		sent, err := json.Marshal(d)
		var again Decimal
		switch {
		case err != nil:
			t.Fatalf("%q: %v", data, err)
		case len(sent) > 110 || strings.ContainsAny(string(sent), "eE"):
			t.Errorf("%q is sent as %s", data, sent)
		case len(sent) <= maxDecimalLength && (json.Unmarshal(sent, &again) != nil || !again.Equal(d.Decimal)):
			t.Errorf("%q became %s, then %s", data, sent, again)
		}
		if len(d.Money()) > 115 || !strings.Contains(d.Money(), ".") {
			t.Errorf("%q is written as %s", data, d.Money())
		}
	})
}

func FuzzParseTime(f *testing.F) {
	for _, seed := range []string{"2019-07-20T19:19:10.000Z", "2019-07-20 19:19:10", "2019-07-20", "2019-07-20T19:19:10.5+0500", "0000-00-00 00:00:00", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseTime(text)
		if err != nil {
			return
		}
		// It goes into the state as RFC 3339 and must come back from there.
		if again, err := time.Parse(time.RFC3339Nano, got.Format(time.RFC3339Nano)); err != nil || !again.Equal(got) {
			t.Errorf("%q is %s, which is read as %s (%v)", text, got.Format(time.RFC3339Nano), again, err)
		}
	})
}

func FuzzMaskBody(f *testing.F) {
	const secret = "1526fec01b5d11f4df4f2160627ce351"
	for _, seed := range []string{
		`{"token":"a","b":[{"cvc":1}],"n":"5543 7354 8462 6654"}`, "5543-7354-8462-6654 01/22", `{"a":"` + secret + `"}`,
		`{"id":"2245bf86877afc315813aeac84717fe918869","custom_parameters":{}}`, "<html>", "500 oops", "[1 ,2] 3", "",
		"a=1&token=" + secret + "&c", `{"token":"a\"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got := maskBody(body, []string{secret})
		if strings.Contains(got, secret) {
			t.Errorf("the secret stays in %q", got)
		}
		if again := maskBody([]byte(got), []string{secret}); len(again) > len(got)*6+10 {
			t.Errorf("%q grows to %q", got, again)
		}
		// So it is where a form holds it.
		if form := maskBody([]byte(url.Values{"a": {string(body)}, "token": {"v" + string(body) + "v"}}.Encode()), []string{secret}); !strings.HasSuffix(form, "&token=***") || strings.Contains(form, secret) {
			t.Errorf("a form with %q is masked as %q", body, form)
		}
		// Wherever a field of that name stands, its text is gone.
		if wrapped, err := json.Marshal(map[string]any{"x": []any{map[string]any{"api_key": "v" + string(body) + "v"}}}); err == nil {
			if got := maskBody(wrapped, nil); got != `{"x":[{"api_key":"***"}]}` {
				t.Errorf("%q is masked as %q", wrapped, got)
			}
		}
	})
}
