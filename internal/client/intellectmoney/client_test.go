package intellectmoney

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

const (
	bearer  = "e801b9fd828147f09c0699e4b831606e"
	signKey = "SIGNSECRET"
)

// call is what the gateway received.
type call struct {
	clienttest.Request
	fields map[string]string
}

// fake answers calls as the test says, and checks what all of them have in common.
type fake struct {
	*clienttest.Server
	t *testing.T
}

func newFake(t *testing.T, answer func(n int, c call) clienttest.Reply) *fake {
	t.Helper()
	f := &fake{t: t}
	f.Server = clienttest.Start(t, &clienttest.Server{Answer: func(n int, r clienttest.Request) clienttest.Reply {
		return answer(n, f.call(r))
	}})
	return f
}

// always answers every call in the same way.
func always(t *testing.T, status int, body string) *fake {
	t.Helper()
	return newFake(t, func(int, call) clienttest.Reply { return clienttest.Reply{Status: status, Body: body} })
}

func (f *fake) call(r clienttest.Request) call {
	c := call{Request: r}
	if err := json.Unmarshal([]byte(r.Body), &c.fields); err != nil || r.Method != http.MethodPost {
		f.t.Errorf("%s %s", r.Method, r.Body)
	}
	return c
}

func (f *fake) calls() []call {
	var calls []call
	for _, r := range f.Seen() {
		calls = append(calls, f.call(r))
	}
	return calls
}

func (f *fake) client(user Credentials) *Client {
	return New(f.URL, bearer, signKey, user, clienttest.Quick(nil))
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func list(items ...string) string {
	return `{"OperationState":{"Code":0},"Result":{"State":{"Code":0},"InvoicesHistoryList":[` + strings.Join(items, ",") + `]}}`
}

func same(t *testing.T, name string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: got %v, want %v", name, got, want)
	}
}

func TestSignature(t *testing.T) {
	// Computed by the recipe in the document, with UserToken UTOKEN, Take 5 and key SIGNSECRET.
	values := make([]string, len(signedFields))
	values[0], values[2] = "UTOKEN", "5"
	same(t, "the known vector", sign(signKey, values...), "d6ed53ac644a51ad39ab1c34c5926b8258eef338d0f24e4ccd132cbf4e33a617")
	if got := strings.Join(signedFields, "::"); got != "UserToken::Skip::Take::EshopId::InvoiceId::DateFrom::DateTo::ChangeDateFrom::ChangeDateTo::IncludePaymentTransactions::IsHoldingSearch::OrganizationId::OwnerEmail::WithRefunds" {
		t.Errorf("order: %s", got)
	}
}

// Every filter goes into the body and, in its order, into the signature.
func TestEveryFilter(t *testing.T) {
	f := always(t, 200, list())
	moment := func(text string) time.Time { return clienttest.Time(t, text).Time }
	_, _, err := f.client(Credentials{UserToken: "UTOKEN"}).page(t.Context(), Filter{
		EshopID: "450000", InvoiceID: "3000000000", From: moment("2025-01-01T00:00:00Z"), To: moment("2025-02-01 10:20:30"),
		ChangedFrom: moment("2025-01-02"), ChangedTo: moment("2025-01-03"), Transactions: true, HoldingSearch: true, OrganizationID: "123",
		OwnerEmail: "test@mail.ru", WithRefunds: true,
	}, 200, 100)
	if err != nil {
		t.Fatal(err)
	}
	c := f.calls()[0]
	same(t, "fields", fmt.Sprint(c.fields), fmt.Sprint(map[string]string{
		"UserToken": "UTOKEN", "Skip": "200", "Take": "100", "EshopId": "450000", "InvoiceId": "3000000000", "DateFrom": "2025-01-01 03:00:00",
		"DateTo": "2025-02-01 10:20:30", "ChangeDateFrom": "2025-01-02 00:00:00", "ChangeDateTo": "2025-01-03 00:00:00", "IncludePaymentTransactions": "true",
		"IsHoldingSearch": "true", "OrganizationId": "123", "OwnerEmail": "test@mail.ru", "WithRefunds": "true", "SortOrder": "1",
	}))
	same(t, "signature", c.Header.Get("Sign"), sign(signKey, "UTOKEN", "200", "100", "450000", "3000000000", "2025-01-01 03:00:00", "2025-02-01 10:20:30",
		"2025-01-02 00:00:00", "2025-01-03 00:00:00", "true", "true", "123", "test@mail.ru", "true"))
	same(t, "headers", []string{c.Path, c.Header.Get("Accept"), c.Header.Get("Authorization"), c.Header.Get("Content-Type")},
		[]string{pathHistory, "application/json", "Bearer " + bearer, "application/json"})
}

// Every field of the document's sample ends up where it belongs.
func TestSample(t *testing.T) {
	f := always(t, 200, read(t, "sample.json"))
	i, err := f.client(Credentials{UserToken: "user-token"}).FindInvoice(t.Context(), "3000000000")
	if err != nil || i == nil {
		t.Fatal(i, err)
	}
	moscow := "2025-01-01T12:00:00+03:00"
	same(t, "invoice", []any{i.ID, i.State, i.OrderID, i.OwnerEmail, i.EshopID, i.Organization, i.RRN, i.Amount.Amount.Money(), i.Amount.Currency, i.Current.Amount.Money()},
		[]any{"3000000000", "Paid", "Test", "test@mail.ru", "450000", "Test", "5000000000", "1.00", "RUB", "0.00"})
	same(t, "times", []any{i.Created.Format(time.RFC3339), i.Changed.Format(time.RFC3339), i.Expires.Format(time.RFC3339)}, []any{moscow, moscow, moscow})
	if len(i.Transactions) != 1 {
		t.Fatalf("%d transactions", len(i.Transactions))
	}
	one := i.Transactions[0]
	same(t, "transaction", []any{one.ID, one.PaymentNumber, one.State, one.Type, one.Direction, one.InputType, one.Amount.Amount.Money(), one.RecipientAmount.Amount.Money(),
		one.Commission.Value.String(), one.Description, one.Created.UTC().Format(time.RFC3339)},
		[]any{"30000000", "2000000000", "Confirm", "Purchase", "Withdraw", "Acquiring", "1.00", "0.96", "0.035",
			`Зачисление на счет магазина "Магазин" со счета "3000000000"`, "2025-01-01T12:00:00Z"})
}

// The same sample, with its details: they are kept where they are asked for, and only there.
func TestSampleDetails(t *testing.T) {
	f := always(t, 200, strings.Replace(read(t, "sample.json"), `"OperationState"`, `"OperationId": "9d1c5a4e-0000", "OperationState"`, 1))
	c := f.client(Credentials{UserToken: "user-token"})
	all, operationID, err := c.History(t.Context(), Filter{Details: true})
	if err != nil || len(all) != 1 || all[0].Details == nil || all[0].Transactions[0].Details == nil {
		t.Fatal(all, err)
	}
	i := all[0].Details
	same(t, "invoice", []any{*i.HoldMode.Value, i.OriginalAmount.Amount.Money(), i.Surcharge.Amount.Money(), i.OwnerName, i.EshopName, *i.IsRecurrent.Value, i.FormType, i.AdditionalInfo},
		[]any{false, "1.00", "0.00", "  ", "Магазин", false, "None", Pairs{{"Магазин", "Test"}, {"Url", "https://test.ru"}}})
	if !strings.HasPrefix(string(i.Receipt), `{"Inn":"5000000000","ReceiptState":0,`) || operationID != "9d1c5a4e-0000" {
		t.Errorf("receipt %s, operation %s", i.Receipt, operationID)
	}
	same(t, "transaction", []any{*all[0].Transactions[0].Details}, []any{TransactionDetails{
		Account: "3000000000", PaymentAccount: "Счет к оплате 3000000000", RecipientAccount: "6000000000", Email: "test@mail.ru",
	}})
	all, _, err = c.History(t.Context(), Filter{})
	if err != nil || all[0].Details != nil || all[0].Transactions[0].Details != nil {
		t.Errorf("details that nobody asked for: %+v, %v", all, err)
	}
}

func TestStrangeValuesLoseNothing(t *testing.T) {
	f := always(t, 200, list(`{"Id":"7","State":"Unheard","Amount":12.345,"CurrentAmount":null,"CreationDate":"yesterday","EShopId":null,"HistoryList":null,"PurchaseData":null,"HoldModeFlag":"no","IsRecurrent":null,"AdditionalInfo":"x","MerchantReceipt":{"Inn":"5"},"OriginalAmount":true}`,
		`{"Id":8,"State":3,"Amount":{"Amount":"0.105","Currency":"RUB"},"PurchaseOrderId":15,"HistoryList":[null,{"Id":1,"PaymentAmount":null,"Comission":"x"}]}`))
	all, _, err := f.client(Credentials{UserToken: "user-token"}).History(t.Context(), Filter{Details: true})
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	slices.SortFunc(all, func(a, b Invoice) int { return strings.Compare(string(a.ID), string(b.ID)) })
	same(t, "first", []any{all[0].ID, all[0].State, all[0].Amount.Amount.Money(), all[0].Current.Amount == nil, all[0].Created.IsZero(), all[0].EshopID}, []any{"7", "Unheard", "12.345", true, true, ""})
	strange := all[0].Details
	same(t, "details", []any{strange.HoldMode.Value == nil, strange.IsRecurrent.Value == nil, strange.AdditionalInfo == nil, strange.Receipt, strange.OriginalAmount.Amount == nil},
		[]any{true, true, true, `{"Inn":"5"}`, true})
	same(t, "second", []any{all[1].ID, all[1].State, all[1].Amount.Amount.Money(), all[1].OrderID, all[1].Transactions[0].Amount.Amount == nil, all[1].Transactions[0].Commission.Value == nil},
		[]any{"8", "3", "0.105", "15", true, true})
}

// days is a gateway that holds one invoice an hour and limits the size of a selection.
type days struct {
	first           time.Time
	count, maxItems int
	inclusive       bool
	refused         int
	noSkip          bool
}

func (d *days) answer(t *testing.T) func(int, call) clienttest.Reply {
	return func(_ int, c call) clienttest.Reply {
		in := func(name string, fallback time.Time) time.Time {
			if c.fields[name] == "" {
				return fallback
			}
			at, err := time.ParseInLocation(filterTime, c.fields[name], values.Moscow)
			if err != nil {
				t.Error(err)
			}
			return at
		}
		from, to := in("DateFrom", time.Time{}), in("DateTo", time.Now().AddDate(100, 0, 0))
		var items []string
		for n := d.count - 1; n >= 0; n-- {
			at := d.first.Add(time.Duration(n) * time.Hour)
			if at.After(from) && at.Before(to) || d.inclusive && (at.Equal(from) || at.Equal(to)) {
				items = append(items, fmt.Sprintf(`{"Id":%d,"State":"Paid","CreationDate":%q,"Amount":{"Amount":1.5,"Currency":"RUB"}}`, n, at.Format(time.RFC3339)))
			}
		}
		if len(items) > d.maxItems {
			d.refused++
			return clienttest.OK(read(t, "too_many.json"))
		}
		skip, _ := strconv.Atoi(c.fields["Skip"])
		take, _ := strconv.Atoi(c.fields["Take"])
		if skip = min(skip, len(items)); d.noSkip {
			skip = 0
		}
		return clienttest.OK(list(items[skip:min(skip+take, len(items))]...))
	}
}

// Too large a selection is no error: it is read in shorter periods. Nothing between them is
// missed, whether or not the ends count.
func TestTooManyInvoices(t *testing.T) {
	for _, inclusive := range []bool{false, true} {
		for _, count := range []int{0, 1, 100, 250, 1000} {
			d := &days{first: time.Now().Add(-1100 * time.Hour).Truncate(time.Hour), count: count, maxItems: 150, inclusive: inclusive}
			f := newFake(t, d.answer(t))
			all, _, err := f.client(Credentials{UserToken: "user-token"}).History(t.Context(), Filter{})
			if err != nil || len(all) != count {
				t.Errorf("%d invoices, want %d: %v", len(all), count, err)
			}
			for n, one := range all {
				if one.ID != values.ID(strconv.Itoa(count-1-n)) {
					t.Fatalf("number %d is %s: not newest first", n, one.ID)
				}
			}
			if count > 150 && d.refused == 0 || count <= 150 && d.refused > 0 {
				t.Errorf("%d refused of %d", d.refused, count)
			}
		}
	}
}

// A server that ignores Skip returns its first page for ever. The second page shows this and is
// an error. What fits the first page is read all the same.
func TestSkipIsIgnored(t *testing.T) {
	for count, calls := range map[int]int{0: 1, 1: 6, 99: 6, 100: 2, 101: 2, 1000: 2} {
		d := &days{first: time.Now().Add(-1100 * time.Hour).Truncate(time.Hour), count: count, maxItems: 5000, noSkip: true}
		f := newFake(t, d.answer(t))
		all, _, err := f.client(Credentials{UserToken: "user-token"}).History(t.Context(), Filter{})
		same(t, "calls", len(f.Seen()), calls)
		if count < 100 {
			if err != nil || len(all) != count {
				t.Errorf("%d invoices, want %d: %v", len(all), count, err)
			}
			continue
		}
		if all != nil || !errors.Is(err, ErrSkipIgnored) || !strings.Contains(err.Error(), "the gateway ignores Skip") || transport.OutcomeOf(err) != transport.Refused {
			t.Errorf("%d of %d invoices: %v", len(all), count, err)
		}
	}
}

// A period of a day is not divided further. The error quotes the gateway and adds our own
// words.
func TestTooManyInvoicesInADay(t *testing.T) {
	day := time.Date(2025, 1, 5, 0, 0, 0, 0, values.Moscow)
	f := always(t, 200, read(t, "too_many.json"))
	_, _, err := f.client(Credentials{UserToken: "user-token"}).History(t.Context(), Filter{From: day, To: day.AddDate(0, 0, 1)})
	if err == nil || !strings.Contains(err.Error(), "Слишком большое количество счетов") || !strings.Contains(err.Error(), "even one day") || !strings.Contains(err.Error(), "2025-01-05") {
		t.Errorf("%v", err)
	}
	same(t, "calls", len(f.Seen()), 1)
}

func TestRefusals(t *testing.T) {
	for body, want := range map[string]struct {
		outcome transport.Outcome
		says    string
		calls   int
	}{
		`{"OperationState":{"Code":2,"Desc":"Неверная подпись"},"Result":false}`:            {transport.Refused, "error 2, «Неверная подпись»", 1},
		`{"OperationState":{"Code":"2","Desc":"Неверная подпись"},"Result":null}`:           {transport.Refused, "«Неверная подпись»", 1},
		`{"OperationState":{"Code":0},"Result":{"State":{"Code":3,"Desc":"Нет прав"}}}`:     {transport.Refused, "error 3, «Нет прав»", 1},
		`{"OperationState":{"Code":1,"Desc":"В очереди"},"Result":null}`:                    {transport.Refused, "queued", 1},
		`{"OperationState":{"Code":0},"Result":{"State":{"Code":{"Id":3}}}}`:                {transport.Unclear, "the answer cannot be read", 1},
		`{"OperationState":{"Code":0},"Result":{"State":"Ошибка"}}`:                         {transport.Unclear, "the answer cannot be read", 1},
		`{"OperationState":{"Code":0},"Result":false}`:                                      {transport.Unclear, "unexpected answer", 1},
		`{"OperationState":{"Code":0},"Result":{"InvoicesHistoryList":[{"State":"Paid"}]}}`: {transport.Refused, "without an id", 1},
		`<Response><OperationState><Code>0</Code></OperationState></Response>`:              {transport.Unclear, "HTML page, not JSON", 1},
		`{}`: {transport.Unclear, "unexpected answer", 1},
		``:   {transport.Unclear, "empty", 1},
	} {
		f := always(t, 200, body)
		_, _, err := f.client(Credentials{UserToken: "user-token"}).History(t.Context(), Filter{})
		if err == nil || transport.OutcomeOf(err) != want.outcome || !strings.Contains(err.Error(), want.says) || !strings.Contains(err.Error(), "IntellectMoney, "+pathHistory) {
			t.Errorf("%s: %v", body, err)
		}
		same(t, body, len(f.Seen()), want.calls)
	}
	// "1: done with notes" is no refusal. A read is repeated, even after a refusal with 500.
	f := newFake(t, func(n int, _ call) clienttest.Reply {
		if n == 0 {
			return clienttest.Reply{Status: 502, Body: "<html>"}
		}
		return clienttest.OK(strings.Replace(list(), `"State":{"Code":0}`, `"State":{"Code":1}`, 1))
	})
	if all, _, err := f.client(Credentials{UserToken: "user-token"}).History(t.Context(), Filter{}); err != nil || len(all) != 0 || len(f.Seen()) != 2 {
		t.Error(all, err, len(f.Seen()))
	}
	f = always(t, 500, `{"OperationState":{"Code":2,"Desc":"x"},"Result":false}`)
	if _, _, err := f.client(Credentials{UserToken: "user-token"}).History(t.Context(), Filter{}); err == nil || len(f.Seen()) != 3 || transport.OutcomeOf(err) != transport.Unclear {
		t.Error(err, len(f.Seen()))
	}
}

func TestFindInvoice(t *testing.T) {
	f := always(t, 200, list())
	if i, err := f.client(Credentials{UserToken: "user-token"}).FindInvoice(t.Context(), "5"); i != nil || err != nil {
		t.Error(i, err)
	}
	calls := f.calls()
	same(t, "asked for", []string{calls[0].fields["InvoiceId"], calls[0].fields["IsHoldingSearch"], calls[1].fields["IsHoldingSearch"]}, []string{"5", "", "true"})
	f = newFake(t, func(n int, _ call) clienttest.Reply {
		if n == 0 {
			return clienttest.OK(list())
		}
		return clienttest.OK(`{"OperationState":{"Code":2,"Desc":"Нет холдинга"},"Result":false}`)
	})
	if i, err := f.client(Credentials{UserToken: "user-token"}).FindInvoice(t.Context(), "5"); i != nil || err != nil {
		t.Error("without a holding", i, err)
	}
	f = always(t, 200, list(`{"Id":6,"State":"Paid"}`))
	if i, err := f.client(Credentials{UserToken: "user-token"}).FindInvoice(t.Context(), "5"); i != nil || err != nil {
		t.Error("another invoice was taken for it", i, err)
	}
}

// With login and password the user token is fetched once for all calls, and once more when the
// gateway says that it is stale.
func TestUserToken(t *testing.T) {
	var mu sync.Mutex
	valid := "t1"
	f := newFake(t, func(_ int, c call) clienttest.Reply {
		mu.Lock()
		defer mu.Unlock()
		if c.Path == pathToken {
			if want := sign(signKey, "", "merchant", "p&ss", ""); c.Header.Get("Sign") != want || c.fields["Login"] != "merchant" || c.fields["Password"] != "p&ss" {
				t.Errorf("token call: %v %v", c.Header, c.fields)
			}
			return clienttest.OK(`{"OperationState":{"Code":0},"Result":{"State":{"Code":0},"UserToken":"` + valid + `"}}`)
		}
		if c.fields["UserToken"] != valid {
			return clienttest.OK(`{"OperationState":{"Code":2,"Desc":"Неверный токен пользователя"},"Result":false}`)
		}
		return clienttest.OK(list())
	})
	c := f.client(Credentials{Login: "merchant", Password: "p&ss"})
	tokens := func() (n int) {
		for _, one := range f.Seen() {
			if one.Path == pathToken {
				n++
			}
		}
		return n
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := c.FindInvoice(t.Context(), "1"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	same(t, "fetches", tokens(), 1)
	mu.Lock()
	valid = "t2"
	mu.Unlock()
	if _, err := c.FindInvoice(t.Context(), "1"); err != nil {
		t.Error(err)
	}
	same(t, "fetches", tokens(), 2)
	// A configured token is not fetched.
	if _, err := f.client(Credentials{UserToken: "stale", Login: "merchant", Password: "p&ss"}).FindInvoice(t.Context(), "1"); err == nil || !strings.Contains(err.Error(), "Неверный токен") {
		t.Error(err)
	}
	same(t, "fetches", tokens(), 2)
}
