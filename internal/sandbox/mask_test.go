package sandbox

import (
	"net/http"
	"strings"
	"testing"
)

func TestMaskText(t *testing.T) {
	for text, want := range map[string]string{
		`{"token":"a\"b","x":1}`:                                                    `{"token":"***","x":1}`,
		`{"UserToken" : "demo/user+tok"}`:                                           `{"UserToken" : "***"}`,
		`{"token":"cut in the midd`:                                                 `{"token":"***"`,
		`{"token":"cut after a \`:                                                   `{"token":"***"`,
		`{"cvc":852,"amount":1500}`:                                                 `{"cvc":"***","amount":1500}`,
		`{"notificationUrl":"http://user:PASS@127.0.0.1:9/a@b"}`:                    `{"notificationUrl":"http://***@127.0.0.1:9/a@b"}`,
		`{"notificationUrl":"http:\/\/user:PA%40SS@shop\/hook"}`:                    `{"notificationUrl":"http:\/\/***@shop\/hook"}`,
		`url=http%3A%2F%2Fuser%3APASS%40shop%2Fhook&x=http%3A%2F%2Fshop%2Fa%40shop`: `url=http%3A%2F%2F***@shop%2Fhook&x=http%3A%2F%2Fshop%2Fa%40shop`,
		`{"notificationToken":"","client_phone":null}`:                              `{"notificationToken":"","client_phone":null}`,
		`{"requisites":{"requisites":"2200 0000","holder":"Иван"}}`:                 `{"requisites":{"requisites":"***","holder":"***"}}`,
		`{"a":"{\"client_email\":\"x\",\"b\":1}"}`:                                  `{"a":"{\"client_email\":\"***\",\"b\":1}"}`,
		`token=abc&pay_amount=1&client_email=a%40b.ru`:                              `token=***&pay_amount=1&client_email=***`,
		`a=1&token[0]=x&Password=y z`:                                               `a=1&token[0]=***&Password=*** z`,
		"--x\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nabc\r\n--x--": "--x\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n***\r\n--x--",
		`<Response><UserToken>x/y</UserToken><Id>3</Id>`:                            `<Response><UserToken>***</UserToken><Id>3</Id>`,
		`id=700001&key=07cdde9b&sum=1`:                                              `id=700001&key=***&sum=1`,
		`OK 4da3c72bc0fd7e8fed0c8ffe93b0ad1d`:                                       `OK ***`,
		`счёт для анна.к@почта.рф`:                                                  `счёт для ***`,
		`orderid=пишите+на+ivan%40example.com&x=1`:                                  `orderid=***&x=1`,
		`звоните +7 (900) 123-45-67, 79001234567`:                                   `звоните ***, ***`,
		`pay%2B7%20900%20123%2045%2067`:                                             `pay***`,
		`%2b375291234567 or 89001234567`:                                            `*** or ***`,
		`4222222222222 4222222222223`:                                               `*** 4222222222223`,
		`5543735484626654 5543 7354 8462 6654`:                                      `*** ***`,
		`20260301093000123 is an id, 5543735484626655 no card`:                      `20260301093000123 is an id, 5543735484626655 no card`,
		`"created":"2026-03-01T09:30:00+03:00","id":3000000001`:                     `"created":"2026-03-01T09:30:00+03:00","id":3000000001`,
		`{"error":7,"description":"Заказ","additions":{"id":["x"]}}`:                `{"error":7,"description":"Заказ","additions":{"id":["x"]}}`,
		`{"account":"554373******6654"}`:                                            `{"account":"***"}`,
		`http://127.0.0.1/x?id=1&sign=abc`:                                          `http://127.0.0.1/x?id=1&sign=***`,
		`https://www.sberbank.com/sms/pbpn?requisiteNumber=79967779901`:             `https://www.sberbank.com/sms/pbpn?requisiteNumber=***`,
	} {
		if got := maskText(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestMaskHeaders(t *testing.T) {
	shown := maskHeaders(http.Header{"Authorization": {"Basic abc"}, "X-Identity": {"k"}, "X-Signature": {"s"}, "Sign": {"s"}, "Cookie": {"a=b"},
		"X-Notification-Token": {"t"}, "Api-Key": {"k"}, "Content-Type": {"application/json"}, "From": {"a@b.ru"}})
	if shown["Authorization"] != "Basic ***" || shown["Content-Type"] != "application/json" {
		t.Error(shown)
	}
	for name, value := range shown {
		if name != "Content-Type" && !strings.HasSuffix(value, masked) {
			t.Errorf("%s: %s", name, value)
		}
	}
}
