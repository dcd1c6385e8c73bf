package sandbox_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// fill makes objects of all kinds, in many states.
func (b *box) fill(shop string) (payment string) {
	b.T.Helper()
	payment = b.paid()
	b.OK("CreateRefund", sandboxtest.RefundBody(payment, "1"))
	declined := sandboxtest.IDOf(b.T, b.OK("CreatePayment", strings.Replace(sandboxtest.PaymentBody(b.terminalID()), "6e4e6e9d", "00000000", 1)))
	must(b.T, b.InvoiceAPI.Pay(declined, invoiceapi.DeclinedCard))
	var bills []string
	for _, more := range []string{"", "&client_email=a%40b.ru&clientid=%D0%98%D0%B2%D0%B0%D0%BD", "&orderid=7"} {
		bills = append(bills, sandboxtest.Decode(b.T, b.paykeeper("POST", "/change/invoice/preview/", "pay_amount=10"+more+"&token="+b.token()))["invoice_id"].(string))
	}
	b.paykeeper("POST", "/change/invoice/send/", "id="+bills[1]+"&token="+b.token())
	must(b.T, b.PayKeeper.Pay(bills[1]))
	must(b.T, b.PayKeeper.Pay(bills[2]))
	b.paykeeper("POST", "/change/payment/reverse/", "id=700001&amount=1&partial=true&token="+b.token())
	must(b.T, b.PayKeeper.Invoices.Delete(bills[0])) // leaves a gap in the numbers
	order := b.p2pOrder(shop)
	must(b.T, b.P2P.SetStatus(order, "paid"))
	b.p2pOrder(shop)
	must(b.T, b.SetNotifyAddresses(map[string]string{"paykeeper": shop}))
	b.untilTried(order)
	for _, state := range []string{"Paid", "Refund"} {
		i, err := b.IntellectMoney.Add(intellectmoney.Invoice{Amount: "10.50", ExpirationDate: sandboxtest.Begin.Add(time.Hour)})
		must(b.T, err)
		must(b.T, b.IntellectMoney.SetState(i.ID, state))
	}
	return payment
}

// untilTried waits until a notification about an object was tried.
func (b *box) untilTried(object string) {
	b.T.Helper()
	for range 500 {
		all, err := b.Deliveries()
		must(b.T, err)
		for _, d := range all {
			if d.Object == object && len(d.Tries) > 0 {
				return
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	b.T.Fatal("nothing was sent")
}

func (b *box) terminalID() string {
	b.T.Helper()
	return b.OK("GetTerminal", `{"alias":"N1"}`)["id"].(string)
}

// tables are all rows of the database, as text.
func (b *box) tables() string {
	b.T.Helper()
	var all strings.Builder
	must(b.T, b.Transact(func(tx *sql.Tx) error {
		names, err := sandbox.Column[string](tx, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('sqlite_sequence', 'sandbox_clock') ORDER BY name`)
		if err != nil {
			return err
		}
		for _, name := range names {
			columns, err := sandbox.Column[string](tx, `SELECT name FROM pragma_table_info(?)`, name)
			if err != nil {
				return err
			}
			rows, err := sandbox.Column[string](tx, `SELECT json_array(`+strings.Join(columns, ",")+`) FROM `+name+` ORDER BY 1`)
			if err != nil {
				return err
			}
			fmt.Fprintln(&all, name, strings.Join(rows, "\n"))
		}
		return nil
	}))
	return all.String()
}

// What comes out goes in again, down to the last column.
func TestFixturesRoundTrip(t *testing.T) {
	shop := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})) // takes everything
	defer shop.Close()
	dialect, err := gateways.Switches.Parse("paykeeper_refund_time=never")
	must(t, err)
	first := start(t, sandbox.Options{Dialect: dialect})
	must(t, first.SeedHistory(20, 1))
	payment := first.fill(shop.URL)
	_, out := first.steer("GET", "fixtures", "")
	second := start(t, sandbox.Options{Dialect: dialect})
	second.Terminal() // goes
	second.Advance(time.Minute)
	status, _ := second.steer("POST", "fixtures", out)
	equal(t, "status", status, 204)
	_, again := second.steer("GET", "fixtures", "")
	equal(t, "round trip", again, out)
	equal(t, "tables", second.tables(), first.tables())
	equal(t, "clock stays", second.Now(), sandboxtest.Begin.Add(time.Minute))
	equal(t, "calls stay", len(second.Requests("CreateTerminal")), 1)

	// Its objects live, and new ones find free numbers.
	equal(t, "payment", second.OK("GetPayment", sandboxtest.ByID(payment))["status"], "successful")
	second.OK("CreatePayment", strings.Replace(sandboxtest.PaymentBody(second.terminalID()), "6e4e6e9d", "11111111", 1))
	contains(t, second.paykeeper("POST", "/change/invoice/preview/", "pay_amount=10&token="+second.token()), "invoice_id")
	must(t, second.PayKeeper.EndRefund("90001", "done"))
	if _, err := second.IntellectMoney.Add(intellectmoney.Invoice{Amount: "1"}); err != nil {
		t.Error(err)
	}
	equal(t, "seeded", second.SeedHistory(5, 1) != nil, true)
	equal(t, "kinds", kinds(t, out), "intellectmoney.invoices invoice.payments invoice.refunds invoice.terminals p2p.invoices "+
		"paykeeper.invoices paykeeper.mails paykeeper.payments paykeeper.refunds sandbox.deliveries sandbox.notify_addresses sandbox.seeded_history")
	contains(t, out, `"version":1`, `"create_date":"2026-03-01T09:30:00.123Z"`, `"pay_amount":"10.00"`, `"internalId":""`, `"EShopId":450000`, `"ends_at":"9223372036854775807"`)
}

// kinds are the lists of fixtures, all of which must have something.
func kinds(t *testing.T, document string) string {
	t.Helper()
	var parts map[string]json.RawMessage
	must(t, json.Unmarshal([]byte(document), &parts))
	var names []string
	for _, gateway := range slices.Sorted(maps.Keys(parts)) {
		var lists map[string][]any
		if json.Unmarshal(parts[gateway], &lists) != nil {
			continue
		}
		for kind, list := range lists {
			equal(t, gateway+"."+kind+" has objects", len(list) > 0, true)
			names = append(names, gateway+"."+kind)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// A fixture can be written by hand. What is left out is empty.
func TestFixturesByHand(t *testing.T) {
	b := start(t, sandbox.Options{})
	b.fill("http://127.0.0.1:1")
	const terminal = `{"id":"a1","alias":"shop","name":"Лавка","description":"","type":"dynamic","logo":"","defaultPrice":"","canComments":true,"create_date":"2026-03-01T09:30:00.123Z"}`
	status, _ := b.steer("POST", "fixtures", `{"version":1,"invoice":{"terminals":[`+terminal+`]}}`)
	equal(t, "status", status, 204)
	_, out := b.steer("GET", "fixtures", "")
	contains(t, out, `"number":1`)
	equal(t, "name", b.OK("GetTerminal", `{"alias":"shop"}`)["name"], "Лавка")
	b.Refused("GetTerminal", `{"alias":"N1"}`, 11)
	before := b.tables()
	for wrong, part := range map[string]string{
		``: "EOF", `[]`: "cannot unmarshal", `{}`: "version", `{"version":2}`: "want 1", `{"version":1} {}`: "follows", `{"version":1,"ivnoice":{}}`: `"ivnoice": allowed are version, "intellectmoney"`,
		`{"version":1,"invoice":[]}`:                                                                                "invoice: json",
		`{"version":1,"invoice":{"terminal":[]}}`:                                                                   `invoice.terminal: allowed are "terminals", "payments", "refunds"`,
		`{"version":1,"invoice":{"terminals":[1]}}`:                                                                 "invoice.terminals[0]: want a JSON object",
		`{"version":1,"invoice":{"terminals":[{}]}}`:                                                                `field "alias" is missing`,
		`{"version":1,"p2p":{"invoices":[{}]}}`:                                                                     `p2p.invoices[0]: field`,
		`{"version":1,"paykeeper":{"mails":[null]}}`:                                                                "paykeeper.mails[0]",
		`{"version":1,"sandbox":{"notify_addresses":[{"gateway":"paykeper","address":""}]}}`:                        `gateway "paykeper" has no address`,
		deliveryWith(`"pending"`, `"weird"`):                                                                        `state "weird"`,
		deliveryWith(`"paykeeper"`, `"nope"`):                                                                       `gateway "nope"`,
		deliveryWith(`"d1"`, `""`):                                                                                  `id is empty`,
		deliveryWith(`"2026-03-01T09:30:00.000000Z","next_try"`, `"yesterday","next_try"`):                          `created_at "yesterday"`,
		deliveryWith(`"2026-03-01T09:31:00.000000Z"`, `"2026-03-01T12:31:00+03:00"`):                                `next_try "2026-03-01T12:31:00+03:00"`,
		deliveryWith(`"pending"`, `"failed"`):                                                                       `only what is pending`,
		`{"version":1,"sandbox":{"clock":[]}}`:                                                                      "sandbox.clock",
		`{"version":1,"intellectmoney":{"invoices":5}}`:                                                             "intellectmoney: json",
		`{"version":1,"invoice":{"terminals":[` + terminal + `,` + terminal + `]}}`:                                 "invoice.terminals[1]: constraint failed: UNIQUE",
		`{"version":1,"invoice":{"terminals":[` + strings.Replace(terminal, `"logo"`, `"lgoo":1,"logo"`, 1) + `]}}`: `unknown field "lgoo"`,
		`{"version":1,"invoice":{"terminals":[` + strings.Replace(terminal, `true`, `"yes"`, 1) + `]}}`:             "canComments",
		`{"version":1,"invoice":{"terminals":[` + strings.Replace(terminal, `{`, `{"number":"x",`, 1) + `]}}`:       "number",
		`{"version":1,"invoice":{"terminals":[` + terminal + `]},"paykeeper":{"refunds":[{"id":"1"}]}}`:             "paykeeper.refunds[0]",
	} {
		status, answer := b.steer("POST", "fixtures", wrong)
		equal(t, wrong, status, 400)
		contains(t, answer, strings.ReplaceAll(part, `"`, `\"`))
		equal(t, wrong+": nothing has changed", b.tables(), before)
	}
}

func TestReset(t *testing.T) {
	told := make(chan string, 100)
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		told <- "x"
		w.WriteHeader(http.StatusInternalServerError)
	}))
	defer shop.Close()
	dialect, err := gateways.Switches.Parse("paykeeper_amount=plain")
	must(t, err)
	s, err := gateways.Open(gateways.Options{Options: sandboxtest.Options(sandbox.Options{Dialect: dialect})})
	b := &box{sandboxtest.Serve(t, s.Sandbox, err), s}
	clean := b.tables()
	must(t, b.SeedHistory(3, 1))
	b.fill(shop.URL)
	token := b.token()
	b.IntellectMoney.RotateUserToken()
	b.Advance(25 * time.Hour)
	b.Inject(sandbox.Fault{Operation: "GetRefund", Kind: sandbox.FaultHTML})
	b.SetDialect(sandbox.Dialect{})

	status, answer := b.steer("POST", "reset", "")
	equal(t, "reset", fmt.Sprint(status, answer), "204")
	equal(t, "tables", b.tables(), clean)
	equal(t, "now", b.Now(), sandboxtest.Begin)
	equal(t, "faults", len(b.Faults()), 0)
	equal(t, "journal", len(b.journal("")), 0)
	equal(t, "requests", len(b.Requests()), 0)
	equal(t, "dialect", b.Dialect()["paykeeper_amount"], "plain")
	contains(t, b.paykeeper("POST", "/change/invoice/preview/", "pay_amount=10&token="+token), `"result":"fail"`)
	equal(t, "user token", b.Environment("")[len(b.Environment(""))-1].Value, intellectmoney.DemoUserToken)
	i, err := b.IntellectMoney.Add(intellectmoney.Invoice{Amount: "1"})
	must(t, err)
	equal(t, "numbers start again", i.ID, "3000000000")
	must(t, b.IntellectMoney.Invoices.Delete(i.ID))
	must(t, b.SeedHistory(3, 1))
}

// deliveryWith is a document of a delivery that is wrong in one thing.
func deliveryWith(part, wrong string) string {
	const right = `{"version":1,"sandbox":{"deliveries":[{"id":"d1","gateway":"paykeeper","object":"1","about":"paid","own_address":"","headers":{},"body":"","wanted_answer":"",` +
		`"state":"pending","reason":"","created_at":"2026-03-01T09:30:00.000000Z","next_try":"2026-03-01T09:31:00.000000Z","tries":[]}]}}`
	return strings.Replace(right, part, wrong, 1)
}
