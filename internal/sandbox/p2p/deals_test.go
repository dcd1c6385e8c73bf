package p2p

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

func p2pDealsOf(invoice object) []any { return invoice["deals"].([]any) }

func TestP2PStartDeal(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.p2pNew("")
	path := "/invoices/" + id + "/start-deal"
	b.p2pRefused("POST", path, `{}`, 400, "paymentMethod: обязательное")
	b.p2pRefused("POST", path, `{"paymentMethod":"a","paymentOption":1}`, 400, "paymentOption")
	b.p2pRefused("POST", path, `[]`, 400, "объектом")
	b.p2pRefused("POST", "/invoices/none/start-deal", `{"paymentMethod":"a"}`, 404, "не найдена")
	b.Advance(time.Minute)
	started := b.p2pOK("POST", path, `{"paymentMethod":"tinkoff","paymentOption":"TO_CARD"}`)
	deal := p2pDealsOf(started)[0].(object)
	equal(t, "method", deal["paymentMethod"], "tinkoff")
	equal(t, "option", deal["paymentOption"], "TO_CARD")
	equal(t, "requisites", deal["requisites"].(object)["requisites"], "2200000000000001")
	equal(t, "qrCodeLink", deal["qrCodeLink"], nil)
	equal(t, "canceledAt", deal["canceledAt"], "2026-03-01T10:01:00+00:00")
	equal(t, "updatedAt", started["updatedAt"], "2026-03-01T09:31:00+00:00")
	equal(t, "read", b.p2pRead(id), started)
	b.p2pRefused("POST", path, `{"paymentMethod":"a"}`, 400, "активная сделка")
	b.Advance(30 * time.Minute)
	again := b.p2pOK("POST", path, `{"paymentMethod":"a"}`)
	equal(t, "second deal", len(p2pDealsOf(again)), 2)
	equal(t, "default option", p2pDealsOf(again)[1].(object)["paymentOption"], "SBP")
	must(t, b.SetStatus(id, "paid"))
	b.p2pRefused("POST", path, `{"paymentMethod":"a"}`, 400, "paid")
	out := b.p2pNew(`,"type":"out","paymentOption":"a","paymentMethod":"b","paymentRequisites":{"requisites":"1"}`)
	b.p2pRefused("POST", "/invoices/"+out+"/start-deal", `{"paymentMethod":"a"}`, 400, "типа in")
}

func TestP2PRequisitesRunOut(t *testing.T) {
	b := start(t, sandbox.Options{}, Options{Requisites: 2})
	first, second := b.p2pNew(`,"startDeal":true`), b.p2pNew(`,"startDeal":true`)
	held := p2pDealsOf(b.p2pRead(first))[0].(object)["requisites"]
	if other := p2pDealsOf(b.p2pRead(second))[0].(object)["requisites"]; other.(object)["requisites"] == held.(object)["requisites"] {
		t.Errorf("both hold %v", held)
	}
	third := b.p2pOK("POST", "/invoices", p2pBody(`,"startDeal":true`))
	equal(t, "none left", third["deals"], any([]any{}))
	path := "/invoices/" + third["id"].(string) + "/start-deal"
	equal(t, "still none", len(p2pDealsOf(b.p2pOK("POST", path, `{"paymentMethod":"a"}`))), 0)
	b.p2pOK("POST", "/invoices/"+first+"/cancel", "")
	equal(t, "the one let go", p2pDealsOf(b.p2pOK("POST", path, `{"paymentMethod":"a"}`))[0].(object)["requisites"], held)

	b = start(t, sandbox.Options{Dialect: sandbox.Dialect{"p2p_requisites": "none"}})
	equal(t, "none", len(p2pDealsOf(b.p2pOK("POST", "/invoices", p2pBody(`,"startDeal":true`)))), 0)
	b.SetDialect(sandbox.Dialect{})
	equal(t, "free", len(p2pDealsOf(b.p2pOK("POST", "/invoices", p2pBody(`,"startDeal":true`)))), 1)
	if _, err := sandbox.Open(sandbox.Options{}, New(Options{Requisites: -1}).Join); err == nil {
		t.Error("-1 requisites were taken")
	}
}

func TestP2PPaid(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.p2pNew(`,"startDeal":true`)
	b.Advance(time.Minute)
	must(t, b.SetStatus(id, "paid"))
	paid := b.p2pRead(id)
	rub := func(amount string) any {
		return object{"amount": amount, "currency": "RUB", "subunit": json.Number("2")}
	}
	for field, want := range map[string]any{
		"status": "paid", "updatedAt": "2026-03-01T09:31:00+00:00", "receivedSumFromTaker": rub("1000.00"), "receivedSumFromMaker": rub("1000.00"),
		"serviceFeeSum": rub("10.00"), "payoutSum": object{"amount": "9.97", "currency": "USDT", "subunit": json.Number("2")},
	} {
		equal(t, field, paid[field], want)
	}
	deal := p2pDealsOf(paid)[0].(object)
	equal(t, "deal", []any{deal["status"], deal["isActive"]}, []any{"transfer_confirmed", false})
	b.Advance(2 * time.Hour)
	equal(t, "stays", b.p2pRead(id), paid)
	b.SetDialect(sandbox.Dialect{"p2p_sums": "amount", "p2p_payout_subunit": "6"})
	paid = b.p2pRead(id)
	equal(t, "amount", []any{paid["receivedSumFromTaker"], paid["receivedSumFromMaker"], paid["serviceFeeSum"]}, []any{"1000.00", "1000.00", "10.00"})
	equal(t, "payout", paid["payoutSum"], any(object{"amount": "9.976821", "currency": "USDT", "subunit": json.Number("6")}))
	equal(t, "unpaid", b.p2pRead(b.p2pNew(""))["serviceFeeSum"], nil)
}

func TestP2PDialects(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"p2p_answer": "array"}})
	one := func(method, path, body string) object {
		t.Helper()
		list := b.p2pList(method, path, body)
		equal(t, path, len(list), 1)
		return list[0].(object)
	}
	created := one("POST", "/invoices", p2pBody(`,"internalId":"a/б c"`))
	id := created["id"].(string)
	equal(t, "read", one("GET", "/invoices/"+id, ""), created)
	equal(t, "internal id", one("GET", "/internal-id/a%2F%D0%B1%20c", ""), created)
	equal(t, "start-deal", one("POST", "/invoices/"+id+"/start-deal", `{"paymentMethod":"a"}`)["id"], any(id))
	equal(t, "cancel", one("POST", "/invoices/"+id+"/cancel", "")["status"], "canceled")
	b.p2pRefused("GET", "/invoices/none", "", 404, "не найдена")

	b.SetDialect(sandbox.Dialect{})
	second := b.p2pNew(`,"internalId":"a/б c"`)
	equal(t, "newest", b.p2pOK("GET", "/internal-id/a%2F%D0%B1%20c", "")["id"], any(second))
	b.p2pRefused("GET", "/internal-id/none", "", 404, "не найдена")
	b.SetDialect(sandbox.Dialect{"p2p_repeated_internal_id": "error", "p2p_internal_id": "false"})
	b.p2pRefused("POST", "/invoices", p2pBody(`,"internalId":"a/б c"`), 400, "internalId")
	b.p2pNew("")
	b.p2pNew("") // Invoices without an internal id do not repeat one.
	b.p2pRefused("GET", "/internal-id/a%2F%D0%B1%20c", "", 404, "Not Found")
}

// p2pList is p2pOK for answers that are arrays.
func (b *box) p2pList(method, path, body string) []any {
	b.T.Helper()
	status, answer := b.p2p(method, path, body)
	if status != 200 || !strings.HasPrefix(answer, "[") {
		b.T.Fatalf("%s: %d %s", path, status, answer)
	}
	return decode(b.T, `{"list":`+answer+`}`)["list"].([]any)
}

func TestP2PDirect(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.p2pNew("")
	must(t, b.Invoices.Update(id, func(i *Invoice) { i.Amount, i.InternalID = "7.50", "x" }))
	equal(t, "amount", b.p2pOK("GET", "/internal-id/x", "")["sum"].(object)["amount"], any("7.50"))
	must(t, b.SetStatus(id, "something"))
	equal(t, "status", b.p2pRead(id)["status"], "something")
	must(t, b.Invoices.Delete(id))
	b.p2pRefused("GET", "/invoices/"+id, "", 404, "не найдена")
	for name, err := range map[string]error{
		"delete": b.Invoices.Delete(id), "status": b.SetStatus(id, "paid"), "update": b.Invoices.Update(id, func(*Invoice) { t.Error("changed") }),
	} {
		if !errors.Is(err, sandbox.ErrNotFound) || !strings.Contains(err.Error(), id) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestP2PRequests(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.p2pNew(`,"internalId":"7"`)
	b.p2pRead(id)
	b.p2pOK("GET", "/internal-id/7", "")
	b.p2pOK("POST", "/invoices/"+id+"/start-deal", `{"paymentMethod":"a"}`)
	b.p2pOK("POST", "/invoices/"+id+"/cancel", "")
	at := "/p2p/api/merchant/invoices"
	for operation, want := range map[string]sandbox.Request{
		"p2p.create": {Method: "POST", Path: at, Body: p2pBody(`,"internalId":"7"`)}, "p2p.read": {Method: "GET", Path: at + "/" + id},
		"p2p.internal-id": {Method: "GET", Path: "/p2p/api/merchant/internal-id/7"}, "p2p.cancel": {Method: "POST", Path: at + "/" + id + "/cancel"},
		"p2p.start-deal": {Method: "POST", Path: at + "/" + id + "/start-deal", Body: `{"paymentMethod":"a"}`},
	} {
		want.Operation, want.Authorized, want.Done, want.Status, want.Answered, want.At = operation, true, true, 200, true, sandboxtest.Begin
		equal(t, operation, b.Requests(operation), []sandbox.Request{want})
	}
	b.Inject(sandbox.Fault{Operation: "p2p.create", Kind: sandbox.FaultStatusAfter, Times: 1})
	status, _ := b.p2p("POST", "/invoices", p2pBody(""))
	equal(t, "fault", status, http.StatusInternalServerError)
	invoices, err := b.Invoices.All()
	must(t, err)
	equal(t, "done all the same", len(invoices), 2)
}

// A dispute is about the last deal.
func TestP2PDispute(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.p2pNew(`,"startDeal":true`)
	deal := p2pDealsOf(b.p2pRead(id))[0].(object)
	equal(t, "before", []any{deal["disputeReason"], deal["disputeAttachment"]}, []any{nil, nil})
	must(t, b.SetStatus(id, "dispute"))
	deal = p2pDealsOf(b.p2pRead(id))[0].(object)
	address, _ := deal["disputeAttachment"].(string)
	if deal["disputeReason"] != "no_payment" || !strings.HasSuffix(address, "/p2p/attachments/"+deal["id"].(string)+".pdf") {
		t.Errorf("%v", deal)
	}
	without := b.p2pNew("")
	must(t, b.SetStatus(without, "dispute"))
	equal(t, "without a deal", len(p2pDealsOf(b.p2pRead(without))), 0)
}

func TestP2PPaymentOfADeal(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.p2pNew(`,"startDeal":true`)
	payment := func(dialect string) any {
		b.SetDialect(sandbox.Dialect{"p2p_deal_payment": dialect})
		return p2pDealsOf(b.p2pRead(id))[0].(object)["payment"]
	}
	equal(t, "before", payment("object"), nil)
	must(t, b.SetStatus(id, "paid"))
	number := p2pDealsOf(b.p2pRead(id))[0].(object)["id"]
	equal(t, "null", payment("null"), nil)
	equal(t, "text", payment("text"), number)
	sum := object{"amount": "1000.00", "currency": "RUB", "subunit": json.Number("2")}
	equal(t, "sum", payment("sum"), any(sum))
	equal(t, "object", payment("object"), any(object{"id": number, "sum": sum}))
}
