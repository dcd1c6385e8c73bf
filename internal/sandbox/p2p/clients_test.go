package p2p

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// p2pFile sends a form with a file, which the signature leaves out.
func (b *box) p2pFile(path string, fields ...string) (int, string) {
	b.T.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for n := 0; n < len(fields); n += 2 {
		must(b.T, form.WriteField(fields[n], fields[n+1]))
	}
	file, err := form.CreateFormFile("attachment", "receipt.pdf")
	must(b.T, err)
	_, err = file.Write([]byte("%PDF"))
	must(b.T, err)
	must(b.T, form.Close())
	return b.p2p(http.MethodPost, path, body.String(), func(r *http.Request) {
		r.Header.Set("Content-Type", form.FormDataContentType())
		r.Header.Set("X-Signature", signature("demo-secret-key", http.MethodPost, b.URL+"/p2p/api/merchant"+path, nil))
	})
}

func TestEmptyNotificationFields(t *testing.T) {
	b := start(t, sandbox.Options{})
	body := p2pBody(`,"notificationUrl":"","notificationToken":"","userId":""`)
	b.p2pRefused("POST", "/invoices", body, 400, "notificationUrl")
	b.p2pRefused("POST", "/invoices", body, 400, "notificationToken")
	b.SetDialect(sandbox.Dialect{"p2p_checks": "clients"})
	made := b.p2pOK("POST", "/invoices", body)
	equal(t, "userId", made["userId"], nil)
	must(t, b.SetStatus(made["id"].(string), "paid")) // which is notified to nobody
	b.p2pRefused("POST", "/invoices", p2pBody(`,"notificationUrl":"/hook"`), 400, "notificationUrl")
	b.p2pRefused("POST", "/invoices", p2pBody(`,"amount":""`), 400, "amount")
}

func TestFurtherRequestFields(t *testing.T) {
	b := start(t, sandbox.Options{})
	for field, part := range map[string]string{
		`"strictlySingleTransfer":"yes"`: "strictlySingleTransfer", `"crossBorderRequisiteType":1`: "crossBorderRequisiteType",
		`"successUrl":"/thanks"`: "successUrl", `"cancelUrl":"javascript:alert(1)"`: "cancelUrl",
	} {
		b.p2pRefused("POST", "/invoices", p2pBody(","+field), 400, part)
	}
	fields := `,"startDeal":true,"strictlySingleTransfer":true,"crossBorderRequisiteType":null,"successUrl":"https://shop.example/ok?a=1","cancelUrl":"https://shop.example/no"`
	paid, canceled := b.p2pNew(fields), b.p2pNew(fields)
	page := func(id string) string { _, page := b.Browse("/p2p/invoice?id=" + id); return page }
	absent(t, page(paid), "shop.example")
	must(t, b.SetStatus(paid, "paid"))
	contains(t, page(paid), `href="https://shop.example/ok?a=1"`)
	b.p2pOK("POST", "/invoices/"+canceled+"/cancel", "")
	contains(t, page(canceled), `href="https://shop.example/no"`)
}

func TestVariants(t *testing.T) {
	b := start(t, sandbox.Options{}, Options{Requisites: 1})
	list := func(id string) (variants []variant) {
		t.Helper()
		status, answer := b.p2p("GET", "/invoices/"+id+"/available-payment-variants", "")
		if status != 200 || !strings.HasPrefix(answer, "[") {
			t.Fatalf("%d %s", status, answer)
		}
		must(t, json.Unmarshal([]byte(answer), &variants))
		return variants
	}
	id := b.p2pNew("")
	first := list(id)[0]
	equal(t, "first", first, variant{"SBP", "sberbank"})
	equal(t, "one bank", list(b.p2pNew(`,"paymentMethod":"tinkoff"`)), []variant{{"SBP", "tinkoff"}, {"TO_CARD", "tinkoff"}})
	equal(t, "one option", list(b.p2pNew(`,"currency":"KZT","paymentOption":"TO_CARD"`)), []variant{{"TO_CARD", "kaspi"}, {"TO_CARD", "halyk"}})
	equal(t, "none for a payout", list(b.p2pNew(`,"type":"out","paymentOption":"a","paymentMethod":"b","paymentRequisites":{"requisites":"1"}`)), []variant{})
	// What is listed can be started.
	b.p2pOK("POST", "/invoices/"+id+"/start-deal", `{"paymentMethod":"`+first.Method+`","paymentOption":"`+first.Option+`"}`)
	equal(t, "has a deal", list(id), []variant{})
	equal(t, "requisites are used up", list(b.p2pNew("")), []variant{})
	b.SetDialect(sandbox.Dialect{"p2p_requisites": "none"})
	equal(t, "none", list(b.p2pNew("")), []variant{})
	b.p2pRefused("GET", "/invoices/none/available-payment-variants", "", 404, "не найдена")
}

func TestPaymentMethods(t *testing.T) {
	b := start(t, sandbox.Options{})
	status, answer := b.p2p("GET", "/payment-methods?currency=KZT", "")
	equal(t, "KZT", []any{status, answer}, []any{200, `[{"code":"kaspi","name":"Kaspi Bank","currency":"KZT"},{"code":"halyk","name":"Halyk Bank","currency":"KZT"}]`})
	_, answer = b.p2p("GET", "/payment-methods?currency=USD", "")
	equal(t, "USD", answer, "[]")
	b.p2pRefused("GET", "/payment-methods", "", 400, "currency")
	// The signature covers the query.
	status, _ = b.p2p("GET", "/payment-methods?currency=KZT", "", func(r *http.Request) {
		r.Header.Set("X-Signature", signature("demo-secret-key", "GET", b.URL+"/p2p/api/merchant/payment-methods", nil))
	})
	equal(t, "signed without", status, 401)
}

func TestDealsByOption(t *testing.T) {
	b := start(t, sandbox.Options{})
	deal := func(option string) object {
		return p2pDealsOf(b.p2pOK("POST", "/invoices", p2pBody(`,"startDeal":true,"paymentOption":"`+option+`"`)))[0].(object)
	}
	for option, prefix := range map[string]string{
		"SBP": "+7(996)", "MOBILE_TOP_UP": "+7(996)", "TO_CARD": "2200", "CROSS_BORDER": "2200", "SBP_QR": "https://qr.example/", "MANUAL_SBP_QR": "https://qr.example/",
	} {
		for _, place := range []string{"object", "inside", "card"} {
			b.SetDialect(sandbox.Dialect{"p2p_deal_requisites": place})
			got := deal(option)
			requisites := got["requisites"].(object)
			where := map[string]any{"object": requisites["requisites"], "inside": requisites["phone"], "card": got["phone"]}[place]
			switch prefix[0] {
			case '2':
				where = map[string]any{"object": requisites["requisites"], "inside": requisites["cardNumber"], "card": got["card"]}[place]
			case 'h':
				where = requisites["requisites"]
				equal(t, "qrCodeLink", got["qrCodeLink"], where)
			}
			if text, _ := where.(string); !strings.HasPrefix(text, prefix) {
				t.Errorf("%s, %s: %v, want %s…", option, place, got, prefix)
			}
		}
	}
}

func TestConfirmTransfer(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.p2pNew(`,"startDeal":true`)
	path := "/invoices/" + id + "/confirm-transfer"
	b.Advance(time.Minute)
	status, answer := b.p2pFile(path)
	equal(t, "status", status, 200)
	confirmed := decode(t, answer)
	equal(t, "stays open", confirmed["status"], "new")
	equal(t, "changed", confirmed["updatedAt"], "2026-03-01T09:31:00+00:00")
	status, answer = b.p2pFile("/invoices/" + b.p2pNew("") + "/confirm-transfer")
	p2pFails(t, "no deal", status, answer, 400, "активной сделки")
	b.p2pOK("POST", "/invoices/"+id+"/cancel", "")
	status, answer = b.p2pFile(path)
	p2pFails(t, "canceled", status, answer, 400, "canceled")
	status, answer = b.p2pFile("/invoices/none/confirm-transfer")
	p2pFails(t, "none", status, answer, 404, "не найдена")
	// Some clients set the type by hand, and so lose the boundary.
	unsigned := func(kind, body string) {
		t.Helper()
		status, answer := b.p2p("POST", path, body, func(r *http.Request) {
			r.Header.Set("Content-Type", kind)
			r.Header.Set("X-Signature", signature("demo-secret-key", "POST", b.URL+"/p2p/api/merchant"+path, nil))
		})
		p2pFails(t, kind, status, answer, 400, "")
	}
	unsigned("multipart/form-data", "--x\r\n\r\n--x--")
	unsigned("application/json", "{}")
	unsigned("multipart/form-data; boundary=x", "nothing")
	unsigned("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n")
}

func TestBodyOfNull(t *testing.T) {
	b := start(t, sandbox.Options{})
	path := "/invoices/" + b.p2pNew("") + "/cancel"
	null := func(body string) (int, string) {
		return b.p2p("POST", path, body, func(r *http.Request) {
			r.Header.Set("X-Signature", signature("demo-secret-key", "POST", b.URL+"/p2p/api/merchant"+path, nil))
		})
	}
	status, answer := null("null")
	p2pFails(t, "document", status, answer, 401, "подпись")
	b.SetDialect(sandbox.Dialect{"p2p_checks": "clients"})
	status, answer = null("{}")
	p2pFails(t, "a body", status, answer, 401, "подпись")
	b.p2pRefused("POST", path, "{}", 400, "пустым")
	status, _ = null("null")
	equal(t, "null", status, 200)
}

func TestDispute(t *testing.T) {
	notified := make(chan string, 10)
	shop := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var body struct{ Invoice struct{ Status string } }
		_ = json.NewDecoder(r.Body).Decode(&body)
		notified <- body.Invoice.Status
	}))
	t.Cleanup(shop.Close)
	b := start(t, sandbox.Options{})
	made := b.p2pOK("POST", "/invoices", p2pBody(`,"startDeal":true,"notificationUrl":"`+shop.URL+`"`))
	path, deal := "/invoices/"+made["id"].(string)+"/dispute", p2pDealsOf(made)[0].(object)["id"].(string)
	refused := func(part string, fields ...string) {
		t.Helper()
		status, answer := b.p2pFile(path, fields...)
		p2pFails(t, part, status, answer, 400, part)
	}
	refused("disputeReason", "dealId", deal)
	refused("dealId", "dealId", "other", "disputeReason", "no_payment")
	refused("disputeReasonData[amount]", "dealId", deal, "disputeReason", "invalid_sum")
	refused("disputeReasonData[amount]", "dealId", deal, "disputeReason", "invalid_sum", "disputeReasonData[amount]", "-1")
	status, answer := b.p2pFile(path, "dealId", deal, "disputeReason", "invalid_sum", "disputeReasonData[amount]", "900.5")
	equal(t, "status", status, 200)
	disputed := decode(t, answer)
	equal(t, "invoice", disputed["status"], "dispute")
	got := p2pDealsOf(disputed)[0].(object)
	equal(t, "reason", got["disputeReason"], "invalid_sum")
	equal(t, "data", got["disputeReasonData"], any(object{"amount": "900.50"}))
	equal(t, "read", b.p2pRead(made["id"].(string)), disputed)
	equal(t, "notified", <-notified, "dispute")
	refused("уже открыт", "dealId", deal, "disputeReason", "no_payment")

	other := b.p2pNew(`,"startDeal":true`)
	deal = p2pDealsOf(b.p2pRead(other))[0].(object)["id"].(string)
	b.Advance(2 * time.Hour) // The payer was late.
	equal(t, "expired", b.p2pRead(other)["status"], "expired")
	status, answer = b.p2pFile("/invoices/"+other+"/dispute", "dealId", deal, "disputeReason", "no_payment")
	equal(t, "status", status, 200)
	equal(t, "data", p2pDealsOf(decode(t, answer))[0].(object)["disputeReasonData"], any([]any{}))
}
