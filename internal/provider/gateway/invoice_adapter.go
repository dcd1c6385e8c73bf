package gateway

import (
	"context"
	"errors"

	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

// InvoiceFinder is a gateway whose invoices can be looked up.
type InvoiceFinder interface {
	Gateway
	// Find looks up what is known of an invoice, at least its id. It returns nil
	// when the gateway says that there is none.
	Find(ctx context.Context, known *Invoice) (*ShownInvoice, error)
}

// InvoiceRefresher is a gateway that can read many invoices with fewer calls.
type InvoiceRefresher interface {
	InvoiceFinder
	// RefreshInvoice is Find for an invoice that is only read. The answer may be as old as the
	// run.
	RefreshInvoice(ctx context.Context, known *Invoice) (*ShownInvoice, error)
}

// ObjectShower is a finder that shows more than what is common to the gateways.
type ObjectShower interface {
	InvoiceFinder
	// DataSourceSchema describes the gateway's object in the data source.
	DataSourceSchema() datasource.Attribute
}

// InvoiceAdapter is a gateway that issues invoices.
type InvoiceAdapter interface {
	InvoiceFinder
	// ResourceSchema describes the gateway's object in the resource.
	ResourceSchema() schema.SingleNestedAttribute
	// Traits says what is particular about its invoices.
	Traits() InvoiceTraits
	// Check adds errors for what the gateway would refuse, or should. Values may
	// be unknown. config is that of an invoice that is about to be issued, with its write-only
	// arguments. It is nil for one that may exist: an imported one lacks what the gateway
	// never gives back.
	Check(ctx context.Context, planned, config *Invoice, diags *diag.Diagnostics)
	// Issue creates the invoice, or adopts the one that is there already. Write-only
	// arguments are in config only. It returns nil when there is no invoice, and one with
	// the status "unknown" when one with an order id may have been made.
	Issue(ctx context.Context, planned, config *Invoice, diags *diag.Diagnostics) *ShownInvoice
	// FindUnclear looks for what an unclear creation may have made, by its order id.
	// It returns nil when there is nothing, or nothing more comes of it, and
	// [ErrNoLookUp] when the server cannot be asked.
	FindUnclear(ctx context.Context, known *Invoice) (*ShownInvoice, error)
	// Withdraw makes an invoice unpayable. That nobody can pay it any more is a
	// success.
	Withdraw(ctx context.Context, id string) error
}

// ErrNoLookUp means that the gateway has no call that finds an invoice by its order id.
var ErrNoLookUp = errors.New("this server has no call that finds an invoice by its order id")

// Argument is one of a gateway's own.
type Argument = remote.Argument[Invoice, ShownInvoice]

// ArgumentTable lists them, and those of the root.
type ArgumentTable = remote.Table[Invoice, ShownInvoice]

// InvoiceTraits are what is particular about the invoices of a gateway. What is left out
// does not apply.
type InvoiceTraits struct {
	// Arguments are what the gateway's object holds, by their names inside it.
	Arguments []Argument
	// AmountLimit names the argument up to which the gateway may raise the amount.
	AmountLimit string
	// FindsByOrder means that an open invoice under a configured order id is adopted
	// instead of issuing another.
	FindsByOrder bool
	// IsPartial reports whether a configuration lacks what each new invoice needs, and the
	// gateway never gives back.
	IsPartial func(config *Invoice) bool
}

// ArgumentSend is the argument of a [Sender] that asks for the mail.
const ArgumentSend = "send"

// Sender is a gateway that mails invoices to their payers.
type Sender interface {
	InvoiceAdapter
	// IsToBeSent reports whether the invoice still has to be mailed.
	IsToBeSent(m *Invoice) bool
	// Send mails it.
	Send(ctx context.Context, id string) error
	// SendAgain mails one that was mailed before. After a lost answer nothing at the gateway
	// shows whether another letter has gone out.
	SendAgain(ctx context.Context, id string) error
}
