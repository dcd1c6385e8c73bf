package p2p_test

import (
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	sandboxp2p "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
)

// The client and the sandbox are two independent readings of the documents, including the
// signatures. Here they meet in every dialect.

func meet(t *testing.T, settings ...string) (*p2p.Client, *clienttest.Box) {
	t.Helper()
	box := clienttest.Sandbox(t, gateways.Options{}, settings...)
	return p2p.New(box.URL+"/p2p", sandboxp2p.DemoAPIKey, sandboxp2p.DemoSecretKey, clienttest.Quick(nil)), box
}

func incoming(internalID string) p2p.CreateInvoiceRequest {
	startDeal := true
	return p2p.CreateInvoiceRequest{
		Type: p2p.DirectionIn, Amount: "1000", Currency: "RUB", NotificationURL: "https://example.com/hook", NotificationToken: "tok",
		InternalID: internalID, UserID: "uid-1", PaymentMethod: "sberbank", StartDeal: &startDeal,
	}
}

func TestLifeOfAnInvoiceOnTheSandbox(t *testing.T) {
	for _, dialect := range []string{
		"p2p_answer=object", "p2p_answer=array", "p2p_requisites=none", "p2p_internal_id=false", "p2p_error_status=422",
		"p2p_cancel=empty", "p2p_repeated_cancel=ok", "p2p_sums=amount", "p2p_payout_subunit=6", "p2p_repeated_internal_id=error",
		"p2p_paid=recalculated", "p2p_paid=recalculation", "p2p_paid=re_calculation", "p2p_deals=single", "p2p_deals=both",
		"p2p_deal_requisites=inside", "p2p_deal_requisites=cardNumber", "p2p_deal_requisites=card",
	} {
		t.Run(dialect, func(t *testing.T) {
			c, box := meet(t, dialect)
			ctx := t.Context()
			created, err := c.CreateInvoice(ctx, incoming("00001"), true)
			if err != nil {
				t.Fatal(err)
			}
			if created.Status != p2p.StatusNew || created.Sum.Amount == nil || created.Sum.Amount.Money() != "1000.00" || created.URL == "" || !created.IsOpen(time.Now()) {
				t.Errorf("created: %+v", created)
			}
			if deals := len(created.Deals); (dialect == "p2p_requisites=none") != (deals == 0) {
				t.Errorf("%d deals", deals)
			}
			for _, deal := range created.Deals {
				if r := deal.Requisites; r == nil || r.Requisites != "+7(996)777-99-01" || r.Holder != "Получатель 1" {
					t.Errorf("requisites: %+v", r)
				}
			}
			id := string(created.ID)
			if err := box.P2P.SetStatus(id, p2p.StatusPaid); err != nil {
				t.Fatal(err)
			}
			found, err := c.FindInvoice(ctx, id)
			if err != nil || !found.IsPaid() || found.PayoutSum.Amount == nil {
				t.Errorf("paid: %+v, %v", found, err)
			}
			if err := c.CancelInvoice(ctx, id); err == nil {
				t.Error("a paid invoice was canceled")
			}

			second, err := c.CreateInvoice(ctx, incoming("00002"), true)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // canceling twice does no harm
				if err := c.CancelInvoice(ctx, string(second.ID)); err != nil {
					t.Fatal(err)
				}
			}
			if found, err = c.FindInvoice(ctx, string(second.ID)); err != nil || !found.IsCanceled() {
				t.Errorf("canceled: %+v, %v", found, err)
			}
			if found, err = c.FindInvoice(ctx, "991a0e40-8cbd-405a-80fa-c84f2e4d5c6a"); err != nil || found != nil {
				t.Errorf("absent: %+v, %v", found, err)
			}
			if found, err = c.FindByInternalID(ctx, "00001"); dialect != "p2p_internal_id=false" && (err != nil || string(found.ID) != id) {
				t.Errorf("by internal id: %+v, %v", found, err)
			}
		})
	}
}

func TestPayoutOnTheSandbox(t *testing.T) {
	c, box := meet(t)
	payout := p2p.CreateInvoiceRequest{
		Type: p2p.DirectionOut, Amount: "500.50", Currency: "RUB", NotificationURL: "https://example.com/hook", NotificationToken: "tok",
		InternalID: "p-1", PaymentOption: "SBP", PaymentMethod: "sberbank", PaymentRequisites: &p2p.Requisites{Requisites: "+79967779977", Holder: "И. И."},
	}
	if _, err := c.CreateInvoice(t.Context(), payout, true); err != nil {
		t.Fatal(err)
	}
	// After a lost answer the payout is never sent again.
	box.Inject(sandbox.Fault{Operation: "p2p.create", Kind: sandbox.FaultLostAnswer, Times: 1})
	payout.InternalID = "p-2"
	if created, err := c.CreateInvoice(t.Context(), payout, true); err == nil || transport.OutcomeOf(err) != transport.Unclear {
		t.Errorf("%v, %v", created, err)
	}
	if got := len(box.Requests("p2p.create")); got != 2 {
		t.Errorf("%d creations were sent, want 2", got)
	}
}

// The answer is lost. Where the call exists, the internal id finds the invoice.
func TestLostAnswerOnTheSandbox(t *testing.T) {
	c, box := meet(t)
	box.Inject(sandbox.Fault{Operation: "p2p.create", Kind: sandbox.FaultLostAnswer, Times: 1})
	if _, err := c.CreateInvoice(t.Context(), incoming("x"), true); err != nil {
		t.Error(err)
	}
	if invoices, err := box.P2P.Invoices.All(); err != nil || len(invoices) != 1 {
		t.Errorf("%d invoices, %v; want 1", len(invoices), err)
	}
}

func TestWrongSecretOnTheSandbox(t *testing.T) {
	_, box := meet(t)
	c := p2p.New(box.URL+"/p2p", sandboxp2p.DemoAPIKey, "wrong", transport.Config{RequestTimeout: time.Second, WaitMin: 1, WaitMax: 1})
	if found, err := c.FindInvoice(t.Context(), "991a0e40-8cbd-405a-80fa-c84f2e4d5c6a"); err == nil || found != nil {
		t.Errorf("%v, %v", found, err)
	}
}
