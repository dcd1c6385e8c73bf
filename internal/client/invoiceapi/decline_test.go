package invoiceapi

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
)

// This is the table of section 9.2: every code with its English name.
var guideDeclines = map[string]string{
	"[3, -21]": "Duplicate transaction", "[3, -20]": "Expired transaction", "[3, -19]": "Authentication failed",
	"[3, -17]": "Access denied", "[3, -2]": "Bad CGI request", "[2, 4]": "Your card is restricted",
	"[2, 5]": "Transaction declined", "[2, 12]": "Invalid transaction", "[2, 14]": "No such card",
	"[2, 41]": "Lost card", "[2, 43]": "Stolen card", "[2, 51]": "Not sufficient funds", "[2, 54]": "Expired card",
	"[2, 57]": "Not permitted to client", "[2, 58]": "Not permitted to merchant", "[2, 59]": "Suspected fraud",
	"[2, 61]": "Exceeds amount limit", "[2, 62]": "Restricted card", "[2, 65]": "Exceeds frequency limit",
	"[2, 82]": "Time-out at issuer", "[2, 91]": "Issuer unavailable", "[2, 93]": "Violation of law",
	"[2, 95]": "Reconcile error", "[2, 96]": "System malfunction",
}

func TestEveryDeclineCodeOfTheGuideIsKnown(t *testing.T) {
	if len(guideDeclines) != 24 || len(declineReasons) != 24 {
		t.Errorf("the guide has 24 codes; here are %d, the code has %d", len(guideDeclines), len(declineReasons))
	}
	// These six rows of the guide have no cause.
	silent := "[3, -21] [3, -20] [3, -17] [3, -2] [2, 91] [2, 95]"
	for code, name := range guideDeclines {
		reason, found := FindDeclineReason(code)
		if !found || reason.Code != code || reason.Name != name {
			t.Errorf("%s: %+v, %t", code, reason, found)
		}
		for _, cause := range []string{reason.Cause, reason.CauseRU} {
			if (cause == "") != strings.Contains(silent, code) {
				t.Errorf("%s: cause %q", code, cause)
			}
		}
		if !isIn(unicode.Latin, reason.Description+reason.Cause) {
			t.Errorf("%s: not in English: %q, %q", code, reason.Description, reason.Cause)
		}
		if isIn(unicode.Latin, reason.DescriptionRU) || reason.DescriptionRU == "" {
			t.Errorf("%s: not in Russian: %q", code, reason.DescriptionRU)
		}
		for _, text := range []string{reason.Name, reason.Description, reason.DescriptionRU, reason.Cause, reason.CauseRU} {
			if strings.ContainsAny(text, "<>\n\t*") || strings.Contains(text, "  ") || strings.TrimSpace(text) != text {
				t.Errorf("%s: markup or stray blanks in %q", code, text)
			}
		}
	}
}

// isIn reports whether a text has letters, and all of them are of one script.
func isIn(script *unicode.RangeTable, text string) bool {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, text)
	return letters != "" && !strings.ContainsFunc(letters, func(r rune) bool { return !unicode.Is(script, r) })
}

func TestFindDeclineReason(t *testing.T) {
	tests := []struct{ text, want string }{
		{"[2, 51]", "[2, 51]"},
		{"[2,51]", "[2, 51]"},
		{"[ 2 ,\t51 ]", "[2, 51]"},
		{"Отказ банка [2, 51] Not sufficient funds", "[2, 51]"},
		{"[3, -19]", "[3, -19]"},
		{"code=[3,-2].", "[3, -2]"},
		{"[1, 2, 3] then [9, 9] then [2, 5] and [2, 51]", "[2, 5]"},
		{"[2, 99]", ""},
		{"[3, 19]", ""},
		{"[-2, 51]", ""},
		{"[51, 2]", ""},
		{"[2, 51", ""},
		{"2, 51", "[2, 51]"},
		{"2,51", "[2, 51]"},
		{" 3,-19\t", "[3, -19]"},
		{"Отказ банка\r\n2,51\r\n", "[2, 51]"},
		{"списано 2,51 руб.", ""},
		{"2,51 руб.", ""},
		{"2,51,7", ""},
		{"12,51", ""},
		{"[2; 51]", ""},
		{"[2, 51, 7]", ""},
		{"[2, 99999999999999999999]", ""},
		{"[99999999999999999999, 51]", ""},
		{"", ""},
		{"Not sufficient funds", ""},
	}
	for _, test := range tests {
		reason, found := FindDeclineReason(test.text)
		if found != (test.want != "") || reason.Code != test.want {
			t.Errorf("%q: %q, %t; want %q", test.text, reason.Code, found, test.want)
		}
		if !found && reason != (DeclineReason{}) {
			t.Errorf("%q: %+v was not found", test.text, reason)
		}
	}
}

// A payment may carry its code in either of two ways (see Text).
func TestDeclineReasonOfAPayment(t *testing.T) {
	for _, description := range []string{`"[2, 51]"`, `[2, 51]`, `[2,51]`, `"Ошибка: [2, 51]"`} {
		p := decoded[Payment](t, fmt.Sprintf(`{"id":1,"status":"fail","status_description":%s}`, description))
		if reason, found := FindDeclineReason(string(p.StatusDescription)); !found || reason.Name != "Not sufficient funds" {
			t.Errorf("%s: %+v, %t", description, reason, found)
		}
	}
}
