package p2p

import (
	"database/sql"
	"encoding/json"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// Vectors that were computed from the published recipe.
func TestP2PSignature(t *testing.T) {
	const base = "https://api.example.com/api/merchant/invoices"
	const id = "/991a0e40-8cbd-405a-80fa-c84f2e4d5c6a"
	body := `{"type":"in","amount":"1000","currency":"RUB","notificationUrl":"https://example.com/hook","notificationToken":"tok","internalId":"00001","startDeal":true}`
	equal(t, "create", signature("test_secret", "POST", base, []byte(body)), "AKfyFMW61iGVAMuDWmgHoKrozyU=")
	equal(t, "read", signature("test_secret", "GET", base+id, nil), "k1M6i/2ls44VQOLDnTWBG6cWxIw=")
	equal(t, "cancel", signature("test_secret", "POST", base+id+"/cancel", nil), "1gTH4neDnWTkUvjx631XEZnDsGg=")
}

func TestP2PAuthorization(t *testing.T) {
	b := start(t, sandbox.Options{}, Options{APIKey: "key", SecretKey: "secret"})
	sign := func(key, secret, method, address, body string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("X-Identity", key)
			r.Header.Set("X-Signature", signature(secret, method, address, []byte(body)))
		}
	}
	const none = "/invoices/none"
	at := b.URL + "/p2p/api/merchant"
	status, answer := b.p2p("GET", none, "", sign("key", "secret", "GET", at+none, ""))
	p2pFails(t, "right", status, answer, 404, "не найдена")
	for name, wrong := range map[string]func(*http.Request){
		"demo": func(*http.Request) {}, "key": sign("demo-api-key", "secret", "GET", at+none, ""), "secret": sign("key", "demo-secret-key", "GET", at+none, ""),
		"method": sign("key", "secret", "POST", at+none, ""), "path alone": sign("key", "secret", "GET", "/p2p/api/merchant"+none, ""),
		"scheme": sign("key", "secret", "GET", strings.Replace(at, "http:", "https:", 1)+none, ""),
		"body":   sign("key", "secret", "GET", at+none, "{}"), "no signature": func(r *http.Request) { r.Header.Del("X-Signature") },
		"no key":      func(r *http.Request) { sign("key", "secret", "GET", at+none, "")(r); r.Header.Del("X-Identity") },
		"other query": func(r *http.Request) { sign("key", "secret", "GET", at+none, "")(r); r.URL.RawQuery = "a=1" },
	} {
		status, answer := b.p2p("GET", none, "", wrong)
		p2pFails(t, name, status, answer, 401, "подпись")
	}
	status, answer = b.p2p("POST", "/invoices", p2pBody(""), sign("key", "secret", "POST", at+"/invoices", p2pBody(" ")))
	p2pFails(t, "changed body", status, answer, 401, "подпись")
	status, _ = b.p2p("GET", none+"?a=1", "", sign("key", "secret", "GET", at+none+"?a=1", ""))
	equal(t, "query", status, 404)
	for method, path := range map[string]string{"POST": "/invoices", "GET": "/internal-id/1"} {
		status, answer = b.p2p(method, path, "")
		p2pFails(t, path, status, answer, 401, "подпись")
	}
	for _, path := range []string{"/invoices/1/cancel", "/invoices/1/start-deal"} {
		status, answer = b.p2p("POST", path, "")
		p2pFails(t, path, status, answer, 401, "подпись")
	}
	invoices, err := b.Invoices.All()
	must(t, err)
	equal(t, "invoices", len(invoices), 0)
	equal(t, "authorized", b.Requests("p2p.read")[0].Authorized, true)
	equal(t, "unauthorized", b.Requests("p2p.create")[0].Authorized, false)
}

// Behind a proxy the address is the public one.
func TestP2PPublicURL(t *testing.T) {
	b := start(t, sandbox.Options{PublicURL: "https://sandbox.example/x"})
	status, _ := b.p2p("GET", "/invoices/1", "")
	equal(t, "the caller's own name", status, 404)
	public := func(r *http.Request) {
		r.Header.Set("X-Signature", signature("demo-secret-key", r.Method, "https://sandbox.example/x/p2p/api/merchant/invoices", []byte(p2pBody(""))))
	}
	status, answer := b.p2p("POST", "/invoices", p2pBody(""), public)
	equal(t, "public", status, 200)
	created := decode(t, answer)
	equal(t, "invoiceUrl", created["invoiceUrl"], "https://sandbox.example/x/p2p/invoice?id="+created["id"].(string))
}

// The signature covers the name that the client knows. It may believe that it
// speaks TLS.
func TestP2PUnderRealName(t *testing.T) {
	b := start(t, sandbox.Options{})
	for signed, want := range map[string]int{"http://p2p.test": 200, "https://p2p.test": 200, "https://other.test": 401, b.URL: 401} {
		status, answer := b.p2p("POST", "/invoices", p2pBody(""), func(r *http.Request) {
			r.Host = "p2p.test"
			r.Header.Set("X-Signature", signature("demo-secret-key", r.Method, signed+"/p2p/api/merchant/invoices", []byte(p2pBody(""))))
		})
		equal(t, signed, status, want)
		if want == 200 {
			equal(t, "invoiceUrl", strings.HasPrefix(decode(t, answer)["invoiceUrl"].(string), b.URL+"/p2p/invoice?id="), true)
		}
	}
}

func TestP2PCreate(t *testing.T) {
	b := start(t, sandbox.Options{})
	status, raw := b.p2p("POST", "/invoices", `{"type":"in","amount":"1000","currency":"RUB","notificationUrl":"https://webhook.site/0ee5347c",
		"notificationToken":"merchant_notification_token","internalId":"00001","userId":"uid-1","paymentOption":null,"paymentMethod":"sberbank","startDeal":true}`)
	equal(t, "status", status, 200)
	contains(t, raw, `"invoiceUrl":"http:\/\/127.0.0.1`, `"holder":"\u041f`)
	created := decode(t, raw)
	id := created["id"].(string)
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(id) {
		t.Errorf("id %s", id)
	}
	deal := created["deals"].([]any)[0].(object)
	want := object{
		"id": id, "internalId": "00001", "userId": "uid-1", "type": "in", "status": "new", "paymentMethod": "sberbank", "paymentOption": nil, "paymentRequisites": nil,
		"sum": object{"amount": "1000.00", "currency": "RUB", "subunit": json.Number("2")}, "storeId": json.Number("1"), "storeName": "Demo Test",
		"receivedSumFromTaker": nil, "receivedSumFromMaker": nil, "serviceFeeSum": nil, "payoutSum": nil,
		"createdAt": "2026-03-01T09:30:00+00:00", "expireAt": "2026-03-01T10:30:00+00:00", "updatedAt": "2026-03-01T09:30:00+00:00",
		"invoiceUrl": b.URL + "/p2p/invoice?id=" + id,
		"deals": []any{object{
			"id": deal["id"], "type": "in", "status": "transfer_waiting", "paymentMethod": "sberbank", "paymentOption": "SBP",
			"requisites": object{"requisites": "+7(996)777-99-01", "holder": "Получатель 1"}, "canceledAt": "2026-03-01T10:00:00+00:00",
			"disputeAttachment": nil, "disputeReason": nil, "disputeReasonData": []any{}, "payment": nil, "rate": "99.23", "isActive": true,
			"qrCodeLink": "https://www.sberbank.com/sms/pbpn?requisiteNumber=79967779901",
		}},
	}
	equal(t, "created", created, want)
	equal(t, "read", b.p2pRead(id), want)
	equal(t, "internal id", b.p2pOK("GET", "/internal-id/00001", ""), want)

	plain := b.p2pOK("POST", "/invoices", p2pBody(""))
	equal(t, "no deal", plain["deals"], any([]any{}))
	for _, field := range []string{"internalId", "userId", "paymentMethod", "paymentRequisites"} {
		equal(t, field, plain[field], nil)
	}
	out := b.p2pOK("POST", "/invoices", p2pBody(`,"type":"out","paymentOption":"TO_CARD","paymentMethod":"tinkoff","paymentRequisites":{"requisites":"2200","holder":"И. И."},"startDeal":false`))
	equal(t, "requisites", out["paymentRequisites"], any(object{"requisites": "2200", "holder": "И. И."}))
	equal(t, "type", out["type"], "out")
	equal(t, "deals", out["deals"], any([]any{}))
	stored, err := b.Invoices.All()
	must(t, err)
	equal(t, "stored", []string{stored[0].NotificationURL, stored[0].NotificationToken, stored[0].Base}, []string{"https://webhook.site/0ee5347c", "merchant_notification_token", b.URL})
}

func TestP2PRules(t *testing.T) {
	b := start(t, sandbox.Options{})
	for more, part := range map[string]string{
		`,"type":null`: "type: обязательное", `,"type":"both"`: "type: допустимые", `,"amount":null`: "amount: обязательное", `,"amount":1000`: "amount: должно быть строкой",
		`,"amount":"0"`: "amount: должно", `,"amount":"-5"`: "amount: должно", `,"amount":"1.005"`: "amount: должно", `,"amount":"1,5"`: "amount: должно", `,"amount":""`: "amount: не должно",
		`,"amount":"1e3"`: "amount: должно", `,"maxAmount":"999.99"`: "maxAmount: не может", `,"maxAmount":1100`: "maxAmount: должно быть строкой",
		`,"currency":null`: "currency: обязательное", `,"currency":"rub"`: "currency: должно", `,"notificationUrl":null`: "notificationUrl: обязательное",
		`,"notificationUrl":"/hook"`: "notificationUrl: должно", `,"notificationUrl":"ftp://a/b"`: "notificationUrl: должно", `,"notificationToken":null`: "notificationToken: обязательное",
		`,"internalId":1`: "internalId: должно", `,"internalId":""`: "internalId: не должно", `,"userId":1`: "userId: должно", `,"paymentMethod":[]`: "paymentMethod: должно", `,"paymentOption":{}`: "paymentOption: должно",
		`,"startDeal":"true"`: "startDeal: должно", `,"allowMatching":1`: "allowMatching: должно", `,"crossBorderCurrency":"x"`: "crossBorderCurrency: должно",
		`,"paymentRequisites":"2200"`: "paymentRequisites: должно быть объектом", `,"paymentRequisites":{"holder":"a"}`: "paymentRequisites.requisites: обязательное",
		`,"type":"out","paymentMethod":"a","paymentRequisites":{"requisites":"1"}`:                                      "paymentOption: обязательное",
		`,"type":"out","paymentOption":"a","paymentRequisites":{"requisites":"1"}`:                                      "paymentMethod: обязательное",
		`,"type":"out","paymentOption":"a","paymentMethod":"b"`:                                                         "paymentRequisites: обязательное",
		`,"type":"out","paymentOption":"a","paymentMethod":"b","paymentRequisites":{"requisites":"1"},"startDeal":true`: "startDeal: только",
	} {
		b.p2pRefused("POST", "/invoices", p2pBody(more), 400, part)
	}
	_, answer := b.p2p("POST", "/invoices", `{}`)
	for _, field := range []string{"type", "amount", "currency", "notificationUrl", "notificationToken"} {
		contains(t, answer, field+": ")
	}
	for _, body := range []string{"", "[]", `"a"`, "{", "null"} {
		b.p2pRefused("POST", "/invoices", body, 400, "")
	}
	status, answer := b.p2p("POST", "/invoices", p2pBody(""), func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") })
	p2pFails(t, "content type", status, answer, 400, "application/json")
	b.SetDialect(sandbox.Dialect{"p2p_error_status": "422"})
	b.p2pRefused("POST", "/invoices", p2pBody(`,"amount":"0"`), 422, "amount")
	b.p2pRefused("GET", "/invoices/none", "", 404, "не найдена")
	b.p2pRefused("GET", "/nothing", "", 404, "Not Found")
	invoices, err := b.Invoices.All()
	must(t, err)
	equal(t, "invoices", len(invoices), 0)
}

func TestP2PUniqueSums(t *testing.T) {
	b := start(t, sandbox.Options{})
	sum := func(more string) any {
		return b.p2pOK("POST", "/invoices", p2pBody(more))["sum"].(object)["amount"]
	}
	equal(t, "first", sum(""), any("1000.00"))
	equal(t, "not unique", sum(""), any("1000.00"))
	equal(t, "unique", sum(`,"maxAmount":"1000.02"`), any("1000.01"))
	equal(t, "other currency", sum(`,"maxAmount":"1000.02","currency":"KZT"`), any("1000.00"))
	last := b.p2pNew(`,"maxAmount":"1000.02"`)
	equal(t, "last", b.p2pRead(last)["sum"].(object)["amount"], any("1000.02"))
	b.p2pRefused("POST", "/invoices", p2pBody(`,"maxAmount":"1000.02"`), 400, "maxAmount")
	b.p2pOK("POST", "/invoices/"+last+"/cancel", "")
	equal(t, "free again", sum(`,"maxAmount":"1000.02"`), any("1000.02"))
	stored, err := b.Invoices.All()
	must(t, err)
	equal(t, "requested", stored[2].RequestedAmount+" "+stored[2].MaxAmount, "1000.00 1000.02")
}

func TestP2PCancel(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.p2pNew(`,"startDeal":true`)
	b.Advance(time.Minute)
	canceled := b.p2pOK("POST", "/invoices/"+id+"/cancel", "")
	equal(t, "status", canceled["status"], "canceled")
	equal(t, "updatedAt", canceled["updatedAt"], "2026-03-01T09:31:00+00:00")
	deal := canceled["deals"].([]any)[0].(object)
	equal(t, "deal", []any{deal["status"], deal["isActive"]}, []any{"canceled", false})
	equal(t, "read", b.p2pRead(id), canceled)
	b.p2pRefused("POST", "/invoices/"+id+"/cancel", "", 400, "canceled")
	b.p2pRefused("POST", "/invoices/none/cancel", "", 404, "не найдена")
	other := b.p2pNew("")
	b.p2pRefused("POST", "/invoices/"+other+"/cancel", "{}", 400, "пустым")
	b.SetDialect(sandbox.Dialect{"p2p_cancel": "empty"})
	status, answer := b.p2p("POST", "/invoices/"+other+"/cancel", "")
	equal(t, "empty", answer, "")
	equal(t, "status", status, 200)
	b.SetDialect(sandbox.Dialect{"p2p_repeated_cancel": "ok"})
	equal(t, "again", b.p2pOK("POST", "/invoices/"+id+"/cancel", ""), canceled)
	for _, status := range []string{"paid", "dispute"} {
		id := b.p2pNew("")
		must(t, b.SetStatus(id, status))
		b.p2pRefused("POST", "/invoices/"+id+"/cancel", "", 400, status)
		equal(t, "stays", b.p2pRead(id)["status"], status)
	}
}

func TestP2PExpiry(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.p2pNew(`,"startDeal":true`)
	b.Advance(30*time.Minute - time.Second)
	deal := func() object { return b.p2pRead(id)["deals"].([]any)[0].(object) }
	equal(t, "deal", deal()["isActive"], true)
	b.Advance(time.Second)
	equal(t, "deal let go", []any{deal()["isActive"], deal()["status"]}, []any{false, "canceled"})
	b.Advance(30*time.Minute - time.Second)
	equal(t, "before", b.p2pRead(id)["status"], "new")
	b.Advance(time.Second)
	expired := b.p2pRead(id)
	equal(t, "after", expired["status"], "expired")
	equal(t, "updatedAt", expired["updatedAt"], "2026-03-01T10:30:00+00:00")
	b.p2pRefused("POST", "/invoices/"+id+"/cancel", "", 400, "expired")
	b.SetDialect(sandbox.Dialect{"p2p_repeated_cancel": "ok"})
	equal(t, "cancel", b.p2pOK("POST", "/invoices/"+id+"/cancel", ""), expired)
}

func TestP2PStateSurvives(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.db")
	first := start(t, sandbox.Options{Database: file})
	id := first.p2pNew(`,"startDeal":true`)
	invoice := first.p2pRead(id)
	must(t, first.Close())
	second := start(t, sandbox.Options{Database: file})
	invoice["invoiceUrl"] = second.URL + "/p2p/invoice?id=" + id
	equal(t, "kept", second.p2pRead(id), invoice)
}

// Files of older versions have the names of Go in what they store.
func TestP2POlderFile(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.p2pNew("")
	must(t, b.SetStatus(id, "paid"))
	want, err := b.Invoices.Get(id)
	must(t, err)
	older := `{"ID":"` + id + `","InternalID":"","UserID":"","Type":"in","Status":"paid","Amount":"` + want.Amount + `","RequestedAmount":"` + want.RequestedAmount +
		`","MaxAmount":"","Currency":"RUB","PaymentMethod":"","PaymentOption":"","PaymentRequisites":null,"NotificationURL":"` + want.NotificationURL + `","NotificationToken":"` + want.NotificationToken +
		`","StartDeal":false,"AllowMatching":false,"CrossBorderCurrency":"","ReceivedFromTaker":{"amount":"1000.00","currency":"RUB","subunit":2},"ReceivedFromMaker":{"amount":"1000.00","currency":"RUB","subunit":2},` +
		`"ServiceFee":{"amount":"10.00","currency":"RUB","subunit":2},"Payout":{"amount":"9.976821","currency":"USDT","subunit":6},"CreatedAt":"` + want.CreatedAt + `","ExpireAt":"` + want.ExpireAt + `","UpdatedAt":"` + want.UpdatedAt +
		`","Deals":null,"Base":"` + want.Base + `"}`
	must(t, b.Transact(func(tx *sql.Tx) error {
		_, err := tx.Exec(`UPDATE p2p_invoices SET data = ? WHERE id = ?`, older, id)
		return err
	}))
	got, err := b.Invoices.Get(id)
	must(t, err)
	equal(t, "invoice", got, want)
}
