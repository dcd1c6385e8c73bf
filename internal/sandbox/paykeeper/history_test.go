package paykeeper

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// What list, listcount and search select, computed without SQL.
func pkSelect(all []Invoice, query url.Values, dialect sandbox.Dialect, match func(Invoice) bool) []string {
	slices.SortStableFunc(all, func(a, b Invoice) int { return strings.Compare(b.CreatedDatetime, a.CreatedDatetime) })
	ids := []string{}
	for _, i := range all {
		day, after, before := i.CreatedDatetime[:len("2006-01-02")], query.Get("start_date"), query.Get("end_date")
		inclusive := dialect["paykeeper_dates"] == "inclusive"
		switch {
		case after != "" && (day < after || (day == after && !inclusive)), before != "" && (day > before || (day == before && !inclusive)):
		case i.Status == "revoked" && dialect["paykeeper_revoked"] == "missing":
		case match(i):
			ids = append(ids, i.ID)
		}
	}
	return ids
}

func TestPayKeeperHistoryOfMany(t *testing.T) {
	b := start(t, sandbox.Options{})
	must(t, b.SeedHistory(400, 3))
	all, err := b.Invoices.All()
	must(t, err)
	slices.Reverse(all) // the newest of a second is the last that was stored
	shown := func(i Invoice) string {
		if i.Status == "revoked" {
			return "expired"
		}
		return i.Status
	}
	day := func(n int) string { return all[n].CreatedDatetime[:len("2006-01-02")] }
	for _, dialect := range []sandbox.Dialect{{}, {"paykeeper_dates": "inclusive"}, {"paykeeper_revoked": "missing"}} {
		b.SetDialect(dialect)
		for _, text := range []string{"", "status[]=paid", "status[]=expired&status[]=sent", "start_date=" + day(300), "end_date=" + day(50),
			"start_date=" + day(350) + "&end_date=" + day(20) + "&status[]=paid&status[]=paid", "start_date=9999-12-31", "end_date=0001-01-01"} {
			query, _ := url.ParseQuery(text)
			wanted := query["status[]"]
			if len(wanted) == 0 {
				wanted = []string{"sent", "paid", "expired"}
			}
			want := pkSelect(all, query, dialect, func(i Invoice) bool { return slices.Contains(wanted, shown(i)) })
			got := []string{}
			for from := 0; ; from += 30 {
				page := pkIDs(t, b.pkGet("/info/invoice/list/?"+text+"&limit=30&from="+strconv.Itoa(from)))
				got = append(got, page...)
				if len(page) < 30 {
					break
				}
			}
			equal(t, text, got, want)
			count := decode(t, b.pkGet("/info/invoice/listcount/?"+text))
			equal(t, "count of "+text, count["fullcount"], any([]any{object{"count": strconv.Itoa(len(want))}}))
		}
		for _, text := range []string{"", "query=ПЁТР", "query=елки", "query=-web-0001", "query=BELOVA3&start_date=" + day(200), "query=2026&end_date=" + day(100), "query=%22УТРО"} {
			query, _ := url.ParseQuery(text)
			word := strings.ToLower(query.Get("query"))
			want := pkSelect(all, query, dialect, func(i Invoice) bool {
				return strings.Contains(strings.ToLower(strings.Join([]string{i.ID, i.ClientID, i.OrderID, i.ServiceName, i.ClientEmail, i.ClientPhone}, "\x00")), word)
			})
			equal(t, text, pkIDs(t, b.pkGet("/info/invoice/search/?"+text)), want[:min(len(want), 100)])
			if text != "query=елки" && len(want) == 0 {
				t.Errorf("%s finds nothing", text)
			}
		}
	}
}

func TestAddPayKeeperInvoice(t *testing.T) {
	b := start(t, sandbox.Options{})
	first, err := b.Add(Invoice{PayAmount: "10.00"})
	must(t, err)
	equal(t, "defaults", first, Invoice{ID: "20260301123000000", Status: "created", PayAmount: "10.00",
		CreatedDatetime: "2026-03-01 12:30:00", ExpiryDatetime: "2026-03-31 00:00:00"})
	past, err := b.Add(Invoice{PayAmount: "11.50", Status: "paid", CreatedDatetime: "2025-12-31 23:59:59", OrderID: "A-1"})
	must(t, err)
	equal(t, "paid", fmt.Sprint(past.ID, " ", past.PaymentID, " ", past.PaidDatetime, " ", past.ExpiryDatetime), "20251231235959000 700001 2025-12-31 23:59:59 2026-01-30 00:00:00")
	again, err := b.Add(Invoice{PayAmount: "1.00", Status: "paid", CreatedDatetime: "2025-12-31 23:59:59", PaymentID: "5", PaidDatetime: "2026-01-01 00:00:00"})
	must(t, err)
	equal(t, "next", again.ID+" "+again.PaymentID+" "+again.PaidDatetime, "20251231235959001 5 2026-01-01 00:00:00")
	equal(t, "list", pkIDs(t, b.pkGet("/info/invoice/list/")), []string{again.ID, past.ID})
	equal(t, "by id", b.pkByID(past.ID)["orderid"], any("A-1"))
	if _, err := b.Add(again); err == nil || !strings.Contains(err.Error(), again.ID) {
		t.Errorf("added twice: %v", err)
	}
	if _, err := b.Add(Invoice{PayAmount: "1.00", CreatedDatetime: "yesterday"}); err == nil {
		t.Error("a time that is none was taken")
	}
}
