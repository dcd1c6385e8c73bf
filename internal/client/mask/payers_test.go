package mask

import (
	"testing"
)

func TestLogsHidePayers(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{
			"fields, in any spelling", `{"client_email":"a","OwnerEmail":"b","UserEmail":"c","mail":"d","client_phone":"мой номер","phone":9161234567,"customer":"Анна","customer_name":"Анна","tel":"1","OwnerFIO":"Анна","IPAdress":"10.0.0.1"}`,
			`{"IPAdress":"***","OwnerEmail":"***","OwnerFIO":"***","UserEmail":"***","client_email":"***","client_phone":"***","customer":"***","customer_name":"***","mail":"***","phone":"***","tel":"***"}`,
		},
		{"fields of a form", "client_email=anna%40example.com&client_phone=%D0%B7%D0%B2%D0%BE%D0%BD%D0%B8&pay_amount=10", "client_email=***&client_phone=***&pay_amount=10"},
		{"half a document", `{"client_phone":"звони","id":"1","clientEmail":"an`, `{"client_phone":"***","id":"1","clientEmail":"***"`},
		{"an address in a text", `{"note":"write to anna.k+shop@mail.example.ru, soon"}`, `{"note":"write to ***, soon"}`},
		{"one in Cyrillic", `{"note":"анна@почта.рф"}`, `{"note":"***"}`},
		{"one that JSON escapes", `{"note":"anna\u0040example.com","x":`, `{"note":"***","x":`},
		{"one that HTML escapes", `<p>anna&#64;example.com</p>`, `<p>***</p>`},
		{"one in an address", `see https://x/?mail=anna%40example.com.`, `see https://x/?mail=***.`},
		{"one in a form", "note=to+anna%40example.com+now", "note=to+***+now"},
		{"after a new line", `{"note":"a\nanna@example.com"}`, `{"note":"a\n***"}`},
		{"JSON in JSON", `{"receipt":"{\"Contact\":\"anna@example.com\",\"to\":\"89161234567\"}"}`, `{"receipt":"{\"Contact\":\"***\",\"to\":\"***\"}"}`},
		{"a number in a text", `{"note":"call +7 (916) 123-45-67 or 8 495 123-45-67, or 89161234567."}`, `{"note":"call *** or ***, or ***."}`},
		{"set apart in any way", `+7-916-12-34-567, +7 9161 23 45 67, +79161234567, 8(916)1234567, 8-800-123-45-67, 79161234567`, `***, ***, ***, ***, ***, ***`},
		{"as a JSON number", `{"to":89161234567}`, `{"to":***}`},
		{"in a form", "note=%2B7+916+123-45-67&to=+79161234567", "note=***&to=+***"},

		{"ids made of time stay, whatever their check digit", `{"a":"20261122101500126","b":"20261322101500122"}`, `{"a":"20261122101500126","b":"***"}`},
		{"ids stay", `{"a":"20261122101500123","b":"89161234567890123","c":"c24360cfac0a0c40c518405f6bc68cb0","d":"3000000000","e":"89161234567a","f":"a89161234567","g":"9161234567"}`,
			`{"a":"20261122101500123","b":"89161234567890123","c":"c24360cfac0a0c40c518405f6bc68cb0","d":"3000000000","e":"89161234567a","f":"a89161234567","g":"9161234567"}`},
		{"UUIDs stay", `{"id":"89161234-5678-453a-8916-123456789161"}`, `{"id":"89161234-5678-453a-8916-123456789161"}`},
		{"times stay", `{"a":"2026-11-22 10:15:00","b":"2019-07-20T19:19:10.000Z","c":1563650350,"d":"2025-01-01T12:00:00+0300"}`,
			`{"a":"2026-11-22 10:15:00","b":"2019-07-20T19:19:10.000Z","c":1563650350,"d":"2025-01-01T12:00:00+0300"}`},
		{"amounts stay", `{"a":"1500.50","b":89161234567.00,"c":"7 495 123.45","d":"1.89161234567"}`, `{"a":"1500.50","b":89161234567.00,"c":"7 495 123.45","d":"1.89161234567"}`},
		{"customers' ids stay", `{"customer_id":"c-1","clientid":"c-1","userId":"u-1","cuSTomerId":"2"}`, `{"clientid":"c-1","cuSTomerId":"2","customer_id":"c-1","userId":"u-1"}`},
		{"handles and versions stay", `{"a":"@anna","b":"a@b","c":"v1.2.3"}`, `{"a":"@anna","b":"a@b","c":"v1.2.3"}`},
	} {
		if got := Body([]byte(c.body), nil); got != c.want {
			t.Errorf("%s: %s\ngot  %s\nwant %s", c.name, c.body, got, c.want)
		}
	}
}
