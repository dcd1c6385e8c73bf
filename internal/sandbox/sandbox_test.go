package sandbox

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestStateSurvives(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a b?c%d#.db")
	first := start(t, Options{Database: file, PublicURL: "https://sandbox.example"})
	id := first.paid()
	refund := first.ok("CreateRefund", refundBody(id, "1"))
	payment, terminal := first.ok("GetPayment", byID(id)), first.ok("GetTerminal", `{"alias":"N1"}`)
	must(t, first.Close())

	second := start(t, Options{Database: file, PublicURL: "https://sandbox.example"})
	equal(t, "terminal", second.ok("GetTerminal", `{"alias":"N1"}`), terminal)
	equal(t, "payment", second.ok("GetPayment", byID(id)), payment)
	equal(t, "refund", second.ok("GetRefund", byID(refund["id"].(string))), refund)
	// No card number may ever reach the disk.
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(file + suffix)
		must(t, err)
		absent(t, strings.ToValidUTF8(string(content), ""), TestCard)
	}
}

func TestMemoryIsPrivate(t *testing.T) {
	first, second := start(t, Options{}), start(t, Options{Database: ":memory:"})
	first.terminal()
	second.refused("GetTerminal", `{"alias":"N1"}`, 11)
}

func TestOpenRefuses(t *testing.T) {
	if _, err := Open(Options{Database: filepath.Join(t.TempDir(), "missing", "x.db")}); err == nil || !strings.Contains(err.Error(), "x.db") {
		t.Errorf("err %v", err)
	}
	if _, err := Open(Options{LinkLifetime: -time.Second}); err == nil {
		t.Error("a negative lifetime was taken")
	}
}

func TestPublicURL(t *testing.T) {
	b := start(t, Options{PublicURL: "https://sandbox.example"})
	id := b.payment()
	equal(t, "payment_url", b.ok("GetPayment", byID(id))["payment_url"], "https://sandbox.example/invoice/pay/"+id)
	equal(t, "environment", b.Environment("http://127.0.0.1:1")[0], Variable{"INVOICE_BASE_URL", "https://sandbox.example/invoice/api/v2"})
}

func TestConcurrentCalls(t *testing.T) {
	for name, database := range map[string]string{"memory": "", "file": filepath.Join(t.TempDir(), "x.db")} {
		b := start(t, Options{Database: database})
		payment := b.paid()
		var wait sync.WaitGroup
		var mu sync.Mutex
		refunded := 0
		for range 20 {
			wait.Go(func() {
				// 1500 is enough for three, however they race.
				status, answer, err := b.post("CreateRefund", refundBody(payment, "500"))
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
				if _, err := b.InvoicePayments(); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		equal(t, name, refunded, 3)
	}
}

func TestRequests(t *testing.T) {
	b := start(t, Options{})
	id := b.payment()
	b.ResetRequests()
	b.ok("GetPayment", byID(id))
	b.ok("ClosePayment", byID(id))
	b.ok("GetPayment", byID(id))
	var operations []string
	for _, r := range b.Requests() {
		operations = append(operations, r.Operation)
	}
	equal(t, "operations", operations, []string{"GetPayment", "ClosePayment", "GetPayment"})
	equal(t, "filtered", len(b.Requests("ClosePayment", "GetRefund")), 1)
	equal(t, "request", b.Requests("ClosePayment")[0], Request{Operation: "ClosePayment", Method: "POST", Path: "/invoice/api/v2/ClosePayment",
		Body: byID(id), Authorized: true, Done: true, Status: 200, Answered: true, At: begin})
}

func TestTooLargeBody(t *testing.T) {
	b := start(t, Options{})
	status, _, err := b.post("GetPayment", `{"id":"`+strings.Repeat("x", maxRequestBody)+`"}`)
	if err == nil && status != 413 {
		t.Errorf("status %d", status)
	}
}

func TestDirectAccess(t *testing.T) {
	b := start(t, Options{})
	id := b.paid()
	refund := b.ok("CreateRefund", refundBody(id, "1"))["id"].(string)
	must(t, b.UpdateInvoiceTerminal("N1", func(t *InvoiceTerminal) { t.Name, t.CanComments = "Другое", true }))
	terminal := b.ok("GetTerminal", `{"alias":"N1"}`)
	equal(t, "name", terminal["name"], "Другое")
	equal(t, "canComments", terminal["canComments"], true)
	must(t, b.UpdateInvoicePayment(id, func(p *InvoicePayment) { p.Amount, p.CustomParameters = "7.5", "" }))
	payment := b.ok("GetPayment", byID(id))
	equal(t, "amount", payment["order"].(object)["amount"], json.Number("7.5"))
	equal(t, "custom_parameters", payment["custom_parameters"], nil)
	b.Advance(time.Minute)
	must(t, b.SetInvoicePaymentStatus(id, "error", "[2, 5] Transaction declined"))
	payment = b.ok("GetPayment", byID(id))
	equal(t, "status", payment["status"], "error")
	equal(t, "status_description", payment["status_description"], "[2, 5] Transaction declined")
	equal(t, "update_date", payment["update_date"], "2026-03-01T09:31:00.123Z")
	must(t, b.SetInvoiceRefundStatus(refund, "init"))
	equal(t, "refund", b.ok("GetRefund", byID(refund))["status"], "init")

	must(t, b.DeleteInvoicePayment(id))
	b.refused("GetPayment", byID(id), 8)
	b.ok("GetRefund", byID(refund)) // Its refund outlives it.
	must(t, b.DeleteInvoiceRefund(refund))
	b.refused("GetRefund", byID(refund), 8)
	must(t, b.DeleteInvoiceTerminal("N1"))
	b.refused("GetTerminal", `{"alias":"N1"}`, 11)
	for name, err := range map[string]error{
		"terminal": b.DeleteInvoiceTerminal("N1"), "payment": b.DeleteInvoicePayment(id), "refund": b.DeleteInvoiceRefund(refund),
		"status": b.SetInvoicePaymentStatus(id, "init", ""), "refund status": b.SetInvoiceRefundStatus(refund, "init"),
		"update terminal": b.UpdateInvoiceTerminal("N1", func(*InvoiceTerminal) {}), "update payment": b.UpdateInvoicePayment(id, func(*InvoicePayment) {}),
	} {
		if !IsNotFound(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestIndexPage(t *testing.T) {
	b := start(t, Options{Dialect: Dialect{IDs: "number"}})
	_, page := b.browse("/")
	contains(t, page, "Пока нет", b.url+"/invoice/api/v2", TestMerchantID, TestAPIKey, "5543 7354 8462 6654", "ids", "<td>number</td>")
	b.ok("CreateTerminal", terminalSample)
	b.ok("CreatePayment", `{"order":{"amount":2},"settings":{"terminal_id":45},"receipt":[]}`)
	must(t, b.PayInvoicePayment("2245001", TestCard))
	b.ok("CreateRefund", `{"id":2245001,"refund":{"amount":1},"receipt":[]}`)
	b.Inject(Fault{Operation: "GetRefund", Kind: FaultHTML})
	_, page = b.browse("/")
	contains(t, page, `href="`+b.url+`/invoice/terminal/45"`, `href="`+b.url+`/invoice/pay/2245001"`, "Оплачен (successful)", "9900001", "<td>html</td>")
	status, body := b.browse("/healthz")
	equal(t, "healthz", body, "ok")
	equal(t, "healthz", status, 200)
	status, _ = b.browse("/nope")
	equal(t, "unknown path", status, 404)
}
