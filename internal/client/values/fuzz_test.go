package values

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/oracle"
)

// An amount is the number that was written, to the last digit and in whatever spelling, and can
// be written again.
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

// Ids and texts are what was written, and a state can hold them.
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
		// What was read is sent and read again unchanged.
		sent, err := json.Marshal(id)
		var again ID
		if err != nil || json.Unmarshal(sent, &again) != nil || again != id || !utf8.ValidString(string(id)) {
			t.Errorf("%q became %q, then %q (%v)", data, id, again, err)
		}
	})
}

// A time is the one that was written, and survives a state.
func FuzzTime(f *testing.F) {
	for _, seed := range []string{
		"2019-07-20T19:19:10.000Z", "2014-04-02 08:52:14", "2019-07-20", "2019-07-20T19:19:10.5+0500", "2025-01-01T12:00:00.00+03:00", "2024-11-04T13:55:45+00:00",
		"0000-00-00 00:00:00", "0001-01-01 00:00:00", "0000-01-01", "2019-02-30", "2019-07-20T19:19:10+24:00", "2019-07-20 19:19:10-00:60", "2019-07-20T9:19:10,5", "",
		"2019-07-20T19:19:10.1234567890", "2019-07-20T23:59:60Z", "1563650350", "soon",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
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
		// The state holds times as RFC 3339, so it must come back from that.
		if again, err := time.Parse(time.RFC3339Nano, got.Format(time.RFC3339Nano)); err != nil || !again.Equal(got) {
			t.Errorf("%q is %s, which is read as %s (%v)", text, got.Format(time.RFC3339Nano), again, err)
		}
		if _, err := got.MarshalText(); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	})
}
