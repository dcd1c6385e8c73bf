package values

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestIDIsAStringOrANumber(t *testing.T) {
	tests := []struct {
		json, want string
		fails      bool
	}{
		{json: `"2245bf86877afc315813aeac84717fe918869"`, want: "2245bf86877afc315813aeac84717fe918869"},
		{json: `13`, want: "13"},
		{json: `"13"`, want: "13"},
		{json: `0`, want: "0"},
		{json: `12345678901234567890123`, want: "12345678901234567890123"}, // no float loses digits
		{json: `9007199254740993`, want: "9007199254740993"},
		{json: `null`, want: ""},
		{json: `""`, want: ""},
		{json: `"\u043a\"1"`, want: `к"1`},
		{json: `{"id":1}`, fails: true},
		{json: `[1]`, fails: true},
		{json: `true`, fails: true},
	}
	for _, test := range tests {
		holder := struct{ ID ID }{"before"}
		err := json.Unmarshal([]byte(`{"ID":`+test.json+`}`), &holder)
		if (err != nil) != test.fails || !test.fails && string(holder.ID) != test.want {
			t.Errorf("%s: %q, %v; want %q", test.json, holder.ID, err, test.want)
		}
		if test.fails && err != nil {
			wantContains(t, err.Error(), "an id is neither a string nor a number: "+test.json)
		}
	}
	for _, broken := range []string{``, ` `, `"open`} {
		if err := new(ID).UnmarshalJSON([]byte(broken)); err == nil {
			t.Errorf("%q is taken for an id", broken)
		}
	}
	if out, err := json.Marshal(ID("13")); err != nil || string(out) != `"13"` {
		t.Errorf("sent as %s, %v; want a string", out, err)
	}
}

func TestDecimalIsReadAsGatewaysWriteIt(t *testing.T) {
	tests := []struct {
		json, want string
		fails      string
	}{
		{json: `15`, want: "15"},
		{json: `1500.50`, want: "1500.5"},
		{json: `"1500.50"`, want: "1500.5"},
		{json: `" 7 "`, want: "7"},
		{json: `-300`, want: "-300"},
		{json: `""`, want: "0"},
		{json: `"  "`, want: "0"},
		{json: `null`, want: "0"},
		{json: `1e3`, want: "1000"},
		{json: `1.5E-3`, want: "0.0015"},
		{json: `0.1`, want: "0.1"},
		{json: `123456789012345678901234567890.12`, want: "123456789012345678901234567890.12"},
		{json: `1e32`, want: "1" + strings.Repeat("0", 32)},
		{json: `1e-32`, want: "0." + strings.Repeat("0", 31) + "1"},
		{json: `1e33`, fails: "out of range"},
		{json: `1e-33`, fails: "out of range"},
		{json: `1e999999999`, fails: "not a number"},
		{json: `"1e999999999"`, fails: "not a number"},
		{json: `"1e-999999999"`, fails: "not a number"},
		{json: `1e99999999999999`, fails: "not a number"},
		{json: strings.Repeat("9", 64), want: strings.Repeat("9", 64)},
		{json: strings.Repeat("9", 65), fails: "a number of 65 characters"},
		{json: `"` + strings.Repeat("1", 100_000) + `"`, fails: "a number of 100000 characters"},
		{json: `"1 500"`, fails: `not a number: "1 500"`},
		{json: `"1,5"`, fails: "not a number"},
		{json: `"NaN"`, fails: "not a number"},
		{json: `"Infinity"`, fails: "not a number"},
		{json: `"0x10"`, fails: "not a number"},
		{json: `true`, fails: "not a number"},
		{json: `{}`, fails: "not a number"},
		{json: `[]`, fails: "not a number"},
	}
	for _, test := range tests {
		before, _ := ParseDecimal("99")
		holder := struct{ D Decimal }{before}
		started := time.Now()
		err := json.Unmarshal([]byte(`{"D":`+test.json+`}`), &holder)
		if took := time.Since(started); took > 20*time.Second {
			t.Errorf("%.40s took %s", test.json, took)
		}
		switch {
		case test.fails != "":
			if err == nil {
				t.Errorf("%.40s is taken for a number", test.json)
			} else {
				wantContains(t, err.Error(), test.fails)
			}
		case err != nil || holder.D.String() != test.want:
			t.Errorf("%.40s: %s, %v; want %s", test.json, holder.D, err, test.want)
		}
	}
	if err := new(Decimal).UnmarshalJSON([]byte(`"open`)); err == nil {
		t.Error("half a string is taken for a number")
	}
}

func decimalOf(t *testing.T, text string) Decimal {
	t.Helper()
	d, err := ParseDecimal(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDecimalIsExact(t *testing.T) {
	if sum := decimalOf(t, "0.1").Add(decimalOf(t, "0.2").Decimal); sum.String() != "0.3" {
		t.Errorf("0.1 + 0.2 = %s", sum)
	}
}

func TestDecimalIsSentAsAPlainNumber(t *testing.T) {
	for text, want := range map[string]string{
		"1e3": "1000", "1e-3": "0.001", "1500.50": "1500.5", "-0.10": "-0.1", "0": "0", "123456789012345678.01": "123456789012345678.01",
	} {
		out, err := json.Marshal(map[string]any{"d": decimalOf(t, text)})
		if err != nil || string(out) != `{"d":`+want+`}` {
			t.Errorf("%s is sent as %s, %v", text, out, err)
		}
	}
}

func TestMoneyHasTwoDecimalsOrWhatTheGatewayGave(t *testing.T) {
	for text, want := range map[string]string{
		"1000": "1000.00", "1000.5": "1000.50", "1000.50": "1000.50", "1000.500": "1000.50", "0.005": "0.005",
		"1.2340": "1.234", "1e3": "1000.00", "0": "0.00", "-300": "-300.00", "-0.125": "-0.125",
	} {
		if got := decimalOf(t, text).Money(); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestParseTime(t *testing.T) {
	tests := []struct{ text, want string }{
		{"2019-07-20T19:19:10.000Z", "2019-07-20T19:19:10Z"},
		{"2019-07-20T19:19:10Z", "2019-07-20T19:19:10Z"},
		{"2019-07-20T19:19:10.123Z", "2019-07-20T19:19:10.123Z"},
		{"2019-07-20T19:19:10+05:00", "2019-07-20T19:19:10+05:00"},
		{"2019-07-20T19:19:10.5+0500", "2019-07-20T19:19:10.5+05:00"},
		{"2019-07-20 19:19:10+05:00", "2019-07-20T19:19:10+05:00"},
		{"2019-07-20 19:19:10.25Z", "2019-07-20T19:19:10.25Z"},
		// A time without an offset is Moscow's, in winter and in summer.
		{"2019-07-20T19:19:10", "2019-07-20T19:19:10+03:00"},
		{"2019-01-20 19:19:10", "2019-01-20T19:19:10+03:00"},
		{"2019-07-20 19:19:10.5", "2019-07-20T19:19:10.5+03:00"},
		{"2019-07-20", "2019-07-20T00:00:00+03:00"},
		{" 2019-07-20 \n", "2019-07-20T00:00:00+03:00"},
		{"", ""},
		{"  ", ""},
		{"0000-00-00 00:00:00", ""},
		{"2019-02-30", ""},
		{"20.07.2019", ""},
		{"1563650350", ""},
		{"soon", ""},
		{"2019-07-20T25:00:00Z", ""},
		{"2019-07-20T19:19:10Z and more", ""},
		// Go reads such an offset, but no state can hold it.
		{"2019-07-20T19:19:10+24:00", ""},
		{"2019-07-20 19:19:10-23:60", ""},
	}
	for _, test := range tests {
		got, err := ParseTime(test.text)
		switch {
		case test.want == "" && err == nil:
			t.Errorf("%q is taken for %s", test.text, got)
		case test.want == "" && strings.TrimSpace(test.text) != "":
			wantContains(t, err.Error(), "not a time: ", test.text)
		case test.want == "":
			wantContains(t, err.Error(), "an empty time")
		case err != nil || got.Format(time.RFC3339Nano) != test.want:
			t.Errorf("%q: %s, %v; want %s", test.text, got.Format(time.RFC3339Nano), err, test.want)
		}
	}
}

func wantContains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in %q", part, text)
		}
	}
}
