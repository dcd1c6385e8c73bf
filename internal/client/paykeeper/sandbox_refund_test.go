package paykeeper_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	sandboxpaykeeper "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// patientClient waits for a refund for so long.
func patientClient(box *clienttest.Box, patience time.Duration) *paykeeper.Client {
	config := clienttest.Quick(nil)
	config.Patience, config.WaitMax = patience, 50*time.Millisecond
	return paykeeper.New(box.URL+"/paykeeper", sandboxpaykeeper.DemoLogin, sandboxpaykeeper.DemoPassword, config)
}

// paidOnSandbox issues an invoice of 1000.00, and has it paid.
func paidOnSandbox(t *testing.T, c *paykeeper.Client, box *clienttest.Box) (paymentID string) {
	t.Helper()
	created, err := c.CreateInvoice(t.Context(), paykeeper.CreateInvoiceRequest{Amount: clienttest.Decimal(t, "1000")})
	if err != nil {
		t.Fatal(err)
	}
	if err := box.PayKeeper.Pay(string(created.ID)); err != nil {
		t.Fatal(err)
	}
	paid, err := c.FindInvoice(t.Context(), string(created.ID))
	if err != nil || paid.PaymentID == "" {
		t.Fatalf("%+v, %v", paid, err)
	}
	return string(paid.PaymentID)
}

func part(t *testing.T, paymentID, amount string, sequence int64) paykeeper.RefundRequest {
	t.Helper()
	return paykeeper.RefundRequest{PaymentID: paymentID, Amount: clienttest.Decimal(t, amount), Sequence: sequence, Adopt: true}
}

// A payment is given back in two halves of the same amount, in every dialect.
func TestLifeOfARefundOnTheSandbox(t *testing.T) {
	for _, dialect := range []string{
		"paykeeper_payment=array", "paykeeper_payment=object", "paykeeper_no_refunds=empty", "paykeeper_no_refunds=object", "paykeeper_refund_amount=zero",
		"paykeeper_payment_ids=number", "paykeeper_refund_order=newest", "paykeeper_refund_row=late", "paykeeper_refund_time=soon", "paykeeper_reverse=array",
		"paykeeper_partial_false=amount", "paykeeper_second_reverse=taken", "paykeeper_amount=plain", "paykeeper_timezone=Asia/Vladivostok",
	} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			box := clienttest.Sandbox(t, gateways.Options{}, dialect)
			c := patientClient(box, 10*time.Second)
			id := paidOnSandbox(t, c, box)
			for sequence := range int64(2) {
				made, err := c.CreateRefund(t.Context(), part(t, id, "500", sequence+1))
				if err != nil || made.Refund == nil || made.IsAdopted {
					t.Fatalf("%+v, %v", made, err)
				}
			}
			if dialect == "paykeeper_refund_time=soon" {
				time.Sleep(1500 * time.Millisecond)
			}
			payment, err := c.FindPayment(t.Context(), id)
			if err != nil || payment.Status != paykeeper.PaymentRefunded || payment.RefundAmount.Money() != "1000.00" {
				t.Fatalf("%+v, %v", payment, err)
			}
			refunds, err := c.Refunds(t.Context(), payment)
			if err != nil || len(refunds) != 2 || !refunds[0].IsDone() || refunds[1].Remainder == nil || !refunds[1].Remainder.IsZero() {
				t.Errorf("%+v, %v", refunds, err)
			}
			refusal := new(paykeeper.RefundRefusal)
			if made, err := c.CreateRefund(t.Context(), part(t, id, "0.01", 1)); !errors.As(err, &refusal) || refusal.Kind != paykeeper.RefusedStatus {
				t.Errorf("%+v, %v", made, err)
			}
			if sent := len(box.Requests("paykeeper.reverse")); sent != 2 {
				t.Errorf("%d were sent, want 2", sent)
			}
		})
	}
}

// The answer to reverse is lost. The refund is found, now or once it is shown.
func TestLostRefundOnTheSandbox(t *testing.T) {
	for _, kind := range []sandbox.FaultKind{sandbox.FaultLostAnswer, sandbox.FaultHalfBody, sandbox.FaultStatusAfter} {
		for _, shown := range []string{"at_once", "never"} {
			box := clienttest.Sandbox(t, gateways.Options{}, "paykeeper_refund_row="+shown)
			c := patientClient(box, 0)
			id := paidOnSandbox(t, c, box)
			box.Inject(sandbox.Fault{Operation: "paykeeper.reverse", Kind: kind, Status: 502, Times: 1})
			made, err := c.CreateRefund(t.Context(), part(t, id, "1000", 1))
			if shown == "at_once" {
				if err != nil || made.Refund == nil {
					t.Errorf("%v: %+v, %v", kind, made, err)
				}
			} else {
				unclear := new(paykeeper.UnclearRefund)
				if !errors.As(err, &unclear) || transport.OutcomeOf(err) != transport.Unclear || unclear.Before == nil {
					t.Fatalf("%v: %+v, %v", kind, made, err)
				}
				if err := box.PayKeeper.ShowRefunds(); err != nil {
					t.Fatal(err)
				}
				found, _, err := c.FindUnclearRefund(t.Context(), part(t, id, "1000", 1), unclear.Before)
				if err != nil || found == nil || !found.IsDone() {
					t.Errorf("%v: %+v, %v", kind, found, err)
				}
			}
			// A run that was killed instead has forgotten it.
			made, err = patientClient(box, 0).CreateRefund(t.Context(), part(t, id, "1000", 1))
			if err != nil || made.Refund == nil || !made.IsAdopted {
				t.Errorf("%v: %+v, %v", kind, made, err)
			}
			if all, err := box.PayKeeper.Refunds.All(); err != nil || len(all) != 1 {
				t.Errorf("%v: %d refunds, %v", kind, len(all), err)
			}
		}
	}
}

// Programs that know nothing of each other never give back more than was paid.
func TestRefundsFromManySidesOnTheSandbox(t *testing.T) {
	for _, dialect := range []string{"paykeeper_refund_time=at_once", "paykeeper_refund_time=soon", "paykeeper_second_reverse=taken", "paykeeper_refund_row=never"} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			box := clienttest.Sandbox(t, gateways.Options{}, dialect)
			id := paidOnSandbox(t, patientClient(box, 0), box)
			var all sync.WaitGroup
			for _, amount := range []string{"600", "500.01", "700", "1000"} {
				c, request := patientClient(box, 100*time.Millisecond), part(t, id, amount, 1)
				all.Go(func() {
					if made, err := c.CreateRefund(t.Context(), request); err != nil && transport.OutcomeOf(err) == transport.Unclear {
						t.Errorf("%s: %+v, %v", request.Amount.Money(), made, err)
					}
				})
			}
			all.Wait()
			refunds, err := box.PayKeeper.Refunds.All()
			sum := decimal.Zero
			for _, one := range refunds {
				sum = sum.Add(clienttest.Decimal(t, one.Amount).Decimal)
			}
			if err != nil || len(refunds) != 1 || sum.GreaterThan(decimal.NewFromInt(1000)) {
				t.Errorf("%d refunds of %s, %v", len(refunds), sum, err)
			}
		})
	}
}
