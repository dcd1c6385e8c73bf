package mask

import "testing"

const testCard = "5543735484626654"

func TestMaskBodyHidesWhatIsSecret(t *testing.T) {
	const token = "s3cr3t-value"
	tests := []struct {
		name, body string
		want       string
	}{
		{"a token", `{"token":"abc"}`, `{"token":"***"}`},
		{"in any spelling", `{"API_Key":"abc","api-key":"abc","userToken":"abc","X":1}`, `{"API_Key":"***","X":1,"api-key":"***","userToken":"***"}`},
		{
			"every telling name", `{"secret":"a","signature":"a","sign":"a","password":"a","cardNumber":"a","pan":"a","cvc":1,"cvv2":1,"requisites":"a","holder":"a","account":"a"}`,
			`{"account":"***","cardNumber":"***","cvc":"***","cvv2":"***","holder":"***","pan":"***","password":"***","requisites":"***","secret":"***","sign":"***","signature":"***"}`,
		},
		{"nested", `{"a":{"b":[{"password":"abc","c":1}]}}`, `{"a":{"b":[{"c":1,"password":"***"}]}}`},
		{"lists of secrets", `{"tokens":["abc","def"]}`, `{"tokens":"***"}`},
		{"a list at the top", `[{"cvc":"852"},2]`, `[{"cvc":"***"},2]`},
		{"an object of a telling name is looked into", `{"card":{"holder":"I IVANOV","bank":"X"}}`, `{"card":{"bank":"X","holder":"***"}}`},
		{"no secret in null and in nothing", `{"token":null,"card":""}`, `{"card":"","token":null}`},
		{"names that only look alike", `{"signal":"a","company":"b","design":"c"}`, `{"company":"b","design":"c","signal":"a"}`},
		{"a known secret in a text", `{"note":"key ` + token + ` end"}`, `{"note":"key *** end"}`},
		{"a known secret in a name", `{"` + token + `":1}`, `{"***":1}`},
		{"a known secret where there is no JSON", `a=1&b=` + token + `&c`, `a=1&b=***&c`},
		{"a known secret that JSON escapes", `{"note":"<p&ss\"word>"}`, `{"note":"***"}`},
		{"the same in a name", `{"<p&ss\"word>":1,"\u003cp\u0026ss\u0022word>2":2}`, `{"***":1,"***2":2}`},
		{"the same where there is no JSON", `note=<p&ss"word>`, `note=***`},
		{"a card number", `{"n":"` + testCard + `"}`, `{"n":"***"}`},
		{"with spaces", `{"n":"5543 7354 8462 6654"}`, `{"n":"***"}`},
		{"with dashes", `pay 5543-7354-8462-6654 now`, `pay *** now`},
		{"as a number", `{"n":5543735484626654}`, `{"n":***}`},
		{"of 13 digits", `4222222222222`, `***`},
		{"of 19 digits", `{"n":"6304000000000000000"}`, `{"n":"***"}`},
		{"before its expiry, as the guide has it", `5543 7354 8462 6654 01/22 852`, `*** 01/22 852`},
		{"before another number", `5543735484626654 12`, `*** 12`},
		{"after another number", `card 7 5543 7354 8462 6654`, `card 7 ***`},
		{"two of them", `5543735484626654 5543-7354-8462-6654`, `*** ***`},
		{"one behind the other", `0000 0000 0000 0000 0000 0000 0000 0000`, `*** ***`},
		{"20 digits are none", `{"n":"12345678901234567894"}`, `{"n":"12345678901234567894"}`},
		{"nor are 20 in groups", `1234567890 1234567894`, `1234567890 1234567894`},
		{"12 digits are none", `{"n":"422222222222"}`, `{"n":"422222222222"}`},
		{"a wrong check digit is none", `{"n":"5543735484626655"}`, `{"n":"5543735484626655"}`},
		{"ids of 32 hex digits stay", `{"id":"c24360cfac0a0c40c518405f6bc68cb0"}`, `{"id":"c24360cfac0a0c40c518405f6bc68cb0"}`},
		{"UUIDs stay", `{"id":"6e4e6e9d-a9b3-453a-a11d-52b211ecc028"}`, `{"id":"6e4e6e9d-a9b3-453a-a11d-52b211ecc028"}`},
		{"17 digits that are no card stay", `{"id":12345678901234567}`, `{"id":12345678901234567}`},
		{"long numbers keep their digits", `{"id":123456789012345678901234567890}`, `{"id":123456789012345678901234567890}`},
		{"dates stay", `{"d":"2019-07-20T19:19:10.000Z"}`, `{"d":"2019-07-20T19:19:10.000Z"}`},
		{"the address of a QR code", `{"qrCodeLink":"https://x/?requisiteNumber=79967779977"}`, `{"qrCodeLink":"***"}`},
		{"the address of a bank's receipt", `{"disputeAttachment":"https://x/a.pdf","disputeReason":"no_payment"}`, `{"disputeAttachment":"***","disputeReason":"no_payment"}`},
		{"a form's secret", "id=1&token=abc%2B&x=2", "id=1&token=***&x=2"},
		{"in any spelling", "Api%5FKey=abc&user-token=d", "Api%5FKey=***&user-token=***"},
		{"a form that is one secret", "token=abc", "token=***"},
		{"what a form need not hide stays as it was sent", "a=%d0%90+b&c=&d&token=", "a=%d0%90+b&c=&d&token="},
		{"a known secret that a form escapes", "note=%3Cp%26ss%22word%3E+end&x=1", "note=***+end&x=1"},
		{"a card number in a form", "n=5543+7354+8462+6654&m=1", "n=***&m=1"},
		{"a broken escape in a form", "%zz=%zz&token=a%zz&token%zz=a", "%zz=%zz&token=***&token%zz=***"},
		{"half a document", `{"id":"1","token" : "abc","holder":"I IV`, `{"id":"1","token" : "***","holder":"***"`},
		{"escapes in half a document", `{"token":"a\"b","id":"1"`, `{"token":"***","id":"1"`},
		{"a number in half a document", `{"cvc":852,"id":1`, `{"cvc":"***","id":1`},
		{"no secret in half a document", `{"token":null,"card":"","x":"y`, `{"token":null,"card":"","x":"y`},
		{"an object in half a document is looked into", `{"requisites":{"holder":"a","bank":"b"}`, `{"requisites":{"holder":"***","bank":"b"}`},
		{"a document inside a page", `<p>{"token":"abc"}</p>`, `<p>{"token":"***"}</p>`},
		{"text stays", "Bad gateway", "Bad gateway"},
		{"nothing stays nothing", "", ""},
	}
	for _, test := range tests {
		got := Body([]byte(test.body), []string{"", token, `<p&ss"word>`})
		if got != test.want {
			t.Errorf("%s: %s\ngot  %s\nwant %s", test.name, test.body, got, test.want)
		}
	}
}
