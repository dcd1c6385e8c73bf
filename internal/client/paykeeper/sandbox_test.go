package paykeeper_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	sandboxpaykeeper "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// The client and the sandbox are two independent readings of the documents. Here they meet in
// every dialect of the points that the documents leave open.

func meet(t *testing.T, settings ...string) (*paykeeper.Client, *clienttest.Box) {
	t.Helper()
	box := clienttest.Sandbox(t, gateways.Options{}, settings...)
	return paykeeper.New(box.URL+"/paykeeper", sandboxpaykeeper.DemoLogin, sandboxpaykeeper.DemoPassword, clienttest.Quick(nil)), box
}

var dialects = []string{
	"", "paykeeper_token=array", "paykeeper_error_code=true", "paykeeper_invoice_id=number", "paykeeper_byid=array",
	"paykeeper_revoked=missing", "paykeeper_search=false", "paykeeper_content_type=json", "paykeeper_dates=inclusive",
	"paykeeper_fullcount=number", "paykeeper_token_kills=true", "paykeeper_repeated_revoke=fail", "paykeeper_amount=plain",
	"paykeeper_service_name=text", "paykeeper_service_name=string",
}

func TestLifeOfAnInvoiceOnTheSandbox(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect, func(t *testing.T) {
			var settings []string
			if dialect != "" {
				settings = []string{dialect}
			}
			c, box := meet(t, settings...)
			ctx := t.Context()
			request := paykeeper.CreateInvoiceRequest{
				Amount: clienttest.Decimal(t, "1500.50"), ClientID: "Иванов", OrderID: "order-1", ServiceName: "Аренда", ClientEmail: "a@example.com",
				Expiry: time.Now().AddDate(0, 0, 10).Format(time.DateOnly),
			}
			if dialect == "" || dialect == "paykeeper_service_name=string" {
				request.Cart = paykeeper.Cart{{Name: "Зал", Price: clienttest.Decimal(t, "1500.50"), Quantity: clienttest.Decimal(t, "1"), Sum: clienttest.Decimal(t, "1500.50"), Tax: "none"}}
			}
			created, err := c.CreateInvoice(ctx, request)
			if err != nil {
				t.Fatal(err)
			}
			id := string(created.ID)
			found, err := c.FindInvoice(ctx, id)
			if err != nil || found == nil {
				t.Fatalf("%v, %v", found, err)
			}
			if found.Status != paykeeper.StatusCreated || found.Amount.Money() != "1500.50" || string(found.OrderID) != "order-1" || found.Created.IsZero() || !found.IsOpen(time.Now()) {
				t.Errorf("created: %+v", found)
			}
			if want := c.InvoiceURL(id); created.URL != want {
				t.Errorf("URL %s, want %s", created.URL, want)
			}
			if err := c.SendInvoice(ctx, id); err != nil {
				t.Fatal(err)
			}
			if mails, err := box.PayKeeper.Outbox(); err != nil || len(mails) != 1 || mails[0].To != "a@example.com" {
				t.Errorf("outbox %v, %v", mails, err)
			}
			if found, err = c.FindInvoice(ctx, id); err != nil || !found.IsSent() {
				t.Errorf("sent: %+v, %v", found, err)
			}
			if err := box.PayKeeper.Pay(id); err != nil {
				t.Fatal(err)
			}
			if found, err = c.FindInvoice(ctx, id); err != nil || !found.IsPaid() || found.Paid.IsZero() || found.PaymentID == "" {
				t.Errorf("paid: %+v, %v", found, err)
			}
			if err := c.RevokeInvoice(ctx, id); err == nil {
				t.Error("a paid invoice was revoked")
			}

			second, err := c.CreateInvoice(ctx, request)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // revoking twice does no harm
				if err := c.RevokeInvoice(ctx, string(second.ID)); err != nil {
					t.Fatal(err)
				}
			}
			if found, err = c.FindInvoice(ctx, string(second.ID)); err != nil || found != nil && found.IsOpen(time.Now()) {
				t.Errorf("revoked: %+v, %v", found, err)
			}
			if found, err = c.FindInvoice(ctx, "20000101000000000"); err != nil || found != nil {
				t.Errorf("absent: %+v, %v", found, err)
			}

			filter := paykeeper.Filter{Statuses: []string{paykeeper.StatusPaid}, Start: time.Now().AddDate(0, 0, -2), End: time.Now().AddDate(0, 0, 2)}
			list, err := c.ListInvoices(ctx, filter, paykeeper.Page{Limit: 10})
			if err != nil || len(list) != 1 || string(list[0].ID) != id {
				t.Errorf("list %+v, %v", list, err)
			}
			count, err := c.CountInvoices(ctx, filter)
			if err != nil || count.Full != 1 || count.ByStatus[paykeeper.StatusPaid] != 1 {
				t.Errorf("count %+v, %v", count, err)
			}
		})
	}
}

func TestWrongLoginOnTheSandbox(t *testing.T) {
	for _, dialect := range []string{"paykeeper_login=401", "paykeeper_login=303", "paykeeper_login=html"} {
		t.Run(dialect, func(t *testing.T) {
			_, box := meet(t, dialect)
			c := paykeeper.New(box.URL+"/paykeeper", "demo", "not-the-password", transport.Config{RequestTimeout: time.Second, WaitMin: 1, WaitMax: 1})
			found, err := c.FindInvoice(t.Context(), "20000101000000000")
			if found != nil || err == nil || !strings.Contains(err.Error(), "wrong login or server") {
				t.Errorf("%v, %v", found, err)
			}
		})
	}
}

// Many invoices that are created at once share one token. A change of the token in between
// costs one more fetch and no error.
func TestOneTokenForManyOnTheSandbox(t *testing.T) {
	c, box := meet(t, "paykeeper_token_kills=true")
	createMany := func(ctx context.Context, n int) {
		var all sync.WaitGroup
		for range n {
			all.Go(func() {
				if _, err := c.CreateInvoice(ctx, paykeeper.CreateInvoiceRequest{Amount: clienttest.Decimal(t, "1")}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	createMany(t.Context(), 200)
	if got := len(box.Requests("paykeeper.token")); got != 1 {
		t.Errorf("%d token fetches, want 1", got)
	}
	box.PayKeeper.RotateToken()
	createMany(t.Context(), 50)
	if got := len(box.Requests("paykeeper.token")); got != 2 {
		t.Errorf("%d token fetches after a rotation, want 2", got)
	}
	if invoices, err := box.PayKeeper.Invoices.All(); err != nil || len(invoices) != 250 {
		t.Errorf("%d invoices, %v; want 250", len(invoices), err)
	}
}

// The answer to preview is lost. The search finds what it made, however its cart is written.
func TestLostAnswerOnTheSandbox(t *testing.T) {
	for search, want := range map[string]int{"true": 1, "false": 0} {
		t.Run("paykeeper_search="+search, func(t *testing.T) {
			c, box := meet(t, "paykeeper_search="+search, "paykeeper_service_name=string")
			box.Inject(sandbox.Fault{Operation: "paykeeper.preview", Kind: sandbox.FaultLostAnswer, Times: 1})
			ten := clienttest.Decimal(t, "10")
			cart := paykeeper.Cart{{Name: "Зал", Price: ten, Quantity: clienttest.Decimal(t, "1"), Sum: ten, Tax: "none", ItemType: "service", Measure: "ч"}}
			created, err := c.CreateInvoice(t.Context(), paykeeper.CreateInvoiceRequest{Amount: ten, OrderID: "o", ServiceName: "Аренда", Cart: cart})
			if (err == nil) != (want == 1) || err != nil && transport.OutcomeOf(err) != transport.Unclear {
				t.Errorf("%v, %v", created, err)
			}
			if invoices, _ := box.PayKeeper.Invoices.All(); len(invoices) != 1 {
				t.Errorf("%d invoices, want 1", len(invoices))
			}
		})
	}
}
