package paykeeper

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// pkHistory makes an invoice a day from 1 March on: sent, paid, created,
// revoked, and sent ones that are open; the first has expired.
func pkHistory(b *box) []string {
	b.T.Helper()
	var ids []string
	for day, status := range []string{"sent", "paid", "created", "revoked", "sent", "sent"} {
		expiry := "2026-04-01"
		if day == 0 {
			expiry = "2026-03-02"
		}
		id := b.pkBill("orderid", fmt.Sprintf("A-%d", day), "clientid", "Иванов", "expiry", expiry, "client_email", "a@example.com")
		must(b.T, b.SetStatus(id, status))
		ids = append(ids, id)
		b.Advance(24 * time.Hour)
	}
	return ids
}

func TestPayKeeperList(t *testing.T) {
	b := start(t, sandbox.Options{})
	equal(t, "none", b.pkGet("/info/invoice/list/"), "[]")
	ids := pkHistory(b)
	pick := func(days ...int) []string {
		picked := []string{}
		for _, day := range days {
			picked = append(picked, ids[day])
		}
		return picked
	}
	for query, want := range map[string][]string{
		"":                            pick(5, 4, 3, 1, 0),
		"status[]=paid":               pick(1),
		"status[]=paid&status[]=sent": pick(5, 4, 1),
		"status%5B%5D=expired":        pick(3, 0),
		"start_date=2026-03-02":       pick(5, 4, 3),
		"end_date=2026-03-04":         pick(1, 0),
		"start_date=2026-03-01&end_date=2026-03-06": pick(4, 3, 1),
		"limit=2":                      pick(5, 4),
		"from=1&limit=2":               pick(4, 3),
		"from=4&limit=10":              pick(0),
		"from=30&limit=10":             pick(),
		"limit=0":                      pick(),
		"status[]=sent&from=1&limit=1": pick(4),
	} {
		equal(t, query, pkIDs(t, b.pkGet("/info/invoice/list/?"+query)), want)
	}
	for query, part := range map[string]string{
		"status[]=created": "статус", "status[]=paid&status[]=x": "статус", "start_date=01.03.2026": "start_date", "end_date=2026-02-30": "end_date",
		"from=-1": "from", "limit=x": "limit",
	} {
		pkFails(t, query, decode(t, b.pkGet("/info/invoice/list/?"+query)), part)
	}
	// Items are those of byid.
	list := decode(t, `{"list":`+b.pkGet("/info/invoice/list/?status[]=paid")+`}`)["list"].([]any)
	equal(t, "item", list[0], any(b.pkByID(ids[1])))

	b.SetDialect(sandbox.Dialect{"paykeeper_dates": "inclusive"})
	equal(t, "inclusive", pkIDs(t, b.pkGet("/info/invoice/list/?start_date=2026-03-02&end_date=2026-03-04")), pick(3, 1))
	b.SetDialect(sandbox.Dialect{"paykeeper_revoked": "missing"})
	equal(t, "missing", pkIDs(t, b.pkGet("/info/invoice/list/?status[]=expired")), pick(0))
}

// The day of an invoice is its day in Moscow.
func TestPayKeeperDays(t *testing.T) {
	b := start(t, sandbox.Options{Now: func() time.Time { return time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC) }, Dialect: sandbox.Dialect{"paykeeper_dates": "inclusive"}})
	must(t, b.SetStatus(b.pkBill(), "paid"))
	equal(t, "2 March", len(pkIDs(t, b.pkGet("/info/invoice/list/?start_date=2026-03-02&end_date=2026-03-02"))), 1)
	equal(t, "1 March", len(pkIDs(t, b.pkGet("/info/invoice/list/?end_date=2026-03-01"))), 0)
}

func TestPayKeeperPages(t *testing.T) {
	b := start(t, sandbox.Options{})
	for range 101 {
		must(t, b.SetStatus(b.pkBill(), "paid"))
	}
	for _, query := range []string{"", "limit=1000"} {
		equal(t, "page", len(pkIDs(t, b.pkGet("/info/invoice/list/?"+query))), 100)
	}
	b.SetDialect(sandbox.Dialect{"paykeeper_max_page": "10"})
	equal(t, "short page", len(pkIDs(t, b.pkGet("/info/invoice/list/?limit=100"))), 10)
	equal(t, "last page", len(pkIDs(t, b.pkGet("/info/invoice/list/?from=95&limit=100"))), 6)
}

func TestPayKeeperListCount(t *testing.T) {
	b := start(t, sandbox.Options{})
	equal(t, "none", b.pkGet("/info/invoice/listcount/"), `{"fullcount":[{"count":"0"}],"statuses":[]}`)
	pkHistory(b)
	count := func(status, count string) any { return object{"status": status, "count": count} }
	for query, want := range map[string][]any{
		"":                                    {count("sent", "2"), count("paid", "1"), count("expired", "2"), "5"},
		"status[]=expired":                    {count("expired", "2"), "2"},
		"start_date=2026-03-02&status[]=paid": {"0"},
		"start_date=2026-03-04":               {count("sent", "2"), "2"},
	} {
		got := decode(t, b.pkGet("/info/invoice/listcount/?"+query))
		last := len(want) - 1
		equal(t, query, got["statuses"], any(append([]any{}, want[:last]...)))
		equal(t, query, got["fullcount"], any([]any{object{"count": want[last]}}))
	}
	pkFails(t, "created", decode(t, b.pkGet("/info/invoice/listcount/?status[]=created")), "статус")
	b.SetDialect(sandbox.Dialect{"paykeeper_fullcount": "number"})
	equal(t, "number", decode(t, b.pkGet("/info/invoice/listcount/"))["fullcount"], any(json.Number("5")))
}

func TestPayKeeperSearch(t *testing.T) {
	b := start(t, sandbox.Options{})
	ids := pkHistory(b)
	other := b.pkBill("orderid", "Б-7", "client_phone", "+7 900 123", "service_name", "Сыр", "client_email", "Petrov@example.com", "clientid", "Пётр")
	for query, want := range map[string]int{"query=A-": 6, "query=a-1": 1, "query=nope": 0, "query=" + ids[2]: 1, "query=": 7, "query=A-&start_date=2026-03-02&end_date=2026-03-05": 2} {
		equal(t, query, len(pkIDs(t, b.pkGet("/info/invoice/search/?"+query))), want)
	}
	for _, query := range []string{"б-7", "900", "сыр", "petrov", "пётр", other} {
		equal(t, query, pkIDs(t, b.pkGet("/info/invoice/search/?query="+query)), []string{other})
	}
	equal(t, "created", pkIDs(t, b.pkGet("/info/invoice/search/?query=A-2")), []string{ids[2]})
	equal(t, "revoked", pkIDs(t, b.pkGet("/info/invoice/search/?query=A-3")), []string{ids[3]})
	b.SetDialect(sandbox.Dialect{"paykeeper_revoked": "missing"})
	equal(t, "missing", pkIDs(t, b.pkGet("/info/invoice/search/?query=A-3")), []string{})
	b.SetDialect(sandbox.Dialect{"paykeeper_search": "false"})
	response, answer := b.pk("GET", "/info/invoice/search/?query=A-", "")
	equal(t, "old server", response.StatusCode, 404)
	contains(t, answer, "<html")
}

func TestPayKeeperDialects(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"paykeeper_token": "array"}})
	list := decode(t, `{"list":`+b.pkGet("/info/settings/token/")+`}`)["list"].([]any)
	equal(t, "tokens", len(list), 1)
	equal(t, "token", len(list[0].(object)["token"].(string)), 32)

	b.SetDialect(sandbox.Dialect{"paykeeper_invoice_id": "number"})
	equal(t, "number", b.pkPost("preview", "pay_amount", "1")["invoice_id"], any(json.Number("20260301123000123")))
	b.SetDialect(sandbox.Dialect{"paykeeper_byid": "array"})
	equal(t, "array", pkIDs(t, b.pkGet("/info/invoice/byid/?id=20260301123000123")), []string{"20260301123000123"})
	pkFails(t, "error", b.pkByID("1"), "не найден")

	b.SetDialect(sandbox.Dialect{"paykeeper_error_code": "true"})
	if _, err := b.pkByID("1")["error_code"].(json.Number).Int64(); err != nil {
		t.Error(err)
	}
	b.SetDialect(sandbox.Dialect{})
	if _, has := b.pkByID("1")["error_code"]; has {
		t.Error("error_code without the dialect")
	}

	id := b.pkBill("client_email", "a@example.com")
	b.SetDialect(sandbox.Dialect{"paykeeper_mail": "failed"})
	pkFails(t, "mail", b.pkPost("send", "id", id), "Не удалось отправить письмо.")
	equal(t, "not sent", b.pkByID(id)["status"], "created")
	outbox, err := b.Outbox()
	must(t, err)
	equal(t, "outbox", len(outbox), 0)
}

func TestPayKeeperRevoked(t *testing.T) {
	b := start(t, sandbox.Options{})
	id, gone := b.pkBill("client_email", "a@example.com"), b.pkBill("expiry", "2026-03-02")
	b.pkPost("send", "id", id)
	b.Advance(24 * time.Hour)
	equal(t, "revoke", b.pkPost("revoke", "id", id), object{"result": "success"})
	equal(t, "again", b.pkPost("revoke", "id", id), object{"result": "success"})
	equal(t, "expired", b.pkPost("revoke", "id", gone), object{"result": "success"})
	if err := b.Pay(id); err == nil {
		t.Error("a revoked invoice was paid")
	}
	b.SetDialect(sandbox.Dialect{"paykeeper_repeated_revoke": "fail"})
	pkFails(t, "again", b.pkPost("revoke", "id", id), "уже")
	pkFails(t, "expired", b.pkPost("revoke", "id", gone), "уже")
	b.SetDialect(sandbox.Dialect{"paykeeper_revoked": "missing"})
	pkFails(t, "byid", b.pkByID(id), "Счёт не найден.")
	pkFails(t, "revoke", b.pkPost("revoke", "id", id), "Счёт не найден.")
	pkFails(t, "send", b.pkPost("send", "id", id), "Счёт не найден.")
	equal(t, "expired stays", b.pkByID(gone)["status"], "expired")
}
