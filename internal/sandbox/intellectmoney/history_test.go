package intellectmoney

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// imHistory is one invoice of each state, an hour apart, the newest last; the
// last two are of another organisation of the holding.
func imHistory(b *box) []string {
	b.T.Helper()
	var ids []string
	states := []string{"Created", "PartPaid", "Paid", "ToPaid", "Refund", "Held", "Paid", "Created"}
	amounts := []string{"10.00", "9.50", "100.05", "8.00", "7.00", "1000.00", "6.00", "5.00"}
	for n, state := range states {
		id := b.imAdd(0, func(i *Invoice) {
			i.CreationDate = sandboxtest.Begin.Add(time.Duration(n-len(states)) * time.Hour).Truncate(time.Hour)
			i.Amount, i.EshopID, i.PurchaseOrderID = amounts[n], 450000+n%2, fmt.Sprintf("A-%d", n)
			if n >= 6 {
				i.OrganizationID, i.OrganizationName = 977, "ИП"
			}
			if n%3 == 0 {
				i.OwnerEmail = "Anna@example.com"
			}
		})
		if state != "Created" {
			must(b.T, b.SetState(id, state))
			// Changed in the opposite order of their creation.
			must(b.T, b.Invoices.Update(id, func(i *Invoice) { i.ChangeDate = sandboxtest.Begin.Add(-time.Duration(n) * time.Minute) }))
		}
		ids = append(ids, id)
	}
	must(b.T, b.Invoices.Update(ids[2], func(i *Invoice) { // paid, and a part came back
		i.Transactions = append(i.Transactions, Transaction{State: "Confirm", CreationDate: sandboxtest.Begin, PaymentAmount: "1.00", RecipientAmount: "1.00", Commission: "0.0", InvoicePaymentType: "Refund"})
	}))
	return ids
}

func TestIntellectMoneyFilters(t *testing.T) {
	b := start(t, sandbox.Options{})
	ids := imHistory(b)
	pick := func(numbers ...int) []string {
		picked := []string{}
		for _, n := range numbers {
			picked = append(picked, ids[n])
		}
		return picked
	}
	at := func(n int) string { // the whole hour at which invoice n was made, in Moscow
		return sandboxtest.Begin.Add(time.Duration(n-8) * time.Hour).Truncate(time.Hour).In(sandbox.Moscow).Format("2006-01-02 15:04:05")
	}
	equal(t, "sandbox.Moscow", at(0), "2026-03-01 04:00:00")
	changed := func(n int) string {
		return sandboxtest.Begin.Add(-time.Duration(n) * time.Minute).In(sandbox.Moscow).Format("2006-01-02 15:04:05")
	}
	for query, want := range map[string][]string{
		"":                      pick(5, 4, 3, 2, 1, 0),
		"IsHoldingSearch=true":  pick(7, 6, 5, 4, 3, 2, 1, 0),
		"IsHoldingSearch=false": pick(5, 4, 3, 2, 1, 0),
		"IsHoldingSearch=true;OrganizationId=977": pick(7, 6),
		"OrganizationId=977":                      pick(),
		"OrganizationId=10042":                    pick(5, 4, 3, 2, 1, 0),
		"OrganizationId=1":                        pick(),
		"EshopId=450001":                          pick(5, 3, 1),
		"IsHoldingSearch=true;EshopId=450001":     pick(7, 5, 3, 1),
		"EshopId=1":                               pick(),
		"State=0":                                 pick(0), "State=1": pick(1), "State=2": pick(2), "State=3": pick(3), "State=4": pick(4), "State=6": pick(5),
		"InvoiceId=" + ids[3]:                                pick(3),
		"InvoiceId=3999999999":                               pick(),
		"DateFrom=" + at(3):                                  pick(5, 4, 3),
		"DateTo=" + at(3):                                    pick(3, 2, 1, 0),
		"DateFrom=" + at(2) + ";DateTo=" + at(4):             pick(4, 3, 2),
		"DateFrom=" + at(4) + ";DateTo=" + at(2):             pick(),
		"ChangeDateFrom=" + changed(2):                       pick(2, 1),
		"ChangeDateTo=" + changed(4):                         pick(5, 0),
		"ChangeDateFrom=" + at(0) + ";ChangeDateTo=" + at(0): pick(0),
		"OwnerEmail=anna@EXAMPLE.com":                        pick(3, 0),
		"OwnerEmail=b@example.com":                           pick(),
		"WithRefunds=true":                                   pick(4, 2),
		"WithRefunds=false":                                  pick(5, 4, 3, 2, 1, 0),
		"Take=2":                                             pick(5, 4),
		"Skip=1;Take=2":                                      pick(4, 3),
		"Skip=5;Take=2":                                      pick(0),
		"Skip=6":                                             pick(),
		"SortOrder=0":                                        pick(5, 4, 3, 2, 1, 0),
		"SortOrder=1":                                        pick(5, 4, 3, 2, 1, 0),
		"SortOrder=2":                                        pick(1, 2, 3, 4, 5, 0),
		"SortOrder=3":                                        pick(5, 4, 3, 2, 1, 0),
		"SortOrder=4":                                        pick(5, 2, 0, 1, 3, 4),
		"SortOrder=4;Skip=1;Take=3":                          pick(2, 0, 1),
		"State=2;EshopId=450000;WithRefunds=true":            pick(2),
		"IncludePaymentTransactions=True":                    pick(5, 4, 3, 2, 1, 0),
	} {
		var pairs []string
		for pair := range strings.SplitSeq(query, ";") {
			if name, value, ok := strings.Cut(pair, "="); ok {
				pairs = append(pairs, name, value)
			}
		}
		equal(t, query, imIDs(b.imList(pairs...)), want)
	}
}

func TestIntellectMoneyRefusedValues(t *testing.T) {
	b := start(t, sandbox.Options{})
	for _, pair := range []string{"Take=", "Take=0", "Take=-1", "Take=x", "Take=+5", "Skip=-1", "Skip=x", "EshopId=x", "EshopId=1234567", "OrganizationId=123456", "OrganizationId=-1",
		"InvoiceId=2000000000", "InvoiceId=300000000", "InvoiceId=3x00000000", "State=5", "State=7", "State=Paid", "SortOrder=5", "SortOrder=x",
		"DateFrom=2026-01-01", "DateTo=01.01.2026 00:00:00", "ChangeDateFrom=2026-02-30 00:00:00", "ChangeDateTo=2026-01-01T00:00:00", "DateFrom=2026-01-01 0:00:00",
		"IncludePaymentTransactions=1", "IsHoldingSearch=x", "WithRefunds=x", "OwnerEmail=" + strings.Repeat("я", 101), "Take=99999999999999999999"} {
		name, value, _ := strings.Cut(pair, "=")
		imFails(t, pair, b.imAsk(name, value), name)
	}
	b.imList("OwnerEmail", strings.Repeat("я", 100), "EshopId", "123456", "OrganizationId", "12345")
}

func TestIntellectMoneyLimits(t *testing.T) {
	b := start(t, sandbox.Options{}, Options{MaxInvoices: 150})
	for n := range 150 {
		b.imAdd(n, nil)
	}
	equal(t, "cut", len(b.imList("Take", "1000")), 100)
	equal(t, "rest", len(b.imList("Skip", "100")), 50)
	b.SetDialect(sandbox.Dialect{"intellectmoney_max_take": "50"})
	equal(t, "cut to 50", len(b.imList()), 50)
	b.SetDialect(sandbox.Dialect{"intellectmoney_long_take": "error"})
	imFails(t, "long", b.imAsk("Take", "101"), "больше 100")
	equal(t, "most", len(b.imList()), 100)

	b.SetDialect(sandbox.Dialect{"intellectmoney_errors": "result"}) // not for this one
	b.imAdd(200, nil)
	imFails(t, "151", b.imAsk("Take", "1"), "Слишком большое количество счетов. Уменьшите период выборки.")
	imFails(t, "end", b.imAsk("Skip", "1000"), "Слишком большое количество счетов.")
	period := sandboxtest.Begin.Add(-150 * time.Hour).In(sandbox.Moscow).Format("2006-01-02 15:04:05")
	equal(t, "period", len(b.imList("DateFrom", period)), 100)
}

// Paging to the end finds every invoice once, in any order and whatever the
// size of a page, also where many are equal.
func TestIntellectMoneyPaging(t *testing.T) {
	b := start(t, sandbox.Options{})
	must(t, b.SeedHistory(230, 7))
	all, err := b.Invoices.All()
	must(t, err)
	for sort := range 5 {
		for _, take := range []int{7, 64, 100} {
			var got []string
			for skip := 0; ; skip += take {
				page := imIDs(b.imList("IsHoldingSearch", "true", "Skip", strconv.Itoa(skip), "Take", strconv.Itoa(take), "SortOrder", strconv.Itoa(sort)))
				got = append(got, page...)
				if len(page) < take {
					break
				}
			}
			slices.Sort(got)
			if len(got) != len(all) || len(slices.Compact(got)) != len(all) {
				t.Errorf("order %d by %d: %d of %d", sort, take, len(got), len(all))
			}
		}
	}
}

// Among equals the id decides, in the direction of the rest.
func TestIntellectMoneyEquals(t *testing.T) {
	b := start(t, sandbox.Options{})
	ids := []string{b.imAdd(1, nil), b.imAdd(1, nil), b.imAdd(1, nil)}
	for sort := range 5 {
		b.SetDialect(sandbox.Dialect{})
		equal(t, "descending", imIDs(b.imList("SortOrder", strconv.Itoa(sort))), []string{ids[2], ids[1], ids[0]})
		b.SetDialect(sandbox.Dialect{"intellectmoney_order": "oldest", "intellectmoney_sort": "ascending"})
		equal(t, "ascending", imIDs(b.imList("SortOrder", strconv.Itoa(sort))), ids)
	}
}

func TestIntellectMoneyXML(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.imAdd(0, func(i *Invoice) { i.EshopName, i.OwnerEmail = `<"&>`, "a@example.com" })
	must(t, b.SetState(id, "Paid"))
	values := imValues("IncludePaymentTransactions", "true")
	ask := func(accept ...string) (string, string) {
		response, answer := b.imPost("payment/getInvoicesHistory", imForm(values), imSign(values, DemoSignSecretKey), func(r *http.Request) { r.Header["Accept"] = accept })
		return response.Header.Get("Content-Type"), answer
	}
	for _, accept := range []string{"", "*/*", "application/xml", "text/html, */*", "application/jsonp"} {
		kind, answer := ask(accept)
		equal(t, accept, kind, "application/xml; charset=utf-8")
		var got struct {
			Code     int    `xml:"OperationState>Code"`
			ID       string `xml:"Result>InvoicesHistoryList>Item>Id"`
			Amount   string `xml:"Result>InvoicesHistoryList>Item>Amount>Amount"`
			Shop     string `xml:"Result>InvoicesHistoryList>Item>PurchaseData>EshopName"`
			Movement string `xml:"Result>InvoicesHistoryList>Item>HistoryList>Item>InvoicePaymentType"`
		}
		must(t, xml.Unmarshal([]byte(answer), &got))
		equal(t, "xml", fmt.Sprint(got), fmt.Sprintf(`{0 %s 1500.5 <"&> Purchase}`, id))
	}
	for _, accept := range [][]string{{"application/json"}, {"text/json"}, {"text/html, application/json;q=0.9"}, {"text/html", "Text/JSON"}} {
		kind, answer := ask(accept...)
		equal(t, accept[0], kind, "application/json; charset=utf-8")
		decode(t, answer)
	}
	_, answer := b.imPost("payment/getInvoicesHistory", "", "", func(r *http.Request) { r.Header.Del("Accept") })
	equal(t, "error", answer, `<?xml version="1.0" encoding="utf-8"?><Response><OperationState><Code>2</Code><Desc>Неверная подпись запроса.</Desc></OperationState><Result>false</Result></Response>`)
	b.SetDialect(sandbox.Dialect{"intellectmoney_absent": "null"})
	_, answer = ask("text/xml")
	absent(t, answer, "Rrn", "nil")
}

func TestIntellectMoneyDialects(t *testing.T) {
	b := start(t, sandbox.Options{})
	ids := imHistory(b)
	at := sandboxtest.Begin.Add(-6 * time.Hour).Truncate(time.Hour) // of the third
	moment := at.In(sandbox.Moscow).Format("2006-01-02 15:04:05")
	one := func(d sandbox.Dialect, pairs ...string) object {
		t.Helper()
		b.SetDialect(d)
		return b.imList(append([]string{"InvoiceId", ids[2]}, pairs...)...)[0]
	}
	list := func(d sandbox.Dialect, pairs ...string) []string {
		t.Helper()
		b.SetDialect(d)
		return imIDs(b.imList(pairs...))
	}
	slices.Reverse(ids[:6])
	newest := slices.Clone(ids[:6])
	slices.Reverse(ids[:6])
	equal(t, "newest", list(sandbox.Dialect{}), newest)
	equal(t, "oldest", list(sandbox.Dialect{"intellectmoney_order": "oldest"}), ids[:6])
	equal(t, "oldest by date", list(sandbox.Dialect{"intellectmoney_order": "oldest"}, "SortOrder", "1"), newest)
	equal(t, "ascending", list(sandbox.Dialect{"intellectmoney_sort": "ascending"}, "SortOrder", "1"), ids[:6])
	equal(t, "ascending by default", list(sandbox.Dialect{"intellectmoney_sort": "ascending"}), newest)

	for dates, want := range map[string][]string{"inclusive": {ids[2]}, "exclusive": {}, "half-open": {}} {
		equal(t, dates, list(sandbox.Dialect{"intellectmoney_dates": dates}, "DateFrom", moment, "DateTo", moment), want)
	}
	later := at.Add(time.Hour).In(sandbox.Moscow).Format("2006-01-02 15:04:05")
	for dates, want := range map[string][]string{"inclusive": {ids[3], ids[2]}, "exclusive": {}, "half-open": {ids[2]}} {
		equal(t, dates, list(sandbox.Dialect{"intellectmoney_dates": dates}, "DateFrom", moment, "DateTo", later), want)
	}
	for offset, want := range map[string]string{"": "2026-03-01T06:00:00.00+03:00", "+00:00": "2026-03-01T03:00:00.00+00:00", "naive": "2026-03-01T06:00:00.00"} {
		got := one(sandbox.Dialect{"intellectmoney_offset": offset}, "IncludePaymentTransactions", "true")
		equal(t, offset, got["CreationDate"], any(want))
		equal(t, "transaction", got["HistoryList"].([]any)[0].(object)["CreationDate"], any("2026-03-01T09:30:00.12+00:00"))
	}
	equal(t, "number", one(sandbox.Dialect{})["Id"], any(json.Number(ids[2])))
	equal(t, "string", one(sandbox.Dialect{"intellectmoney_id": "string"})["Id"], any(ids[2]))
	_, has := one(sandbox.Dialect{})["OwnerEmail"]
	equal(t, "omitted", has, false)
	email, has := one(sandbox.Dialect{"intellectmoney_absent": "null"})["OwnerEmail"]
	equal(t, "null", has && email == nil, true)
	amount := func(d sandbox.Dialect) any { return b.imAmount(d, ids[1]) }
	equal(t, "trimmed", amount(sandbox.Dialect{}), any(json.Number("9.5")))
	equal(t, "scale", amount(sandbox.Dialect{"intellectmoney_amount": "scale"}), any(json.Number("9.50")))

	for when, want := range map[string][4]int{"flag": {0, 2, 0, 0}, "always": {2, 2, 0, 0}, "separate": {0, 0, 0, 2}} {
		without, with := one(sandbox.Dialect{"intellectmoney_transactions": when}), one(sandbox.Dialect{"intellectmoney_transactions": when}, "IncludePaymentTransactions", "true")
		count := func(o object, name string) int { list, _ := o[name].([]any); return len(list) }
		equal(t, when, [4]int{count(without, "HistoryList"), count(with, "HistoryList"), count(without, "PaymentTransactions"), count(with, "PaymentTransactions")}, want)
	}
	equal(t, "holding", len(list(sandbox.Dialect{"intellectmoney_holding": "all"})), 8)
	equal(t, "holding", len(list(sandbox.Dialect{"intellectmoney_holding": "all"}, "OrganizationId", "977")), 2)
	b.SetDialect(sandbox.Dialect{"intellectmoney_warning": "true"})
	contains(t, b.imAsk(), `"Result":{"State":{"Code":1,`)
	b.SetDialect(sandbox.Dialect{"intellectmoney_envelope": "table"})
	contains(t, b.imAsk("EshopId", "450000"), `},"OperationId":"`, `","EshopId":450000,"Result":{`)
}

func (b *box) imAmount(d sandbox.Dialect, id string) any {
	b.T.Helper()
	b.SetDialect(d)
	return b.imList("InvoiceId", id)[0]["Amount"].(object)["Amount"]
}
