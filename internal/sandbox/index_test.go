package sandbox_test

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// addPayments creates payments for the orders order-1, order-2 and so on.
func (b *box) addPayments(n int) {
	b.T.Helper()
	terminal := sandboxtest.IDOf(b.T, b.OK("CreateTerminal", `{"name":"Магазин на Диване","alias":"N1"}`))
	for order := 1; order <= n; order++ {
		b.OK("CreatePayment", fmt.Sprintf(`{"order":{"currency":"RUB","amount":%d,"id":"order-%d"},"settings":{"terminal_id":"%s"},"receipt":[]}`, 48500+order, order, terminal))
	}
}

var rowOrder = regexp.MustCompile(`<td data-label="Заказ">(order-\d+)</td>`)

// orders are those on a page, in their order.
func orders(page string) []string {
	var all []string
	for _, row := range rowOrder.FindAllStringSubmatch(page, -1) {
		all = append(all, row[1])
	}
	return all
}

func TestIndexInPages(t *testing.T) {
	b := start(t, sandbox.Options{})
	b.addPayments(120)
	_, page := b.Browse("/")
	equal(t, "beginning", orders(page), []string{"order-120", "order-119", "order-118", "order-117", "order-116", "order-115", "order-114", "order-113", "order-112", "order-111"})
	contains(t, page, "Платежи (120)", "1–10 из 120", "48\u00a0620,00\u00a0₽")
	if what := strings.Index(page, "Платежи (120)"); what > strings.Index(page, "INVOICE_BASE_URL") {
		t.Error("the settings come before what is there")
	}
	// Following the links shows each payment once.
	var seen []string
	at := "/"
	for pages := 0; at != "" && pages < 10; pages++ {
		next := regexp.MustCompile(`href="([^"]*table=payments[^"]*)" rel="next"`).FindStringSubmatch(page)
		if at = ""; next != nil {
			at = strings.ReplaceAll(next[1], "&amp;", "&")
			_, page = b.Browse(at)
			seen = append(seen, orders(page)...)
			absent(t, page, "Терминалы", "PayKeeper<")
		}
	}
	equal(t, "seen", len(seen), 120)
	equal(t, "last", seen[119], "order-1")
	equal(t, "twice", len(slices.Compact(slices.Sorted(slices.Values(seen)))), 120)
	contains(t, page, "101–120 из 120", `href="/?gateway=invoice&amp;page=2&amp;table=payments" rel="prev"`)
	for _, strange := range []string{"?page=-1", "?page=x&gateway=invoice&table=payments", "?gateway=nope", "?page=99999999999999999999", "?gateway=invoice&table=nope", "?gateway=invoice&table=payments&page=77", "?status=x"} {
		status, _ := b.Browse("/" + strange)
		equal(t, strange, status, 200)
	}
}

func TestIndexFilter(t *testing.T) {
	b := start(t, sandbox.Options{})
	b.addPayments(30)
	must(t, b.SeedHistory(40, 1))
	all, err := b.InvoiceAPI.Payments.All()
	must(t, err)
	paid := all[6]
	must(t, b.InvoiceAPI.Pay(paid.ID, "5543735484626654"))
	found := func(query string) string {
		t.Helper()
		status, page := b.Browse("/?" + query)
		equal(t, query, status, 200)
		return page
	}
	for search, want := range map[string][]string{
		"order-7": {"order-7"}, "ORDER-7": {"order-7"}, "\torder-30\t": {"order-30"}, "48503": {"order-3"}, paid.ID: {"order-7"}, paid.ID[5:20]: {"order-7"},
		"successful": {"order-7"}, "order_": nil, "%": nil, `"><script>`: nil,
	} {
		page := found("gateway=invoice&q=" + url.QueryEscape(search))
		equal(t, search, orders(page), want)
		if want == nil {
			contains(t, page, "Ничего не найдено", `href="/"`)
		}
		absent(t, page, "<script")
	}
	must(t, b.IntellectMoney.SetState("3000000001", "ToPaid"))
	must(t, b.IntellectMoney.SetState("3000000002", "Held"))
	// Names and words of statuses, in small letters, too.
	contains(t, found("q="+url.QueryEscape("на диване")), "Найдено: 1.", "Магазин на Диване")
	page := found("q=" + url.QueryEscape("средства заблокированы"))
	contains(t, page, "Средства заблокированы (Held)")
	absent(t, page, "Оплачен (Paid)")
	contains(t, found("q=in+process"), "В процессе обработки (ToPaid)")
	// A gateway alone, and a status by its count.
	page = found("gateway=intellectmoney")
	contains(t, page, "СКО (40)")
	absent(t, page, "Invoice API v2</h2>", "PayKeeper</h2>")
	page = found("gateway=invoice")
	link := regexp.MustCompile(`href="([^"]*status=successful[^"]*)"`).FindStringSubmatch(page)
	if link == nil {
		t.Fatal("no link to what is paid")
	}
	_, page = b.Browse(strings.ReplaceAll(link[1], "&amp;", "&"))
	equal(t, "paid", orders(page), []string{"order-7"})
	// The filter of a page with another filter stays in its links.
	contains(t, found("gateway=invoice&q=order"), "Найдено: 30.", `value="order"`, "<option selected>invoice</option>")
}
