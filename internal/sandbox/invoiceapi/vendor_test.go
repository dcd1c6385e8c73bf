package invoiceapi

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

var vendorChecks = sandbox.Dialect{"checks": "vendor"}

func TestVendorTerminalFields(t *testing.T) {
	for _, fields := range []string{
		`"alias":null`, `"alias":""`, `"alias":"a","description":""`, `"alias":"a","logo":"","type":""`,
		`"alias":"a","defaultPrice":0`, `"alias":"a","defaultPrice":0.0`, `"alias":"a","defaultPrice":"0"`, `"alias":"a","defaultPrice":""`, `"alias":"a","defaultPrice":"10.50"`,
	} {
		b := start(t, sandbox.Options{})
		body := `{"name":"n",` + fields + `}`
		status, answer, err := b.Post("CreateTerminal", body)
		must(t, err)
		if status != http.StatusBadRequest {
			t.Errorf("guide, %s: %d %s", fields, status, answer)
		}
		b.SetDialect(vendorChecks)
		b.OK("CreateTerminal", body)
	}
}

func TestVendorTerminalIsFoundByItsID(t *testing.T) {
	for _, ids := range []string{"hex", "number"} {
		b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"checks": "vendor", "ids": ids, "terminal_fields": "sdk"}})
		made := b.OK("CreateTerminal", `{"alias":null,"name":"Кофейня","description":null,"type":null,"defaultPrice":0}`)
		id, _ := json.Marshal(made["id"])
		alias := `"` + strings.Trim(string(id), `"`) + `"`
		equal(t, "by alias = id", b.OK("GetTerminal", `{"alias":`+alias+`,"id":null}`)["id"], made["id"])
		equal(t, "by id", b.OK("GetTerminal", `{"alias":null,"id":`+string(id)+`}`)["id"], made["id"])
		equal(t, "alias", `"`+made["alias"].(string)+`"`, alias)
		equal(t, "price", made["defaultPrice"], nil)
		other := b.OK("CreateTerminal", `{"name":"Кофейня"}`)
		if other["id"] == made["id"] {
			t.Errorf("two terminals without an alias are one: %v", other)
		}
		b.SetDialect(sandbox.Dialect{})
		b.Refused("CreateTerminal", `{"name":"Кофейня"}`, 11)
	}
}

func TestVendorPaymentFields(t *testing.T) {
	b := start(t, sandbox.Options{})
	valid := map[string]string{"order.amount": "1", "settings.terminal_id": `"` + b.Terminal() + `"`, "receipt": "[]"}
	for _, r := range []struct {
		field, value string
		code         int // with checks=guide
	}{
		{"order.amount", `"10.50"`, 2}, {"order.description", `""`, 8}, {"order.id", `""`, 7}, {"order.id", quote(48), 7}, {"order.currency", `""`, 1},
		{"settings.success_url", `""`, 5}, {"settings.fail_url", `""`, 6}, {"settings.payment_method", `""`, 4},
		{"custom_parameters", `[]`, 8}, {"receipt", "-", 8}, {"receipt", "null", 8},
		{"receipt", `[{"name":"a","price":"1","discount":10,"resultPrice":"1.5","quantity":"2"}]`, 8},
		{"receipt", `[{"name":"a","price":1,"discount":"","resultPrice":1,"quantity":1}]`, fits},
	} {
		t.Run(r.field+"="+shorten(r.value), func(t *testing.T) {
			b := &box{&sandboxtest.Box{T: t, URL: b.URL}, b.Gateway}
			body := build(valid, r.field, r.value)
			b.SetDialect(sandbox.Dialect{})
			if r.code == fits {
				b.OK("CreatePayment", body)
			} else {
				b.Refused("CreatePayment", body, r.code)
			}
			b.SetDialect(vendorChecks)
			made := b.OK("CreatePayment", body)
			got := b.OK("GetPayment", sandboxtest.ByID(made["id"].(string)))
			equal(t, "custom_parameters", got["custom_parameters"], nil)
			if status, page := b.Browse(payPath + made["id"].(string)); status != http.StatusOK {
				t.Errorf("the page: %d %s", status, page)
			}
		})
	}
}

// What makes no sense stays refused.
func TestVendorChecksStillCheck(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: vendorChecks})
	b.Refused("CreateTerminal", `{"name":""}`, 8)
	b.Refused("CreateTerminal", `{"name":"n","defaultPrice":"many"}`, 2)
	b.Refused("CreateTerminal", `{"name":"n","defaultPrice":-1}`, 2)
	terminal := b.Terminal()
	for body, code := range map[string]int{
		`{"order":{"amount":"0"},"settings":{"terminal_id":"` + terminal + `"}}`:                        2,
		`{"order":{"amount":"1 500"},"settings":{"terminal_id":"` + terminal + `"}}`:                    2,
		`{"order":{"amount":1},"settings":{"terminal_id":""}}`:                                          3,
		`{"order":null,"settings":{"terminal_id":"` + terminal + `"}}`:                                  8,
		`{"order":{"amount":1},"settings":{"terminal_id":"` + terminal + `"},"receipt":[{"name":"a"}]}`: 8,
		`{"order":{"amount":1},"settings":{"terminal_id":"` + terminal + `"},"custom_parameters":[1]}`:  8,
	} {
		b.Refused("CreatePayment", body, code)
	}
}

func TestVendorContentType(t *testing.T) {
	b := start(t, sandbox.Options{})
	for _, kind := range []string{"", "application/x-www-form-urlencoded"} {
		ask := func() int {
			status, answer, err := b.Post("CreateTerminal", `{"name":"n","alias":"`+sandbox.HexID()+`"}`, func(r *http.Request) {
				r.Header.Del("Content-Type")
				if kind != "" {
					r.Header.Set("Content-Type", kind)
				}
			})
			must(t, err)
			decode(t, answer)
			return status
		}
		b.SetDialect(sandbox.Dialect{})
		equal(t, "guide", ask(), http.StatusBadRequest)
		b.SetDialect(vendorChecks)
		equal(t, "vendor", ask(), http.StatusOK)
	}
}

func TestVendorRefundFields(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: vendorChecks})
	id := b.paid()
	refund := b.OK("CreateRefund", `{"id":"`+id+`","refund":{"amount":"10.5","currency":null,"reason":""},"receipt":null}`)
	equal(t, "amount", refund["refund"].(object)["amount"], json.Number("10.5"))
}

func TestDialectTerminalFields(t *testing.T) {
	b := start(t, sandbox.Options{})
	names := func(answer object) []string {
		var all []string
		for name := range answer {
			all = append(all, name)
		}
		slices.Sort(all)
		return all
	}
	guide := []string{"canComments", "defaultPrice", "description", "id", "link", "name", "type"}
	equal(t, "guide", names(b.OK("CreateTerminal", sandboxtest.TerminalSample)), guide)
	if b.Refused("GetTerminal", `{"alias":"none"}`, 11)["additions"] == nil {
		t.Error("guide: no additions")
	}
	b.SetDialect(sandbox.Dialect{"terminal_fields": "sdk"})
	got := b.OK("GetTerminal", `{"alias":"N1"}`)
	equal(t, "sdk", names(got), []string{"alias", "defaultPrice", "description", "id", "link", "name", "type"})
	equal(t, "alias", got["alias"], "N1")
	equal(t, "sdk error", names(b.Refused("GetTerminal", `{"alias":"none"}`, 11)), []string{"description", "error"})
}

func TestDialectFailedStatus(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"failed_status": "error"}})
	paid := b.paid()
	id := sandboxtest.IDOf(t, b.OK("CreatePayment", `{"order":{"amount":1,"id":"o"},"settings":{"terminal_id":"`+mustTerminal(b)+`"},"receipt":[]}`))
	must(t, b.Pay(id, DeclinedCard))
	equal(t, "payment", b.OK("GetPayment", sandboxtest.ByID(id))["status"], "error")
	equal(t, "by order", b.OK("GetPaymentByOrder", sandboxtest.ByID("o"))["status"], "error")
	b.SetDialect(sandbox.Dialect{"failed_status": "error", "refund_status": "fail"})
	for range 2 { // A failed one leaves the whole sum.
		equal(t, "refund", b.OK("CreateRefund", sandboxtest.RefundBody(paid, "1500"))["status"], "error")
	}
	b.SetDialect(sandbox.Dialect{})
	equal(t, "guide", b.OK("GetPayment", sandboxtest.ByID(id))["status"], "fail")
}

func mustTerminal(b *box) string {
	b.T.Helper()
	all, err := b.Terminals.All()
	must(b.T, err)
	return all[0].ID
}

// Vendor SDKs read the type into an enumeration, which has null but no "".
func TestUnpickedPaymentMethodIsNull(t *testing.T) {
	b := start(t, sandbox.Options{})
	terminal := b.Terminal()
	made := b.OK("CreatePayment", `{"order":{"amount":1},"settings":{"terminal_id":"`+terminal+`"},"receipt":[]}`)
	equal(t, "unset", made["payment_method"].(object)["type"], nil)
	must(t, b.Pay(made["id"].(string), TestCard))
	equal(t, "paid", b.OK("GetPayment", sandboxtest.ByID(made["id"].(string)))["payment_method"].(object)["type"], "card")
}
