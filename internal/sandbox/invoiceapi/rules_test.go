package invoiceapi

import (
	"fmt"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// fits stands for the code of a value that is accepted.
const fits = -1

var terminalRules = []struct {
	field, value string
	code         int
}{
	{"name", "-", 8}, {"name", `null`, 8}, {"name", `""`, 8}, {"name", `5`, 8}, {"name", quote(51), 8}, {"name", quote(50), fits}, {"name", `"я"`, fits},
	{"alias", "-", 11}, {"alias", `""`, 11}, {"alias", `5`, 11}, {"alias", quote(51), 11}, {"alias", quote(50), fits},
	{"description", "-", fits}, {"description", `null`, fits}, {"description", `""`, 8}, {"description", `[]`, 8}, {"description", quote(201), 8}, {"description", quote(200), fits},
	{"type", "-", fits}, {"type", `""`, 8}, {"type", `"other"`, 8}, {"type", `1`, 8}, {"type", `"statical"`, fits}, {"type", `"dynamical"`, fits}, {"type", `"dynamic"`, fits},
	{"logo", "-", fits}, {"logo", `7`, 8},
	{"defaultPrice", "-", fits}, {"defaultPrice", `"15"`, 2}, {"defaultPrice", `0`, 2}, {"defaultPrice", `-1`, 2}, {"defaultPrice", `1.001`, 2}, {"defaultPrice", `1.10`, fits}, {"defaultPrice", `1e99999999`, 2}, {"defaultPrice", `1e-99999999`, 2}, {"defaultPrice", `1e21`, 2}, {"defaultPrice", strings.Repeat("9", 31), 2}, {"defaultPrice", `1.` + strings.Repeat("0", 40), 2},
	{"canComments", "-", fits}, {"canComments", `"true"`, 8}, {"canComments", `1`, 8}, {"canComments", `true`, fits}, {"canComments", `false`, fits},
}

func quote(length int) string { return `"` + strings.Repeat("ж", length) + `"` }

// build writes a JSON object from fields "path": value, one level deep, with
// one of them changed; "-" leaves it out.
func build(fields map[string]string, field, value string) string {
	changed := map[string]string{}
	for name, text := range fields {
		changed[name] = text
	}
	changed[field] = value
	groups := map[string][]string{}
	for name, text := range changed {
		if text == "-" {
			continue
		}
		group, inner, nested := strings.Cut(name, ".")
		if !nested {
			group, inner = "", name
		}
		groups[group] = append(groups[group], fmt.Sprintf("%q:%s", inner, text))
	}
	top := groups[""]
	for group, inner := range groups {
		if group != "" && changed[group] == "" {
			top = append(top, fmt.Sprintf("%q:{%s}", group, strings.Join(inner, ",")))
		}
	}
	return "{" + strings.Join(top, ",") + "}"
}

func TestTerminalFields(t *testing.T) {
	for _, r := range terminalRules {
		t.Run(r.field+"="+shorten(r.value), func(t *testing.T) {
			b := start(t, sandbox.Options{})
			body := build(map[string]string{"name": `"n"`, "alias": `"a"`, "description": `"d"`, "type": `"static"`,
				"logo": `"l"`, "defaultPrice": `1`, "canComments": `true`}, r.field, r.value)
			b.expect("CreateTerminal", body, r.field, r.code)
			if rows, err := b.Terminals.All(); err != nil || (len(rows) == 0) != (r.code != fits) {
				t.Errorf("%d terminals stored, %v", len(rows), err)
			}
		})
	}
}

// expect wants a refusal with the code that names the field and no other, or
// success.
func (b *box) expect(operation, body, field string, code int) {
	b.T.Helper()
	if code == fits {
		b.OK(operation, body)
		return
	}
	got := b.Refused(operation, body, code)
	additions := got["additions"].(object)
	messages, _ := additions[field].([]any)
	if len(additions) != 1 || len(messages) != 1 || messages[0] == "" {
		b.T.Errorf("%s: want one message about %s, got %v", body, field, additions)
	}
}

func shorten(value string) string {
	if len(value) > 20 {
		return fmt.Sprintf("%d bytes", len(value))
	}
	return value
}

var receiptRules = []struct {
	value, path string
	code        int
}{
	{"-", "receipt", 8}, {`null`, "receipt", 8}, {`{}`, "receipt", 8}, {`"[]"`, "receipt", 8}, {`[]`, "receipt", fits},
	{`[1]`, "receipt.0", 8}, {`[null]`, "receipt.0", 8},
	{item(`"name":"a"`), "", fits},
	{item(`"name":""`), "receipt.1.name", 8}, {item(`"name":1`), "receipt.1.name", 8}, {item(`"name":null`), "receipt.1.name", 8},
	{item(`"price":"50"`), "receipt.1.price", 8}, {item(`"price":null`), "receipt.1.price", 8}, {item(`"price":1e-21`), "receipt.1.price", 8},
	{item(`"resultPrice":"50"`), "receipt.1.resultPrice", 8}, {item(`"resultPrice":null`), "receipt.1.resultPrice", 8},
	{item(`"quantity":"1"`), "receipt.1.quantity", 8}, {item(`"quantity":null`), "receipt.1.quantity", 8}, {item(`"quantity":0.5`), "", fits},
	{item(`"discount":10`), "receipt.1.discount", 8}, {item(`"discount":null`), "", fits}, {item(`"discount":"10%"`), "", fits},
}

// item is a receipt of a valid item and one whose last field overrides.
func item(field string) string {
	valid := `"name":"a","price":1,"resultPrice":1,"quantity":1`
	return `[{` + valid + `},{` + valid + `,` + field + `}]`
}

func TestPaymentFields(t *testing.T) {
	type row struct {
		field, value string
		code         int
	}
	rules := []row{
		{"order", "-", 8}, {"order", `null`, 8}, {"order", `[]`, 8},
		{"order.currency", "-", fits}, {"order.currency", `"rub"`, 1}, {"order.currency", `""`, 1}, {"order.currency", `643`, 1}, {"order.currency", `"USD"`, fits}, {"order.currency", `"EUR"`, fits},
		{"order.amount", "-", 2}, {"order.amount", `"1"`, 2}, {"order.amount", `0`, 2}, {"order.amount", `-5`, 2}, {"order.amount", `1.005`, 2}, {"order.amount", `0.01`, fits},
		{"order.description", "-", fits}, {"order.description", `""`, 8}, {"order.description", `1`, 8}, {"order.description", quote(201), 8}, {"order.description", quote(200), fits},
		{"order.id", "-", fits}, {"order.id", `""`, 7}, {"order.id", quote(37), 7}, {"order.id", quote(36), fits}, {"order.id", `12`, fits}, {"order.id", `1.5`, 7}, {"order.id", `{}`, 7},
		{"settings", "-", 8}, {"settings", `"x"`, 8},
		{"settings.terminal_id", "-", 3}, {"settings.terminal_id", `""`, 3}, {"settings.terminal_id", `"nope"`, 3}, {"settings.terminal_id", `13`, 3}, {"settings.terminal_id", `true`, 3},
		{"settings.payment_method", "-", fits}, {"settings.payment_method", `1`, 4}, {"settings.payment_method", `""`, 4}, {"settings.payment_method", `"sbp"`, fits},
		{"settings.success_url", "-", fits}, {"settings.success_url", `1`, 5}, {"settings.success_url", `"/relative"`, 5}, {"settings.success_url", `"javascript:alert(1)"`, 5}, {"settings.success_url", `"http://localhost/a?b=c"`, fits},
		{"settings.fail_url", "-", fits}, {"settings.fail_url", `1`, 6}, {"settings.fail_url", `"example.com"`, 6}, {"settings.fail_url", `"https://example.com"`, fits},
		{"custom_parameters", "-", fits}, {"custom_parameters", `[]`, 8}, {"custom_parameters", `"{}"`, 8}, {"custom_parameters", `{}`, fits}, {"custom_parameters", `null`, fits},
		{"trtype", "-", fits}, {"trtype", `"1"`, 8}, {"trtype", `3`, 8}, {"trtype", `2`, fits}, {"trtype", `4`, fits},
	}
	b := start(t, sandbox.Options{})
	valid := map[string]string{"order.amount": "1", "order.currency": `"RUB"`, "order.id": `"o"`,
		"settings.terminal_id": `"` + b.Terminal() + `"`, "settings.success_url": `"https://example.com"`, "custom_parameters": `{"a":1}`,
		"receipt": `[]`, "trtype": "1"}
	try := func(field, value, path string, code int) {
		b.tryField(t, "CreatePayment", valid, field, value, path, code, func() int {
			all, err := b.Payments.All()
			must(t, err)
			return len(all)
		})
	}
	for _, r := range rules {
		try(r.field, r.value, r.field, r.code)
	}
	for _, r := range receiptRules {
		try("receipt", r.value, r.path, r.code)
	}
}

// tryField sends a request with one field changed, and wants what is refused not
// to be stored.
func (b *box) tryField(t *testing.T, operation string, valid map[string]string, field, value, path string, code int, stored func() int) {
	t.Helper()
	t.Run(field+"="+shorten(value), func(t *testing.T) {
		before := stored()
		b := &box{&sandboxtest.Box{T: t, URL: b.URL}, b.Gateway}
		b.expect(operation, build(valid, field, value), path, code)
		if after := stored(); (after == before) != (code != fits) {
			t.Errorf("%d stored before, %d after", before, after)
		}
	})
}

func TestRefundFields(t *testing.T) {
	b := start(t, sandbox.Options{})
	valid := map[string]string{"id": `"` + b.paid() + `"`, "refund.amount": "0.01", "refund.currency": `"RUB"`, "refund.reason": `"r"`, "receipt": `[]`}
	try := func(field, value, path string, code int) {
		b.tryField(t, "CreateRefund", valid, field, value, path, code, func() int { all, err := b.Refunds.All(); must(t, err); return len(all) })
	}
	for _, r := range []struct {
		field, value string
		code         int
	}{
		{"id", "-", 8}, {"id", `""`, 8}, {"id", `[]`, 8}, {"id", `5`, 8},
		{"refund", "-", 8}, {"refund", `1`, 8},
		{"refund.amount", "-", 2}, {"refund.amount", `"1"`, 2}, {"refund.amount", `0`, 2}, {"refund.amount", `0.001`, 2},
		{"refund.currency", "-", fits}, {"refund.currency", `"GBP"`, 1}, {"refund.currency", `"EUR"`, 1},
		{"refund.reason", "-", fits}, {"refund.reason", `""`, 8}, {"refund.reason", `1`, 8}, {"refund.reason", quote(201), 8}, {"refund.reason", quote(200), fits},
	} {
		try(r.field, r.value, r.field, r.code)
	}
	for _, r := range receiptRules {
		try("receipt", r.value, r.path, r.code)
	}
}

func TestEveryMistakeIsNamed(t *testing.T) {
	got := start(t, sandbox.Options{}).Refused("CreatePayment", `{"order":{"amount":"1","currency":"X"},"settings":{},"receipt":[{}]}`, 1)
	additions := got["additions"].(object)
	for _, field := range []string{"order.currency", "order.amount", "settings.terminal_id",
		"receipt.0.name", "receipt.0.price", "receipt.0.resultPrice", "receipt.0.quantity"} {
		if additions[field] == nil {
			t.Errorf("nothing about %s in %v", field, additions)
		}
	}
}
