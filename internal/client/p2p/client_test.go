package p2p

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// The vectors were computed by the published recipe.
func TestSignature(t *testing.T) {
	const address = "https://api.example.com/api/merchant/invoices"
	const body = `{"type":"in","amount":"1000","currency":"RUB","notificationUrl":"https://example.com/hook","notificationToken":"tok","internalId":"00001","startDeal":true}`
	for _, test := range []struct{ method, address, body, want string }{
		{"POST", address, body, "AKfyFMW61iGVAMuDWmgHoKrozyU="},
		{"GET", address + "/" + invoiceID, "", "k1M6i/2ls44VQOLDnTWBG6cWxIw="},
		{"POST", address + "/" + invoiceID + "/cancel", "", "1gTH4neDnWTkUvjx631XEZnDsGg="},
	} {
		if got := sign([]byte(secretKey), test.method, test.address, []byte(test.body)); got != test.want {
			t.Errorf("%s %s: %s, want %s", test.method, test.address, got, test.want)
		}
	}
	// The body of the vector is literally what the client makes.
	request := CreateInvoiceRequest{
		Type: DirectionIn, Amount: "1000", Currency: "RUB", NotificationURL: "https://example.com/hook",
		NotificationToken: "tok", InternalID: "00001", StartDeal: new(true),
	}
	if got, err := request.encode(); err != nil || string(got) != body {
		t.Errorf("got  %s (%v)\nwant %s", got, err, body)
	}
}

func wantSample(t *testing.T) *Invoice {
	t.Helper()
	return &Invoice{
		ID: invoiceID, InternalID: "00001", UserID: "uid-1", Type: DirectionIn, Status: StatusNew,
		PaymentMethod: "sberbank", Sum: moneyOf(t, "1000.00"), StoreID: "1", StoreName: "Demo Test",
		Created: clienttest.Time(t, "2024-11-04T13:55:45Z"), Expires: clienttest.Time(t, "2024-11-04T14:55:45Z"), Updated: clienttest.Time(t, "2024-11-04T13:58:34Z"),
		URL: "http://pay.doamin.com/invoice?id=" + invoiceID,
		Deals: Deals{{
			ID: "595af0e7-261d-4451-b651-3cfeecc0755c", Type: "in", Status: DealTransferWaiting,
			PaymentMethod: "sberbank", PaymentOption: "SBP",
			Requisites: &Requisites{Requisites: "+7(996)777-99-77", Holder: "holder name"},
			CanceledAt: clienttest.Time(t, "2024-11-04T14:25:48Z"), Rate: "99.23", IsActive: Flag{new(true)},
			QRCodeLink: "https://www.sberbank.com/sms/pbpn?requisiteNumber=79967779977",
		}},
	}
}

func sampleRequest() CreateInvoiceRequest {
	return CreateInvoiceRequest{
		Type: DirectionIn, Amount: "1000", Currency: "RUB",
		NotificationURL: "https://webhook.site/0ee5347c?a=1&b=2", NotificationToken: "merchant_notification_token",
		InternalID: "00001", UserID: "uid-1", PaymentMethod: "sberbank", StartDeal: new(true),
	}
}

const sampleRequestBody = `{"type":"in","amount":"1000","currency":"RUB","notificationUrl":"https://webhook.site/0ee5347c?a=1&b=2",` +
	`"notificationToken":"merchant_notification_token","internalId":"00001","userId":"uid-1","paymentMethod":"sberbank","startDeal":true}`

// Every call reads the document's sample, bare and in an array.
func TestEveryCall(t *testing.T) {
	for _, answer := range []string{sample, "[" + sample + "]", " [ \n" + sample + "\n] "} {
		s := newServer(t, map[string][]reply{create: {ok(answer)}, byID: {ok(answer)}, internal: {ok(answer)}, cancel: {ok(answer)}})
		c := clientOf(s)
		created, err := c.CreateInvoice(t.Context(), sampleRequest(), true)
		if err != nil {
			t.Fatal(err)
		}
		found, err := c.FindInvoice(t.Context(), invoiceID)
		if err != nil {
			t.Fatal(err)
		}
		byKey, err := c.FindByInternalID(t.Context(), "00001")
		if err != nil {
			t.Fatal(err)
		}
		if err := c.CancelInvoice(t.Context(), invoiceID); err != nil {
			t.Fatal(err)
		}
		for _, got := range []*Invoice{created, found, byKey} {
			clienttest.Same(t, got, wantSample(t))
			if got.Sum.Amount == nil || got.Sum.Amount.Money() != "1000.00" || got.PayoutSum.Amount != nil {
				t.Errorf("sums: %+v, %+v", got.Sum, got.PayoutSum)
			}
		}
		s.WantSteps(t, "create find internal cancel")
		for i, body := range []string{sampleRequestBody, "", "", ""} {
			r := s.Seen()[i]
			contentType := ""
			if body != "" {
				contentType = "application/json"
			}
			clienttest.Same(t, []string{r.Body, r.Header.Get("X-Identity"), r.Header.Get("X-Signature"), r.Header.Get("Accept"), r.Header.Get("Content-Type"), r.Header.Get("Authorization")},
				[]string{body, apiKey, sign([]byte(secretKey), r.Method, s.URL+r.Path, []byte(body)), "application/json", contentType, ""})
			if r.Chunked {
				t.Errorf("%s %s is sent in chunks", r.Method, r.Path)
			}
		}
	}
}

func TestAllRequestFields(t *testing.T) {
	request := CreateInvoiceRequest{
		Type: DirectionOut, Amount: "2000.00", MaxAmount: "2010", Currency: "RUB", NotificationURL: "https://a.b/<c>", NotificationToken: "t",
		InternalID: "i", UserID: "u", PaymentOption: "TO_CARD", PaymentMethod: "sberbank",
		PaymentRequisites: &Requisites{Requisites: "2200", Holder: "H"}, StartDeal: new(false),
		CrossBorderCurrency: "TJS", AllowMatching: new(true),
	}
	got, err := request.encode()
	const want = `{"type":"out","amount":"2000.00","maxAmount":"2010","currency":"RUB","notificationUrl":"https://a.b/<c>","notificationToken":"t",` +
		`"internalId":"i","userId":"u","paymentOption":"TO_CARD","paymentMethod":"sberbank","paymentRequisites":{"requisites":"2200","holder":"H"},` +
		`"startDeal":false,"crossBorderCurrency":"TJS","allowMatching":true}`
	if err != nil || string(got) != want {
		t.Errorf("got  %s (%v)\nwant %s", got, err, want)
	}
	got, _ = CreateInvoiceRequest{Type: "in", Amount: "1", Currency: "RUB"}.encode()
	if string(got) != `{"type":"in","amount":"1","currency":"RUB","notificationUrl":"","notificationToken":""}` {
		t.Errorf("what is not set is sent: %s", got)
	}
}

func TestAnAmountThatIsNoNumberIsNotSent(t *testing.T) {
	s := newServer(t, nil)
	for _, request := range []CreateInvoiceRequest{{Type: "out", Amount: "many"}, {Type: "out", Amount: "1", MaxAmount: "1,5"}} {
		_, err := clientOf(s).CreateInvoice(t.Context(), request, true)
		clienttest.Outcome(t, err, transport.NotDone)
	}
	s.WantSteps(t, "")
}

// An invoice is absent only after HTTP 404 in the gateway's own error shape.
func TestNotFound(t *testing.T) {
	tests := []struct {
		reply
		absent bool
	}{
		{reply{Status: 404, Body: notFound}, true},
		{reply{Status: 404, Body: "\n[ {\"message\":\"\\u041d\\u0435 \\u043d\\u0430\\u0439\\u0434\\u0435\\u043d\", \"code\":1} ]\n"}, true},
		{reply{Status: 404, Body: `{"message":"Invoice not found"}`}, false},
		{reply{Status: 404, Body: `[]`}, false},
		{reply{Status: 404, Body: `[{}]`}, false},
		{reply{Status: 404, Body: `[{"message":""}]`}, false},
		{reply{Status: 404, Body: `["Invoice not found"]`}, false},
		{reply{Status: 404, Body: ``}, false},
		{reply{Status: 404, Body: `404 page not found`}, false},
		{reply{Status: 404, Body: `<html>not found</html>`}, false},
		{reply{Status: 200, Body: notFound}, false},
		{reply{Status: 400, Body: notFound}, false},
		{reply{Status: 401, Body: notFound}, false},
		{reply{Status: 403, Body: notFound}, false},
		{reply{Status: 410, Body: notFound}, false},
		{reply{Status: 500, Body: notFound}, false},
		{reply{Status: 200, Body: `[]`}, false},
		{reply{Status: 200, Body: `null`}, false},
		{reply{Status: 200, Body: `{}`}, false},
		{reply{Status: 200, Body: ``}, false},
		{reply{Status: 200, Body: `<html>login</html>`}, false},
		{reply{Status: 302, Header: []string{"Location", "/login"}}, false},
		{cut, false},
	}
	for _, test := range tests {
		s := newServer(t, map[string][]reply{byID: {test.reply}, internal: {ok(sample), test.reply}})
		c := clientOf(s)
		found, err := c.FindInvoice(t.Context(), invoiceID)
		if found != nil || (err == nil) != test.absent {
			t.Errorf("%d %s: %v, %v", test.Status, test.Body, found, err)
		}
		if _, err := c.FindByInternalID(t.Context(), "00001"); err != nil {
			t.Fatal(err)
		}
		found, err = c.FindByInternalID(t.Context(), "00001")
		// A server that has the call may say "none" with an empty list.
		if absent := test.absent || test.Status == 200 && test.Body == "[]"; found != nil || (err == nil) != absent {
			t.Errorf("internal id, %d %s: %v, %v", test.Status, test.Body, found, err)
		}
	}
}

// A server that has not found anything by internal id yet may lack the call.
func TestAbsenceByInternalIDNeedsAProof(t *testing.T) {
	s := newServer(t, map[string][]reply{internal: {absent, absent, ok(sample), absent}})
	c := clientOf(s)
	for range 2 {
		_, err := c.FindByInternalID(t.Context(), "00001")
		if !errors.Is(err, ErrAbsenceUnproven) {
			t.Fatalf("%v", err)
		}
		clienttest.Contains(t, err.Error(), "Merchant invoices (P2P), GET /api/merchant/internal-id/{internalId}: HTTP 404, «Invoice not found», this server has not shown")
	}
	if found, err := c.FindByInternalID(t.Context(), "00001"); found == nil || err != nil {
		t.Fatal(err)
	}
	if found, err := c.FindByInternalID(t.Context(), "00001"); found != nil || err != nil {
		t.Fatalf("%v, %v", found, err)
	}
	// Another client has seen nothing, though the server is the same.
	if _, err := clientOf(s).FindByInternalID(t.Context(), "00001"); !errors.Is(err, ErrAbsenceUnproven) {
		t.Fatal(err)
	}
}

func TestALookUpMustBringWhatWasAskedFor(t *testing.T) {
	other := strings.ReplaceAll(sample, "991a0e40", "00000000")
	s := newServer(t, map[string][]reply{
		byID:     {ok(other)},
		internal: {ok(strings.Replace(sample, "00001", "2", 1)), absent},
		"GET /api/merchant/internal-id/a%2Fb%20c":                  {ok(strings.Replace(sample, "00001", "a/b c", 1))},
		"GET /api/merchant/invoices/a%2Fb%20c":                     {ok("[" + strings.Replace(sample, `"id": "`+invoiceID+`"`, `"id": "a/b c", "message": "an invoice may have one"`, 1) + "]")},
		"GET /api/merchant/invoices/" + strings.ToUpper(invoiceID): {ok(sample)},
		create: {ok("[" + sample + "," + sample + "]")},
	})
	c := clientOf(s)
	for name, call := range map[string]func() (*Invoice, error){
		"another id":          func() (*Invoice, error) { return c.FindInvoice(t.Context(), invoiceID) },
		"another internal id": func() (*Invoice, error) { return c.FindByInternalID(t.Context(), "00001") },
		"two invoices":        func() (*Invoice, error) { return c.CreateInvoice(t.Context(), CreateInvoiceRequest{Amount: "1"}, true) },
	} {
		found, err := call()
		if found != nil || err == nil {
			t.Errorf("%s: %v, %v", name, found, err)
		}
	}
	// The wrong invoice proves nothing about the call.
	if _, err := c.FindByInternalID(t.Context(), "00001"); !errors.Is(err, ErrAbsenceUnproven) {
		t.Error(err)
	}
	if found, err := c.FindByInternalID(t.Context(), "a/b c"); found == nil || err != nil {
		t.Error(err)
	}
	if found, err := c.FindInvoice(t.Context(), "a/b c"); found == nil || err != nil {
		t.Error(err)
	}
	if found, err := c.FindInvoice(t.Context(), strings.ToUpper(invoiceID)); found == nil || err != nil {
		t.Error(err)
	}
}

func TestIDsThatAreNoneAreNotSent(t *testing.T) {
	s := newServer(t, nil)
	c := clientOf(s)
	for _, id := range []string{"", ".", ".."} {
		_, err := c.FindInvoice(t.Context(), id)
		clienttest.Outcome(t, err, transport.NotDone)
		_, err = c.FindByInternalID(t.Context(), id)
		clienttest.Outcome(t, err, transport.NotDone)
		clienttest.Outcome(t, c.CancelInvoice(t.Context(), id), transport.NotDone)
	}
	s.WantSteps(t, "")
}

func TestErrors(t *testing.T) {
	tests := []struct {
		reply
		outcome transport.Outcome
		text    string
	}{
		{reply{Status: 422, Body: `[{"message":"Сумма мала"},{"message":"Нет банка"}]`}, transport.Refused, "HTTP 422, «Сумма мала; Нет банка»"},
		{reply{Status: 401, Body: `[{"message":"Invalid signature"}]`}, transport.Refused, "HTTP 401, «Invalid signature»"},
		{reply{Status: 400, Body: `[{"message":["a","b"]}]`}, transport.Refused, `«["a","b"]»`},
		{reply{Status: 400, Body: `{"message":"object"}`}, transport.Refused, `unexpected answer: «{"message":"object"}»`},
		{reply{Status: 500, Body: `[{"message":"oops"}]`}, transport.Unclear, "HTTP 500, «oops»"},
		{reply{Status: 408, Body: `[{"message":"late"}]`}, transport.Unclear, "HTTP 408, «late»"},
		{reply{Status: 502, Body: `<html>Bad gateway</html>`}, transport.Unclear, "HTML page"},
		{reply{Status: 200, Body: `<html>Login</html>`}, transport.Unclear, "HTML page"},
		{reply{Status: 200, Body: ``}, transport.Unclear, "the answer is empty"},
		{reply{Status: 200, Body: `{"status":"new"}`}, transport.Unclear, "it holds no id"},
		{reply{Status: 200, Body: `[{"message":"no"}]`}, transport.Refused, "«no»"},
		{reply{Status: 303, Header: []string{"Location", "https://evil.example/"}}, transport.Unclear, "redirected to"},
		{reply{Status: 429, Body: `[{"message":"slowly"}]`}, transport.NotDone, "«slowly»"},
	}
	for _, test := range tests {
		s := newServer(t, map[string][]reply{create: {test.reply}})
		request := sampleRequest()
		request.InternalID = ""
		_, err := clientOf(s).CreateInvoice(t.Context(), request, true)
		clienttest.Outcome(t, err, test.outcome)
		clienttest.Contains(t, err.Error(), "Merchant invoices (P2P), POST /api/merchant/invoices: HTTP ", test.text)
	}
}

// An error about half an answer shows no requisites.
func TestErrorsHideRequisites(t *testing.T) {
	s := newServer(t, map[string][]reply{byID: {ok(`{"id":"x","requisites":{"requisites":"+7(996)777-99-77","holder":"I IVA`)}})
	_, err := clientOf(s).FindInvoice(t.Context(), invoiceID)
	clienttest.Contains(t, fmt.Sprint(err), "cannot be read")
	for _, secret := range []string{"996", "IVA"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("%q stands in %v", secret, err)
		}
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	other := newServer(t, nil)
	for _, status := range []int{301, 302, 303, 307, 308} {
		to := reply{Status: status, Header: []string{"Location", other.URL + "/api/merchant/invoices"}}
		s := newServer(t, map[string][]reply{create: {to}, byID: {to}, internal: {to}, cancel: {to}})
		c := clientOf(s)
		// Scripts end with 302 or 303 after their work.
		outcome, steps := transport.Refused, "create find cancel"
		if status == 302 || status == 303 {
			outcome, steps = transport.Unclear, "create internal find cancel"
		}
		_, err := c.CreateInvoice(t.Context(), sampleRequest(), true)
		clienttest.Outcome(t, err, outcome)
		_, err = c.FindInvoice(t.Context(), invoiceID)
		clienttest.Outcome(t, err, outcome)
		clienttest.Outcome(t, c.CancelInvoice(t.Context(), invoiceID), outcome)
		s.WantSteps(t, steps)
	}
	other.WantSteps(t, "")
}

func TestPredicates(t *testing.T) {
	now := time.Date(2024, 11, 4, 14, 0, 0, 0, time.UTC)
	later, earlier := values.Time{Time: now.Add(time.Minute)}, values.Time{Time: now}
	tests := []struct {
		status                          string
		expires                         values.Time
		open, paid, expired, isCanceled bool
	}{
		{StatusNew, later, true, false, false, false},
		{StatusNew, values.Time{}, true, false, false, false},
		{StatusNew, earlier, false, false, true, false},
		{StatusPaid, earlier, false, true, false, false},
		{StatusExpired, later, false, false, true, false},
		{StatusCanceled, later, false, false, false, true},
		{StatusDispute, earlier, false, false, false, false},
		{"else", later, false, false, false, false},
	}
	for _, test := range tests {
		i := &Invoice{Status: test.status, Expires: test.expires}
		if i.IsOpen(now) != test.open || i.IsPaid() != test.paid || i.IsExpired(now) != test.expired || i.IsCanceled() != test.isCanceled {
			t.Errorf("%+v", test)
		}
	}
}

// A page for strangers does not mean that the server lacks the call.
func TestIsStrangersPage(t *testing.T) {
	for _, test := range []struct {
		reply
		want bool
	}{
		{reply{Status: 401, Body: "<html>"}, true}, {reply{Status: 403}, true}, {reply{Status: 407}, true}, {reply{Status: 301}, true}, {reply{Status: 302}, true},
		{reply{Status: 401, Body: `[{"message":"signature"}]`}, false}, {reply{Status: 404, Body: "404 page not found"}, false}, {reply{Status: 405}, false},
		{reply{Status: 500}, false}, {ok("<html>"), false}, {cut, false},
	} {
		s := newServer(t, map[string][]reply{internal: {test.reply}})
		_, err := clientOf(s).FindByInternalID(t.Context(), "00001")
		if err == nil || IsStrangersPage(err) != test.want {
			t.Errorf("%d %s: %t: %v", test.Status, test.Body, IsStrangersPage(err), err)
		}
	}
}
