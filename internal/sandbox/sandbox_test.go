package sandbox_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

func TestStateSurvives(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a b?c%d#.db")
	first := start(t, sandbox.Options{Database: file, PublicURL: "https://sandbox.example"})
	id := first.paid()
	refund := first.OK("CreateRefund", sandboxtest.RefundBody(id, "1"))
	payment, terminal := first.OK("GetPayment", sandboxtest.ByID(id)), first.OK("GetTerminal", `{"alias":"N1"}`)
	must(t, first.Close())

	second := start(t, sandbox.Options{Database: file, PublicURL: "https://sandbox.example"})
	equal(t, "terminal", second.OK("GetTerminal", `{"alias":"N1"}`), terminal)
	equal(t, "payment", second.OK("GetPayment", sandboxtest.ByID(id)), payment)
	equal(t, "refund", second.OK("GetRefund", sandboxtest.ByID(refund["id"].(string))), refund)
	// No card number may ever reach the disk.
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(file + suffix)
		must(t, err)
		absent(t, strings.ToValidUTF8(string(content), ""), invoiceapi.TestCard)
	}
}

func TestMemoryIsPrivate(t *testing.T) {
	first, second := start(t, sandbox.Options{}), start(t, sandbox.Options{Database: ":memory:"})
	first.Terminal()
	second.Refused("GetTerminal", `{"alias":"N1"}`, 11)
}

func TestOpenRefuses(t *testing.T) {
	if _, err := gateways.Open(gateways.Options{Options: sandbox.Options{Database: filepath.Join(t.TempDir(), "missing", "x.db")}}); err == nil || !strings.Contains(err.Error(), "x.db") {
		t.Errorf("err %v", err)
	}
	if _, err := gateways.Open(gateways.Options{InvoiceAPI: invoiceapi.Options{LinkLifetime: -time.Second}}); err == nil {
		t.Error("a negative lifetime was taken")
	}
}

func TestPublicURL(t *testing.T) {
	b := start(t, sandbox.Options{PublicURL: "https://sandbox.example"})
	id := b.Payment()
	equal(t, "payment_url", b.OK("GetPayment", sandboxtest.ByID(id))["payment_url"], "https://sandbox.example/invoice/pay/"+id)
	equal(t, "environment", b.Environment("http://127.0.0.1:1")[0], sandbox.Variable{"INVOICE_BASE_URL", "https://sandbox.example/invoice/api/v2"})
}

func TestConcurrentCalls(t *testing.T) {
	for name, database := range map[string]string{"memory": "", "file": filepath.Join(t.TempDir(), "x.db")} {
		b := start(t, sandbox.Options{Database: database})
		payment := b.paid()
		var wait sync.WaitGroup
		var mu sync.Mutex
		refunded := 0
		for range 20 {
			wait.Go(func() {
				// 1500 is enough for three, however they race.
				status, answer, err := b.Post("CreateRefund", sandboxtest.RefundBody(payment, "500"))
				if err != nil || (status != 200 && status != 400) {
					t.Errorf("%s: %d %s %v", name, status, answer, err)
				}
				mu.Lock()
				defer mu.Unlock()
				if status == 200 {
					refunded++
				}
			})
			wait.Go(func() {
				if _, err := b.InvoiceAPI.Payments.All(); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		equal(t, name, refunded, 3)
	}
}

func TestRequests(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.Payment()
	b.ResetRequests()
	b.OK("GetPayment", sandboxtest.ByID(id))
	b.OK("ClosePayment", sandboxtest.ByID(id))
	b.OK("GetPayment", sandboxtest.ByID(id))
	var operations []string
	for _, r := range b.Requests() {
		operations = append(operations, r.Operation)
	}
	equal(t, "operations", operations, []string{"GetPayment", "ClosePayment", "GetPayment"})
	equal(t, "filtered", len(b.Requests("ClosePayment", "GetRefund")), 1)
	equal(t, "request", b.Requests("ClosePayment")[0], sandbox.Request{Operation: "ClosePayment", Method: "POST", Path: "/invoice/api/v2/ClosePayment",
		Body: sandboxtest.ByID(id), Authorized: true, Done: true, Status: 200, Answered: true, At: sandboxtest.Begin})
}

func TestTooLargeBody(t *testing.T) {
	b := start(t, sandbox.Options{})
	status, _, err := b.Post("GetPayment", `{"id":"`+strings.Repeat("x", sandbox.MaxRequestBody)+`"}`)
	if err == nil && status != 413 {
		t.Errorf("status %d", status)
	}
}

func TestDirectAccess(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.paid()
	refund := b.OK("CreateRefund", sandboxtest.RefundBody(id, "1"))["id"].(string)
	must(t, b.InvoiceAPI.Terminals.Update("N1", func(t *invoiceapi.Terminal) { t.Name, t.CanComments = "Другое", true }))
	terminal := b.OK("GetTerminal", `{"alias":"N1"}`)
	equal(t, "name", terminal["name"], "Другое")
	equal(t, "canComments", terminal["canComments"], true)
	must(t, b.InvoiceAPI.Payments.Update(id, func(p *invoiceapi.Payment) { p.Amount, p.CustomParameters = "7.5", "" }))
	payment := b.OK("GetPayment", sandboxtest.ByID(id))
	equal(t, "amount", payment["order"].(object)["amount"], json.Number("7.5"))
	equal(t, "custom_parameters", payment["custom_parameters"], nil)
	b.Advance(time.Minute)
	must(t, b.InvoiceAPI.SetPaymentStatus(id, "error", "[2, 5] Transaction declined"))
	payment = b.OK("GetPayment", sandboxtest.ByID(id))
	equal(t, "status", payment["status"], "error")
	equal(t, "status_description", payment["status_description"], "[2, 5] Transaction declined")
	equal(t, "update_date", payment["update_date"], "2026-03-01T09:31:00.123Z")
	must(t, b.InvoiceAPI.SetRefundStatus(refund, "init"))
	equal(t, "refund", b.OK("GetRefund", sandboxtest.ByID(refund))["status"], "init")

	must(t, b.InvoiceAPI.Payments.Delete(id))
	b.Refused("GetPayment", sandboxtest.ByID(id), 8)
	b.OK("GetRefund", sandboxtest.ByID(refund)) // Its refund outlives it.
	must(t, b.InvoiceAPI.Refunds.Delete(refund))
	b.Refused("GetRefund", sandboxtest.ByID(refund), 8)
	must(t, b.InvoiceAPI.Terminals.Delete("N1"))
	b.Refused("GetTerminal", `{"alias":"N1"}`, 11)
	for name, err := range map[string]error{
		"terminal": b.InvoiceAPI.Terminals.Delete("N1"), "payment": b.InvoiceAPI.Payments.Delete(id), "refund": b.InvoiceAPI.Refunds.Delete(refund),
		"status": b.InvoiceAPI.SetPaymentStatus(id, "init", ""), "refund status": b.InvoiceAPI.SetRefundStatus(refund, "init"),
		"update terminal": b.InvoiceAPI.Terminals.Update("N1", func(*invoiceapi.Terminal) {}), "update payment": b.InvoiceAPI.Payments.Update(id, func(*invoiceapi.Payment) {}),
	} {
		if !errors.Is(err, sandbox.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestIndexPage(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"ids": "number"}})
	_, page := b.Browse("/")
	contains(t, page, "Пока нет", b.URL+"/invoice/api/v2", invoiceapi.TestMerchantID, invoiceapi.TestAPIKey, "5543 7354 8462 6654", "ids", `<code>ids</code></td><td data-label="Значение"><code>number</code>`)
	b.OK("CreateTerminal", sandboxtest.TerminalSample)
	b.OK("CreatePayment", `{"order":{"amount":2},"settings":{"terminal_id":45},"receipt":[]}`)
	must(t, b.InvoiceAPI.Pay("2245001", invoiceapi.TestCard))
	b.OK("CreateRefund", `{"id":2245001,"refund":{"amount":1},"receipt":[]}`)
	b.Inject(sandbox.Fault{Operation: "GetRefund", Kind: sandbox.FaultHTML})
	_, page = b.Browse("/")
	contains(t, page, `href="`+b.URL+`/invoice/terminal/45"`, `href="`+b.URL+`/invoice/pay/2245001"`, "Оплачен (successful)", "9900001", "отдать HTML вместо работы, GetRefund")
	status, body := b.Browse("/healthz")
	equal(t, "healthz", body, "ok")
	equal(t, "healthz", status, 200)
	status, _ = b.Browse("/nope")
	equal(t, "unknown path", status, 404)
}

func TestIntellectMoneyOverview(t *testing.T) {
	b := start(t, sandbox.Options{})
	_, page := b.Browse("/")
	contains(t, page, "IntellectMoney", "INVOICE_INTELLECTMONEY_BASE_URL="+b.URL+"/intellectmoney", "INVOICE_INTELLECTMONEY_BEARER_TOKEN=demo-bearer-token",
		"INVOICE_INTELLECTMONEY_SIGN_SECRET_KEY=demo-sign-secret-key", "INVOICE_INTELLECTMONEY_USER_TOKEN=demo/user", "demo@example.com")
	must(t, b.SeedHistory(300, 1))
	_, err := b.IntellectMoney.Add(intellectmoney.Invoice{Amount: "1500.50", PurchaseOrderID: `"><script>`})
	must(t, err)
	must(t, b.IntellectMoney.SetState("3000000300", "Frozen"))
	_, page = b.Browse("/")
	contains(t, page, "Средства заблокированы (Held)", "Frozen</a> 1</li>", "1\u00a0500,50\u00a0₽", "Оплачен (paid)")
	absent(t, page, "<script")
	equal(t, "invoices", strings.Count(page, `<td data-label="СКО">30000`), 10)
	equal(t, "bills", strings.Count(page, "/paykeeper/bill/"), 10)
}
