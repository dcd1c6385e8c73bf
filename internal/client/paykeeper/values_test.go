package paykeeper

import (
	"encoding/json"
	"net/url"
	"slices"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
)

func TestParseCount(t *testing.T) {
	for body, want := range map[string]string{
		`{"statuses":[{"status":"paid","count":"3"}],"fullcount":[{"count":"7"}]}`:                           `{"paid":3} 7`,
		`{"statuses":[{"status":"paid","count":3},{"status":"sent","count":"4"}],"fullcount":7}`:             `{"paid":3,"sent":4} 7`,
		`{"statuses":[{"status":"paid","count":"3"}],"fullcount":"7"}`:                                       `{"paid":3} 7`,
		`{"statuses":[{"status":"paid","count":"3"}],"fullcount":{"count":7}}`:                               `{"paid":3} 7`,
		`{"statuses":[{"status":"paid","count":3},{"status":"sent","count":4},{"status":"sent","count":1}]}`: `{"paid":3,"sent":5} 8`,
		`{"statuses":[{"status":"paid","count":[{"count":"3"}]}],"fullcount":null}`:                          `{"paid":3} 3`,
		`{"statuses":[],"fullcount":[{"count":"0"}]}`:                                                        `{} 0`,
		`{"statuses":[],"fullcount":[]}`:                                                                     `{} 0`,
		`{"statuses":null,"fullcount":0}`:                                                                    `{} 0`,
		`[{"statuses":[],"fullcount":2}]`:                                                                    `{} 2`,
		`{"fullcount":2}`:                                                                                    `{} 2`,
		`{}`:                                                                                                 "",
		`[]`:                                                                                                 "",
		`7`:                                                                                                  "",
		`{"fullcount":"many"}`:                                                                               "",
		`{"fullcount":9223372036854775807}`:                                                                  "",
		`{"statuses":[{"status":"paid","count":9999999},{"status":"sent","count":9999999}]}`: "",
		`{"fullcount":-1}`:                               "",
		`{"fullcount":1.5}`:                              "",
		`{"fullcount":[{"count":"1"},{"count":"2"}]}`:    "",
		`{"fullcount":[{"total":"1"}]}`:                  "",
		`{"statuses":[{"status":"paid"}],"fullcount":1}`: "",
		`{"statuses":{"paid":1},"fullcount":1}`:          "",
	} {
		count, err := parseCount([]byte(body))
		got := ""
		if err == nil {
			statuses, _ := json.Marshal(count.ByStatus)
			full, _ := json.Marshal(count.Full)
			got = string(statuses) + " " + string(full)
		}
		if got != want {
			t.Errorf("%s: %q (%v), want %q", body, got, err, want)
		}
	}
}

func TestListsThatAreNone(t *testing.T) {
	for _, body := range []string{`null`, `{}`, sample, `[{}]`, `["1"]`, `[null]`, `[` + sample, ``, `7`, `{"result":"fail","msg":"x"}`, `<html>`} {
		s := newServer(t, map[string][]reply{pathList: {ok(body)}, pathCount: {ok(body)}})
		if list, err := clientOf(s).ListInvoices(t.Context(), Filter{}, Page{}); list != nil || err == nil {
			t.Errorf("%s: %v", body, list)
		}
		if count, err := clientOf(s).CountInvoices(t.Context(), Filter{}); count != nil || err == nil {
			t.Errorf("%s: %v", body, count)
		}
	}
}

func TestServiceName(t *testing.T) {
	cart := Cart{
		{Name: `Чай "№1" <лист>`, Price: clienttest.Decimal(t, "10.50"), Quantity: clienttest.Decimal(t, "0.125"), Sum: clienttest.Decimal(t, "1.31"), Tax: "vat20"},
		{Name: "b", Price: clienttest.Decimal(t, "1"), Quantity: clienttest.Decimal(t, "1"), Sum: clienttest.Decimal(t, "1"), Tax: "none", ItemType: "goods", PaymentType: "full", Measure: "шт"},
	}
	text, err := ServiceName{Name: "Заказ", Cart: cart}.Format()
	const want = `{"service_name":"Заказ","cart":[{"name":"Чай \"№1\" <лист>","price":10.5,"quantity":0.125,"sum":1.31,"tax":"vat20"},{"name":"b","price":1,"quantity":1,"sum":1,"tax":"none","item_type":"goods","payment_type":"full","measure":"шт"}]}`
	if err != nil || text != want {
		t.Errorf("got  %s (%v)\nwant %s", text, err, want)
	}
	if again := ParseServiceName(text); again.Name != "Заказ" || !again.Cart.equal(cart) {
		t.Errorf("%+v", again)
	}
	if text, err := (ServiceName{Name: "Заказ"}).Format(); text != "Заказ" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	read := ParseServiceName(`{"cart":[{"name":5,"price":"1.00","quantity":"2","sum":2,"tax":null}],"service_name":""}`)
	clienttest.Same(t, read.Cart, Cart{{Name: "5", Price: clienttest.Decimal(t, "1"), Quantity: clienttest.Decimal(t, "2"), Sum: clienttest.Decimal(t, "2")}})
	if read.Name != "" {
		t.Errorf("%q", read.Name)
	}
	// The cart is a document in a string, with numbers of both kinds.
	read = ParseServiceName(`{"service_name":"Заказ","cart":"[{\"name\":\"Чай \\\"№1\\\" <лист>\",\"price\":\"10.50\",\"quantity\":0.125,\"sum\":\"1.31\",\"tax\":\"vat20\"},{\"name\":\"b\",\"price\":1,\"quantity\":\"1\",\"sum\":1,\"tax\":\"none\"}]"}`)
	if read.Name != "Заказ" || !read.Cart.equal(cart) {
		t.Errorf("%+v", read)
	}
	// That server says nothing of what is sold. Another one says something else.
	other := slices.Clone(cart)
	if other[1].ItemType = "service"; other.equal(cart) {
		t.Error("a service is no goods")
	}
	for _, plain := range []string{`{"service_name":"a","cart":""}`, `{"service_name":"a","cart":"[]"}`, `{"service_name":"a","cart":"null"}`, `{"service_name":"a","cart":"tea"}`, `{"service_name":"a","cart":"\"[{}]\""}`, `{"service_name":"a","cart":"{}"}`,
		"", "Заказ", "{}", `{"service_name":"a"}`, `{"service_name":"a","cart":[]}`, `{"cart":[{"name":"a"}]}`, `[]`, `{"service_name":"a","cart":[{"price":"x"}]}`, `{"service_name"`} {
		if read := ParseServiceName(plain); read.Name != plain || !read.isName() {
			t.Errorf("%s: %+v", plain, read)
		}
	}
}

// A language or an address makes a document even without a cart. A server may keep both to
// itself; another one shows what it was given.
func TestServiceNameWithoutACart(t *testing.T) {
	for _, test := range []struct {
		name ServiceName
		want string
	}{
		{ServiceName{Name: "Заказ <1>", Language: "en"}, `{"service_name":"Заказ <1>","lang":"en"}`},
		{ServiceName{ResultURL: "https://shop.example/?a=1&b=2"}, `{"service_name":"","user_result_callback":"https://shop.example/?a=1&b=2"}`},
	} {
		text, err := test.name.Format()
		if err != nil || text != test.want {
			t.Errorf("got %s, %v; want %s", text, err, test.want)
		}
		if again := ParseServiceName(text); !again.equal(test.name) || again.Language != test.name.Language || again.ResultURL != test.name.ResultURL {
			t.Errorf("%s is read as %+v", text, again)
		}
		if !test.name.equal(ServiceName{Name: test.name.Name}) {
			t.Errorf("%+v is not the same as its name", test.name)
		}
		if test.name.equal(ServiceName{Name: test.name.Name, Language: "ru", ResultURL: "https://other.example/"}) {
			t.Errorf("%+v is the same as another", test.name)
		}
	}
}

// Both travel in the one field. A server that shows the name alone shows the same invoice.
func TestPreviewWithALanguage(t *testing.T) {
	s := newServer(t, map[string][]reply{pathPreview: {ok(preview)}})
	request := CreateInvoiceRequest{Amount: clienttest.Decimal(t, "1"), ServiceName: "Заказ", Language: "en", ResultURL: "https://shop.example/"}
	if _, err := clientOf(s).CreateInvoice(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	form, err := url.ParseQuery(s.Last().Body)
	if want := `{"service_name":"Заказ","lang":"en","user_result_callback":"https://shop.example/"}`; err != nil || form.Get("service_name") != want {
		t.Errorf("%v, %v", form, err)
	}
	if !request.isResult(&Invoice{Amount: request.Amount, ServiceName: "Заказ"}) || request.isResult(&Invoice{Amount: request.Amount, ServiceName: "Чай"}) {
		t.Error("it is not the invoice with its name, or is another one")
	}
}
