package paykeeper

import (
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

func TestPayKeeperAmount(t *testing.T) {
	b := start(t, sandbox.Options{})
	for _, amount := range []string{"", "0", "0.00", "-1", "1,5", "1.005", "1e3", "abc", "1 000", "1000000000000000", ".5", "1."} {
		pkFails(t, amount, b.pkPost("preview", "pay_amount", amount), "pay_amount")
	}
	pkFails(t, "absent", b.pkPost("preview"), "pay_amount")
	for amount, want := range map[string]string{"1": "1.00", "0.01": "0.01", "007.5": "7.50", "999999999999.99": "999999999999.99", "1.500": "1.50"} {
		id := b.pkPost("preview", "pay_amount", amount)["invoice_id"].(string)
		equal(t, amount, b.pkByID(id)["pay_amount"], want)
	}
	b.SetDialect(sandbox.Dialect{"paykeeper_amount": "plain"})
	for amount, want := range map[string]string{"1500.00": "1500", "0.50": "0.5"} {
		id := b.pkPost("preview", "pay_amount", amount)["invoice_id"].(string)
		equal(t, amount, b.pkByID(id)["pay_amount"], want)
	}
}

func TestPayKeeperExpiry(t *testing.T) {
	// It is 2 March in Moscow already, and 1 March in UTC.
	b := start(t, sandbox.Options{Now: func() time.Time { return time.Date(2026, 3, 1, 21, 0, 0, 0, time.UTC) }})
	for expiry, want := range map[string]string{
		"2026-03-02": "будущем", "2026-03-01": "будущем", "2020-01-01": "будущем", "02.03.2027": "YYYY-MM-DD", "2026-02-30": "YYYY-MM-DD", "2026-3-9": "YYYY-MM-DD",
	} {
		pkFails(t, expiry, b.pkPost("preview", "pay_amount", "1", "expiry", expiry), want)
	}
	created, sent := b.pkBill("expiry", "2026-03-03"), b.pkBill("expiry", "2026-03-03", "client_email", "a@example.com")
	b.pkPost("send", "id", sent)
	later, unset := b.pkBill("expiry", "2026-03-04"), b.pkBill()
	paid := b.pkBill("expiry", "2026-03-03")
	must(t, b.Pay(paid))
	equal(t, "unset", b.pkByID(unset)["expiry_datetime"], "2026-04-01 00:00:00")
	b.Advance(24*time.Hour - time.Second)
	equal(t, "before", b.pkByID(created)["status"], "created")
	equal(t, "before", b.pkByID(sent)["status"], "sent")
	b.Advance(time.Second)
	for id, want := range map[string]string{created: "expired", sent: "expired", later: "created", unset: "created", paid: "paid"} {
		equal(t, id, b.pkByID(id)["status"], want)
	}
	if err := b.Pay(sent); err == nil {
		t.Error("an expired invoice was paid")
	}
	pkFails(t, "send", b.pkPost("send", "id", sent), "expired")
	b.Advance(29 * 24 * time.Hour)
	invoices, err := b.Invoices.All()
	must(t, err)
	equal(t, "direct", invoices[2].Status, "expired")
}

func TestPayKeeperEmail(t *testing.T) {
	b := start(t, sandbox.Options{})
	for _, email := range []string{"a", "a@", "A <a@example.com>", "a@example.com, b@example.com", "a b@example.com"} {
		pkFails(t, email, b.pkPost("preview", "pay_amount", "1", "client_email", email), "client_email")
	}
	pkFails(t, "none", b.pkPost("send", "id", b.pkBill()), "e-mail")
	equal(t, "created", len(pkIDs(t, b.pkGet("/info/invoice/list/"))), 0)
}

func pkCart(change string) string {
	base := `"name":"Сыр","price":"500.00","quantity":3,"sum":1500,"tax":"vat20"`
	return `{"service_name":"Продукты","cart":[{` + base + change + `}]}`
}

func TestPayKeeperCart(t *testing.T) {
	b := start(t, sandbox.Options{})
	for part, service := range map[string]string{
		"не указано name":     pkCart(`,"name":" "`),
		"неверное price":      pkCart(`,"price":"1e3"`),
		"позиция 1: неверное": pkCart(`,"price":-1`),
		"неверное quantity":   pkCart(`,"quantity":0`),
		"неверное tax":        pkCart(`,"tax":"vat18"`),
		"неверное sum":        pkCart(`,"sum":1500.001`),
		"1499.99":             pkCart(`,"sum":"1499.99"`),
		"1500.01":             pkCart(`,"sum":1500.01`),
		"0.00":                `{"cart":[]}`,
		"формат корзины":      `{"cart":{}}`,
		"позиция 2":           `{"cart":[{"name":"a","price":1500,"quantity":1,"sum":1500,"tax":"none"},{}]}`,
	} {
		pkFails(t, part, b.pkPost("preview", "pay_amount", "1500", "service_name", service), part)
	}
	for _, tax := range taxes {
		b.pkBill("service_name", pkCart(`,"tax":"`+tax+`"`))
	}
	equal(t, "rates", len(taxes), 12)
	two := `{"cart":[{"name":"a","price":0.1,"quantity":"0.5","sum":0.1,"tax":"none"},{"name":"b","price":1499.9,"quantity":1,"sum":"1499.90","tax":"vat0"}]}`
	b.pkBill("service_name", two)
	// What only looks like a cart is text.
	for _, text := range []string{`{"cart`, `{"service_name":"a"}`, `["cart"]`, `{cart}`} {
		equal(t, text, b.pkByID(b.pkBill("service_name", text))["service_name"], text)
	}
	id := b.pkBill("service_name", pkCart(""))
	equal(t, "stored", b.pkByID(id)["service_name"], pkCart(""))
	b.SetDialect(sandbox.Dialect{"paykeeper_service_name": "text"})
	equal(t, "text", b.pkByID(id)["service_name"], "Продукты")
	equal(t, "plain", b.pkByID(b.pkBill("service_name", "Услуга"))["service_name"], "Услуга")
}
