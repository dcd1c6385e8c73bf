package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// invoiceFinder is a gateway whose invoices can be looked up.
type invoiceFinder interface {
	// name is what users call the gateway: its attribute, and the value of
	// gateway.
	name() string
	// lookUp reports whether the gateway can be asked by a data source, and answers
	// when not.
	lookUp(req datasource.ReadRequest, resp *datasource.ReadResponse) bool
	// lookedUp describes the gateway's object in the data source, and object is
	// that object in a model; both nil when there is none.
	lookedUp() datasourceschema.Attribute
	object(m *invoiceModel) *types.Object
	// find looks up what is known of an invoice, at least its id. It returns nil
	// when the gateway says that there is none.
	find(ctx context.Context, known *invoiceModel) (*shownInvoice, error)
}

// invoiceAdapter is how a gateway plugs into invoice_invoice.
type invoiceAdapter interface {
	invoiceFinder
	mustHaveSettings(diags *diag.Diagnostics)
	// ready and refresh are lookUp while applying, and for what is in the state or
	// being imported.
	ready(diags *diag.Diagnostics) bool
	refresh(importing bool, diags *diag.Diagnostics) bool
	// block describes the gateway's object in the resource.
	block() schema.SingleNestedAttribute
	// arguments names what the object holds and no call can change.
	arguments() []string
	// check adds errors for what the gateway would refuse, or should. Values may
	// be unknown. creating: this is about to become a new invoice.
	check(ctx context.Context, planned *invoiceModel, creating bool, diags *diag.Diagnostics)
	// isPayout reports whether the money goes out: then it is sent once, and neither
	// changed nor repeated.
	isPayout(m *invoiceModel) bool
	// findsByOrder reports whether an open invoice under a configured order id is taken
	// over instead of issuing another.
	findsByOrder() bool
	// findUnclear looks for what an unclear creation may have made, by its order id.
	// It returns nil when there is nothing, or nothing more comes of it, and
	// errNoLookUp when the server cannot be asked.
	findUnclear(ctx context.Context, known *invoiceModel) (*shownInvoice, error)
	// issue creates the invoice, or takes over the one that was created already. Write-only
	// arguments are in config. It returns nil when there is none, and one in
	// status "unknown" when one with an order id may have been made.
	issue(ctx context.Context, planned, config *invoiceModel, diags *diag.Diagnostics) *shownInvoice
	// toSend reports whether the invoice still has to be sent to its payer. A gateway
	// that sends has an argument "send".
	toSend(m *invoiceModel) bool
	send(ctx context.Context, id string) error
	// withdraw makes an invoice unpayable. That nobody can pay it any more is a
	// success.
	withdraw(ctx context.Context, id string) error
}

// errNoLookUp: the gateway has no call that would find an invoice by its order id.
var errNoLookUp = errors.New("this server has no call that finds an invoice by its order id")
