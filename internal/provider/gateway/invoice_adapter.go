package gateway

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// InvoiceFinder is a gateway whose invoices can be looked up.
type InvoiceFinder interface {
	// Name is what users call the gateway: its attribute, and the value of
	// gateway.
	Name() string
	// LookUp reports whether the gateway can be asked by a data source, and answers
	// when not.
	LookUp(req datasource.ReadRequest, resp *datasource.ReadResponse) bool
	// lookedUp describes the gateway's object in the data source, and object is
	// that object in a model; both nil when there is none.
	DataSourceSchema() datasourceschema.Attribute
	Object(m *Invoice) *types.Object
	// Find looks up what is known of an invoice, at least its id. It returns nil
	// when the gateway says that there is none.
	Find(ctx context.Context, known *Invoice) (*ShownInvoice, error)
}

// InvoiceAdapter is how a gateway plugs into invoice_invoice.
type InvoiceAdapter interface {
	InvoiceFinder
	MustHaveSettings(diags *diag.Diagnostics)
	// Ready and refresh are lookUp while applying, and for what is in the state or
	// being imported.
	Ready(diags *diag.Diagnostics) bool
	Refresh(importing bool, diags *diag.Diagnostics) bool
	// block describes the gateway's object in the resource.
	ResourceSchema() schema.SingleNestedAttribute
	// Arguments names what the object holds and no call can change.
	Arguments() []string
	// Check adds errors for what the gateway would refuse, or should. Values may
	// be unknown. creating: this is about to become a new invoice.
	Check(ctx context.Context, planned *Invoice, creating bool, diags *diag.Diagnostics)
	// IsPayout reports whether the money goes out: then it is sent once, and neither
	// changed nor repeated.
	IsPayout(m *Invoice) bool
	// FindsByOrder reports whether an open invoice under a configured order id is taken
	// over instead of issuing another.
	FindsByOrder() bool
	// FindUnclear looks for what an unclear creation may have made, by its order id.
	// It returns nil when there is nothing, or nothing more comes of it, and
	// errNoLookUp when the server cannot be asked.
	FindUnclear(ctx context.Context, known *Invoice) (*ShownInvoice, error)
	// Issue creates the invoice, or takes over the one that was created already. Write-only
	// arguments are in config. It returns nil when there is none, and one in
	// status "unknown" when one with an order id may have been made.
	Issue(ctx context.Context, planned, config *Invoice, diags *diag.Diagnostics) *ShownInvoice
	// ToSend reports whether the invoice still has to be sent to its payer. A gateway
	// that sends has an argument "send".
	ToSend(m *Invoice) bool
	Send(ctx context.Context, id string) error
	// Withdraw makes an invoice unpayable. That nobody can pay it any more is a
	// success.
	Withdraw(ctx context.Context, id string) error
}

// ErrNoLookUp: the gateway has no call that would find an invoice by its order id.
var ErrNoLookUp = errors.New("this server has no call that finds an invoice by its order id")
