package gateway

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Closer is a gateway that can make unpayable what it has issued.
type Closer interface {
	Gateway
	// LedgerKind is the ledger's word for what it closes.
	LedgerKind() string
	// FindClosable looks up what has an id, nil when the gateway says that there is none.
	FindClosable(ctx context.Context, id string) (*Closable, error)
	// Close makes it unpayable. That nobody can pay it any more is a success.
	Close(ctx context.Context, id string) error
}

// Closable is something that waits for its money, as its gateway shows it.
type Closable struct {
	Name   string // for messages, such as "payment p-1"
	Status string // the gateway's own word
	IsPaid bool   // its money has moved, even if it was given back
	IsOver bool   // by the gateway's word, not by our clock, nobody can pay it any more
	// IsExpired goes by our clock, too. It ends no payout.
	IsExpired bool
	IsPayout  bool
}

// Closers returns the gateways that can close something: those that issue invoices can
// withdraw them.
func Closers(gateways []Gateway) []Closer {
	var closers []Closer
	for _, g := range gateways {
		switch one := g.(type) {
		case Closer:
			closers = append(closers, one)
		case InvoiceAdapter:
			closers = append(closers, invoiceCloser{one})
		}
	}
	return closers
}

// invoiceCloser closes the invoices of a gateway.
type invoiceCloser struct{ InvoiceAdapter }

func (c invoiceCloser) LedgerKind() string { return c.Name() }

func (c invoiceCloser) FindClosable(ctx context.Context, id string) (*Closable, error) {
	shown, err := c.Find(ctx, &Invoice{ID: types.StringValue(id), Gateway: types.StringValue(c.Name())})
	if shown == nil || err != nil {
		return nil, err
	}
	found := &Closable{
		Name: "invoice " + c.Name() + "/" + shown.ID, Status: shown.GatewayStatus, IsPaid: shown.WasPaid(),
		IsOver: slices.Contains([]string{StatusExpired, StatusCanceled}, shown.Status), IsExpired: shown.IsExpired,
	}
	if payer, ok := c.InvoiceAdapter.(Payer); ok {
		argument, value := payer.PayoutChoice()
		if found.IsPayout = types.StringValue(value).Equal(shown.Arguments[argument]); found.IsPayout {
			found.Name, found.IsExpired = "payout "+c.Name()+"/"+shown.ID, false
		}
	}
	return found, nil
}

func (c invoiceCloser) Close(ctx context.Context, id string) error { return c.Withdraw(ctx, id) }
