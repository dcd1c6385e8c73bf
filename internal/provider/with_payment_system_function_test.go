package provider

import (
	"net/url"
	"reflect"
	"testing"
)

func TestWithPaymentSystem(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	const bill = "https://demo.paykeeper.ru/bill/20261126/"
	for _, test := range []struct{ link, system, want string }{
		{bill, "sbp_default", bill + "?pstype=sbp_default"},
		{"https://demo.paykeeper.ru", "x", "https://demo.paykeeper.ru?pstype=x"},
		{bill + "?", "x", bill + "?pstype=x"},
		{bill + "?b=2&a=%d0%9f%20+&c", "x", bill + "?b=2&a=%d0%9f%20+&c&pstype=x"}, // as it was written
		{bill + "?a=1&pstype=old&b=2", "x", bill + "?a=1&pstype=x&b=2"},
		{bill + "?pstype=1&a=1&pstype=2&pstype&%70stype=3", "x", bill + "?pstype=x&a=1"},
		{bill + "?pstypes=1&PSTYPE=2", "x", bill + "?pstypes=1&PSTYPE=2&pstype=x"},
		{bill + "?a=1#top?pstype=1", "x", bill + "?a=1&pstype=x#top?pstype=1"},
		{bill + "#", "x", bill + "?pstype=x#"},
		{bill + "?x=%zz", "x", bill + "?x=%zz&pstype=x"},
		{bill, "СБП & карта=1#+", bill + "?pstype=%D0%A1%D0%91%D0%9F+%26+%D0%BA%D0%B0%D1%80%D1%82%D0%B0%3D1%23%2B"},
		{"http://127.0.0.1:8080/bill/1", "x", "http://127.0.0.1:8080/bill/1?pstype=x"},
	} {
		got := c.text("with_payment_system", test.link, test.system)
		if got != test.want {
			t.Errorf("%s with %s: %s, want %s", test.link, test.system, got, test.want)
		}
		before, _ := url.Parse(test.link)
		after, err := url.Parse(got)
		if err != nil {
			t.Fatal(err)
		}
		expected := before.Query()
		expected.Set("pstype", test.system)
		if !reflect.DeepEqual(after.Query(), expected) || after.Path != before.Path || after.Fragment != before.Fragment || after.Host != before.Host {
			t.Errorf("%s with %s: %s means something else", test.link, test.system, got)
		}
		if again := c.text("with_payment_system", got, test.system); again != got {
			t.Errorf("%s with %s, twice: %s", test.link, test.system, again)
		}
	}
	for _, link := range []string{"", "bill/1", "/bill/1", "demo.paykeeper.ru/bill", "ftp://demo.paykeeper.ru/", "https://", "https:///bill", "https://a b/", "javascript:alert(1)", "https://a/%zz", "https://a/\n"} {
		c.fails(0, "It must be an http or https URL", "with_payment_system", link, "x")
	}
	c.fails(1, "is blank", "with_payment_system", bill, " ")
}
