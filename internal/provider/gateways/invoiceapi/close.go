package invoiceapi

import (
	"context"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

// PaymentKind is what payments are called in the ledger.
const PaymentKind = "payment"

var _ gateway.Closer = (*Gateway)(nil)

// LedgerKind is that of payments.
func (*Gateway) LedgerKind() string { return PaymentKind }

// FindClosable looks a payment up. No status says that one has expired.
func (g *Gateway) FindClosable(ctx context.Context, id string) (*gateway.Closable, error) {
	payment, err := g.Client.FindPayment(ctx, id)
	if payment == nil || err != nil {
		return nil, err
	}
	return &gateway.Closable{
		Name: "payment " + string(payment.ID), Status: payment.Status, IsPaid: payment.WasPaid(), IsOver: payment.IsClosed() || payment.IsFailed(),
		IsExpired: payment.IsExpired(time.Now()),
	}, nil
}

// Close closes a payment.
func (g *Gateway) Close(ctx context.Context, id string) error {
	_, err := g.Client.ClosePayment(ctx, id)
	return err
}
