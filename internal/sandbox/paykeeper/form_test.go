package paykeeper

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

func TestListWithIndexes(t *testing.T) {
	b := start(t, sandbox.Options{})
	sent, paid := b.pkBill("client_email", "a@example.com"), b.pkBill()
	b.pkPost("send", "id", sent)
	must(t, b.Pay(paid))
	for query, want := range map[string][]string{
		"status%5B0%5D=paid":                           {paid},
		"status[0]=paid&status[1]=sent":                {paid, sent},
		"status%5B%5D=paid&status%5B%5D=sent&limit=5":  {paid, sent},
		"status[7]=sent&from=3&from=0&limit=0&limit=9": {sent},
	} {
		equal(t, query, pkIDs(t, b.pkGet("/info/invoice/list/?"+query)), want)
	}
	pkFails(t, "indexed", decode(t, b.pkGet("/info/invoice/list/?status[0]=nope")), "статус")
}

// A client that repeats its form after a stale token puts the new one in front or
// behind. A server in PHP takes the last.
func TestLastOfARepeatedFieldCounts(t *testing.T) {
	b := start(t, sandbox.Options{})
	preview := func(body string) object {
		_, answer := b.pk(http.MethodPost, "/change/invoice/preview/", body)
		return decode(t, answer)
	}
	token := url.QueryEscape(b.pkToken())
	made := preview("token=stale&pay_amount=1&token=" + token + "&pay_amount=2")
	equal(t, "amount", b.pkByID(made["invoice_id"].(string))["pay_amount"], "2.00")
	pkFails(t, "stale last", preview("token="+token+"&pay_amount=1&token=stale"), "Токен безопасности не верен.")
}

func TestExpiryWithATime(t *testing.T) {
	b := start(t, sandbox.Options{}) // It is 12:30 in Moscow.
	pkFails(t, "document", b.pkPost("preview", "pay_amount", "1", "expiry", "2026-03-01 12:30:01"), "YYYY-MM-DD")
	b.SetDialect(sandbox.Dialect{"paykeeper_checks": "clients"})
	equal(t, "with a time", b.pkByID(b.pkBill("expiry", "2026-03-01 12:30:01"))["expiry_datetime"], "2026-03-01 12:30:01")
	equal(t, "a day", b.pkByID(b.pkBill("expiry", "2026-03-02"))["expiry_datetime"], "2026-03-02 00:00:00")
	pkFails(t, "over", b.pkPost("preview", "pay_amount", "1", "expiry", "2026-03-01 12:29:59"), "в будущем")
	pkFails(t, "format", b.pkPost("preview", "pay_amount", "1", "expiry", "2026-03-02T00:00:00"), "expiry")
}

func TestCartAsText(t *testing.T) {
	b := start(t, sandbox.Options{})
	cart := `[{\"name\":\"Кофе\",\"price\":1500,\"quantity\":1,\"sum\":1500,\"tax\":\"none\",\"excise\":\"1.5\"}]`
	service := `{"service_name":"Заказ","cart":"` + cart + `"}`
	equal(t, "kept as sent", b.pkByID(b.pkBill("service_name", service))["service_name"], service)
	pkFails(t, "sums", b.pkPost("preview", "pay_amount", "1", "service_name", service), "корзины")
}
