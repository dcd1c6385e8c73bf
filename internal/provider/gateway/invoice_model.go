package gateway

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// Statuses of invoices, the same for all gateways. A gateway's word that has
// none of them is shown as it is.
const (
	StatusCreated  = "created"
	StatusPaid     = "paid"
	StatusExpired  = "expired"
	StatusCanceled = "canceled"
	StatusDisputed = "disputed"
	StatusRefunded = "refunded"
)

const AboutStatus = "`created`, `sent`, `processing`, `partially_paid`, `held`, `paid`, `failed`, `refunded`, `expired`, `canceled` or `disputed`, " +
	"whichever the gateway has; a word that is none of these is shown as it came."

// Invoice is what the resource and the data source have in common. The
// object of a gateway holds what is its own.
type Invoice struct {
	ID            types.String       `tfsdk:"id"`
	Gateway       types.String       `tfsdk:"gateway"`
	Amount        attributes.Decimal `tfsdk:"amount"`
	Currency      types.String       `tfsdk:"currency"`
	OrderID       types.String       `tfsdk:"order_id"`
	CustomerID    types.String       `tfsdk:"customer_id"`
	URL           types.String       `tfsdk:"url"`
	Status        types.String       `tfsdk:"status"`
	GatewayStatus types.String       `tfsdk:"gateway_status"`
	Paid          types.Bool         `tfsdk:"paid"`
	PaymentID     types.String       `tfsdk:"payment_id"`
	CreatedAt     timetypes.RFC3339  `tfsdk:"created_at"`
	UpdatedAt     timetypes.RFC3339  `tfsdk:"updated_at"`
	ExpiresAt     timetypes.RFC3339  `tfsdk:"expires_at"`
	PaidAt        timetypes.RFC3339  `tfsdk:"paid_at"`
	PayKeeper     types.Object       `tfsdk:"paykeeper"`
	P2P           types.Object       `tfsdk:"p2p"`
}

type InvoiceIdentity struct {
	Gateway types.String `tfsdk:"gateway"`
	ID      types.String `tfsdk:"id"`
}

func (m *Invoice) Identity() any {
	id := m.ID
	if id.IsNull() {
		// A payout of which nobody knows whether it was made has no id, and the
		// framework insists on an identity.
		id = types.StringValue(ledger.StatusUnknown + "/" + m.OrderID.ValueString())
	}
	return InvoiceIdentity{Gateway: m.Gateway, ID: id}
}

// Money is the amount for messages.
func (m *Invoice) Money() string { return m.Amount.ValueString() + " " + m.Currency.ValueString() }

func (m *Invoice) Key() string { return m.Gateway.ValueString() + "/" + m.ID.ValueString() }

// Owner names the invoice among those of a plan, also one that has no id.
func (m *Invoice) Owner() string {
	if m.ID.IsNull() {
		return m.Gateway.ValueString() + "/" + ledger.StatusUnknown + "/" + m.OrderID.ValueString()
	}
	return m.Key()
}

// Arguments are what reaches the gateway, of the root and of one gateway's object.
func (m *Invoice) Arguments(a InvoiceAdapter) []attributes.Argument {
	all := []attributes.Argument{
		{Name: "amount", Value: m.Amount},
		{Name: "currency", Value: m.Currency},
		{Name: "order_id", Value: m.OrderID},
		{Name: "customer_id", Value: m.CustomerID},
	}
	object, described := a.Object(m).Attributes(), a.ResourceSchema().Attributes
	for _, name := range a.Arguments() {
		if value, known := object[name]; known {
			all = append(all, attributes.Argument{Name: a.Name() + "." + name, Value: value, IsSensitive: described[name].IsSensitive()})
		}
	}
	return all
}

// ShownInvoice is an invoice as its gateway shows it, in the words of the
// attributes. What the gateway does not tell is null, "" or zero.
type ShownInvoice struct {
	ID, URL                          string
	Status, GatewayStatus, PaymentID string
	Amount                           attributes.Decimal
	Currency, OrderID, CustomerID    string
	Created, Updated, Expires, Paid  values.Time
	IsExpired                        bool
	// Gone says why the invoice is as good as absent, such as "it is canceled";
	// "" when it is not.
	Gone string
	// Brief: this is only what the creation answered, and reading tells more.
	Brief bool
	// Arguments and computed hold what the gateway shows of its own object: what
	// was sent to it, and what is its own.
	Arguments, Computed map[string]attr.Value
}

func (s *ShownInvoice) IsPaid() bool { return s.Status == StatusPaid }

// WasPaid reports whether its money has come, even if it was given back.
func (s *ShownInvoice) WasPaid() bool { return s.IsPaid() || s.Status == StatusRefunded }

// Answers remembers, by argument, the gateway's answer that belongs to the value
// in the state. Gateways rewrite what they are sent: the same answer again is
// no drift, another one is.
type Answers map[string]string

// ChangedTo names the arguments to which the gateway now answers differently.
func (a Answers) ChangedTo(now Answers) []string {
	var changed []string
	for name, answer := range now {
		if before, known := a[name]; known && !isSameAnswer(name, before, answer) {
			changed = append(changed, name)
		}
	}
	slices.Sort(changed)
	return changed
}

// isSameAnswer reports whether two answers differ in spelling alone, if at all.
func isSameAnswer(name, a, b string) bool {
	return a == b || attributes.IsSpelledAs(name, strings.Trim(a, `"`), strings.Trim(b, `"`))
}

// Settle forgets the answers to texts: some gateways answer a creation or a mail
// with what was sent, and rewrite it only afterwards.
func (a Answers) Settle(of InvoiceAdapter) {
	for name := range a {
		if name != "amount" && name != "currency" && name != of.Name()+".send" {
			delete(a, name)
		}
	}
}

// Take brings the model in line with what the gateway shows, and the answers
// with it. importing: there is nothing applied yet, all values are the gateway's.
func (m *Invoice) Take(ctx context.Context, f InvoiceFinder, shown *ShownInvoice, known Answers, importing bool) {
	argument := func(name string, current, value attr.Value) attr.Value {
		if value.IsNull() {
			return current // what is left out has not changed
		}
		before, answered := known[name]
		known[name] = value.String()
		if importing || answered && !isSameAnswer(name, before, known[name]) && !current.IsNull() {
			return value
		}
		return current
	}
	text := func(name string, current types.String, value string) types.String {
		taken, _ := argument(name, current, attributes.StringOrNull(value)).(types.String)
		return taken
	}
	m.Amount, _ = argument("amount", m.Amount, shown.Amount).(attributes.Decimal)
	m.Currency = text("currency", m.Currency, shown.Currency)
	m.OrderID = text("order_id", m.OrderID, shown.OrderID)
	m.CustomerID = text("customer_id", m.CustomerID, shown.CustomerID)

	if object := f.Object(m); object != nil {
		inside := attributes.WithoutUnknowns(ctx, *object)
		for name, current := range inside {
			if value, ok := shown.Arguments[name]; ok {
				inside[name] = argument(f.Name()+"."+name, current, value)
			}
			if value, ok := shown.Computed[name]; ok {
				inside[name] = value
			}
		}
		*object = types.ObjectValueMust(object.AttributeTypes(ctx), inside)
	}
	m.Observe(shown)
	m.Gateway = types.StringValue(f.Name())
}

// observed takes over what only the gateway knows.
func (m *Invoice) Observe(shown *ShownInvoice) {
	if shown.ID == "" {
		m.ID = types.StringNull()
	} else {
		m.ID = attributes.KeepID(m.ID, values.ID(shown.ID))
	}
	m.Paid = types.BoolValue(m.IsPaid() || shown.WasPaid())
	m.URL = attributes.StringOrNull(shown.URL)
	m.Status = attributes.StringOrNull(shown.Status)
	m.GatewayStatus = attributes.StringOrNull(shown.GatewayStatus)
	m.PaymentID = attributes.StringOrNull(shown.PaymentID)
	m.CreatedAt = attributes.TimeOrNull(shown.Created)
	m.UpdatedAt = attributes.TimeOrNull(shown.Updated)
	m.ExpiresAt = attributes.TimeOrNull(shown.Expires)
	m.PaidAt = attributes.TimeOrNull(shown.Paid)
}

// ObservedAttributes are the texts that only the gateway knows, and sending may change.
var ObservedAttributes = []string{"url", "status", "gateway_status", "payment_id", "created_at", "updated_at", "expires_at", "paid_at"}

// KeepObserved fills in what a plan leaves open from the state.
func (m *Invoice) KeepObserved(a InvoiceAdapter, state *Invoice) {
	m.ID, m.Gateway, m.URL = state.ID, state.Gateway, state.URL
	m.Status, m.GatewayStatus, m.Paid, m.PaymentID = state.Status, state.GatewayStatus, state.Paid, state.PaymentID
	m.CreatedAt, m.UpdatedAt, m.ExpiresAt, m.PaidAt = state.CreatedAt, state.UpdatedAt, state.ExpiresAt, state.PaidAt
	object, before := a.Object(m), a.Object(state).Attributes()
	inside := maps.Clone(object.Attributes())
	for name, value := range inside {
		if value.IsUnknown() && before[name] != nil {
			inside[name] = before[name]
		}
	}
	if len(inside) > 0 {
		*object = types.ObjectValueMust(object.AttributeTypes(context.Background()), inside)
	}
}

// IsPaid reports whether the invoice was seen paid. States that were written
// before there was an attribute "paid" have the status alone.
func (m *Invoice) IsPaid() bool {
	return m.Paid.ValueBool() || m.Status.ValueString() == StatusPaid
}

func (m *Invoice) IsUnclear() bool { return ledger.IsUnclear(m.ID, m.Status) }

// UnclearInvoice is what is shown of an invoice that was sent and not answered.
func UnclearInvoice(sent time.Time) *ShownInvoice {
	return &ShownInvoice{Status: ledger.StatusUnknown, Created: values.Time{Time: sent.UTC()}}
}

// IsFailedPayout reports whether the gateway said that it will not pay out. Our
// clock does not end a payout: one past its time may still be carried out.
func (m *Invoice) IsFailedPayout() bool {
	return m.Status.ValueString() == StatusCanceled || m.Status.ValueString() == StatusExpired
}

// Payout is the payout in the ledger. Without a known order id it has no key.
func (m *Invoice) Payout() ledger.Outgoing {
	one := ledger.Outgoing{
		Kind: ledger.Payouts, Status: m.Status.ValueString(), About: m.Money(),
		IsFailed: m.IsFailedPayout(), IsUnclear: m.IsUnclear(), IsPending: m.Status.ValueString() != StatusPaid,
	}
	if m.ID.ValueString() != "" {
		one.ID = m.Key()
	}
	if orderID := strings.TrimSpace(m.OrderID.ValueString()); orderID != "" {
		one.About += fmt.Sprintf(" (order %q)", m.OrderID.ValueString())
		one.Key = values.PlainID(orderID)
	}
	return one
}
