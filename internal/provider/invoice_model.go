package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

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
	invoiceCreated  = "created"
	invoicePaid     = "paid"
	invoiceExpired  = "expired"
	invoiceCanceled = "canceled"
	invoiceDisputed = "disputed"
	invoiceRefunded = "refunded"
)

const aboutInvoiceStatus = "`created`, `sent`, `processing`, `partially_paid`, `held`, `paid`, `failed`, `refunded`, `expired`, `canceled` or `disputed`, " +
	"whichever the gateway has; a word that is none of these is shown as it came."

// invoiceModel is what the resource and the data source have in common. The
// object of a gateway holds what is its own.
type invoiceModel struct {
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

type invoiceResourceModel struct {
	invoiceModel
	WhenUnpayable      types.String `tfsdk:"when_unpayable"`
	DeletionProtection types.Bool   `tfsdk:"deletion_protection"`
}

type invoiceIdentity struct {
	Gateway types.String `tfsdk:"gateway"`
	ID      types.String `tfsdk:"id"`
}

func (m *invoiceModel) identity() any {
	id := m.ID
	if id.IsNull() {
		// A payout of which nobody knows whether it was made has no id, and the
		// framework insists on an identity.
		id = types.StringValue(ledger.StatusUnknown + "/" + m.OrderID.ValueString())
	}
	return invoiceIdentity{Gateway: m.Gateway, ID: id}
}

// money is the amount for messages.
func (m *invoiceModel) money() string { return m.Amount.ValueString() + " " + m.Currency.ValueString() }

func (m *invoiceModel) key() string { return m.Gateway.ValueString() + "/" + m.ID.ValueString() }

// owner names the invoice among those of a plan, also one that has no id.
func (m *invoiceModel) owner() string {
	if m.ID.IsNull() {
		return m.Gateway.ValueString() + "/" + ledger.StatusUnknown + "/" + m.OrderID.ValueString()
	}
	return m.key()
}

// name is how messages call an invoice.
func (m *invoiceModel) name() string {
	kind := "invoice"
	if (*p2pInvoices)(nil).isPayout(m) {
		kind = "payout"
	}
	if m.ID.IsNull() {
		return fmt.Sprintf("unclear %s of %s (order %q)", kind, m.money(), m.OrderID.ValueString())
	}
	return kind + " " + m.key()
}

// arguments are what reaches the gateway, of the root and of one gateway's object.
func (m *invoiceModel) arguments(a invoiceAdapter) []argument {
	all := []argument{
		{name: "amount", value: m.Amount},
		{name: "currency", value: m.Currency},
		{name: "order_id", value: m.OrderID},
		{name: "customer_id", value: m.CustomerID},
	}
	object, described := a.object(m).Attributes(), a.block().Attributes
	for _, name := range a.arguments() {
		if value, known := object[name]; known {
			all = append(all, argument{a.name() + "." + name, value, described[name].IsSensitive()})
		}
	}
	return all
}

// shownInvoice is an invoice as its gateway shows it, in the words of the
// attributes. What the gateway does not tell is null, "" or zero.
type shownInvoice struct {
	id, url                          string
	status, gatewayStatus, paymentID string
	amount                           attributes.Decimal
	currency, orderID, customerID    string
	created, updated, expires, paid  values.Time
	isExpired                        bool
	// gone says why the invoice is as good as absent, such as "it is canceled";
	// "" when it is not.
	gone string
	// brief: this is only what the creation answered, and reading tells more.
	brief bool
	// arguments and computed hold what the gateway shows of its own object: what
	// was sent to it, and what is its own.
	arguments, computed map[string]attr.Value
}

func (s *shownInvoice) isPaid() bool { return s.status == invoicePaid }

// wasPaid reports whether its money has come, even if it was given back.
func (s *shownInvoice) wasPaid() bool { return s.isPaid() || s.status == invoiceRefunded }

// answers remembers, by argument, the gateway's answer that belongs to the value
// in the state. Gateways rewrite what they are sent: the same answer again is
// no drift, another one is.
type answers map[string]string

// changedTo names the arguments to which the gateway now answers differently.
func (a answers) changedTo(now answers) []string {
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

// settle forgets the answers to texts: some gateways answer a creation or a mail
// with what was sent, and rewrite it only afterwards.
func (a answers) settle(of invoiceAdapter) {
	for name := range a {
		if name != "amount" && name != "currency" && name != of.name()+".send" {
			delete(a, name)
		}
	}
}

// take brings the model in line with what the gateway shows, and the answers
// with it. importing: there is nothing applied yet, all values are the gateway's.
func (m *invoiceModel) take(ctx context.Context, f invoiceFinder, shown *shownInvoice, known answers, importing bool) {
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
	m.Amount, _ = argument("amount", m.Amount, shown.amount).(attributes.Decimal)
	m.Currency = text("currency", m.Currency, shown.currency)
	m.OrderID = text("order_id", m.OrderID, shown.orderID)
	m.CustomerID = text("customer_id", m.CustomerID, shown.customerID)

	if object := f.object(m); object != nil {
		inside := attributes.WithoutUnknowns(ctx, *object)
		for name, current := range inside {
			if value, ok := shown.arguments[name]; ok {
				inside[name] = argument(f.name()+"."+name, current, value)
			}
			if value, ok := shown.computed[name]; ok {
				inside[name] = value
			}
		}
		*object = types.ObjectValueMust(object.AttributeTypes(ctx), inside)
	}
	m.observed(shown)
	m.Gateway = types.StringValue(f.name())
}

// observed takes over what only the gateway knows.
func (m *invoiceModel) observed(shown *shownInvoice) {
	if shown.id == "" {
		m.ID = types.StringNull()
	} else {
		m.ID = attributes.KeepID(m.ID, values.ID(shown.id))
	}
	m.Paid = types.BoolValue(m.isPaid() || shown.wasPaid())
	m.URL = attributes.StringOrNull(shown.url)
	m.Status = attributes.StringOrNull(shown.status)
	m.GatewayStatus = attributes.StringOrNull(shown.gatewayStatus)
	m.PaymentID = attributes.StringOrNull(shown.paymentID)
	m.CreatedAt = attributes.TimeOrNull(shown.created)
	m.UpdatedAt = attributes.TimeOrNull(shown.updated)
	m.ExpiresAt = attributes.TimeOrNull(shown.expires)
	m.PaidAt = attributes.TimeOrNull(shown.paid)
}

// observedAttributes are the texts that only the gateway knows, and sending may change.
var observedAttributes = []string{"url", "status", "gateway_status", "payment_id", "created_at", "updated_at", "expires_at", "paid_at"}

// keepObserved fills in what a plan leaves open from the state.
func (m *invoiceModel) keepObserved(a invoiceAdapter, state *invoiceModel) {
	m.ID, m.Gateway, m.URL = state.ID, state.Gateway, state.URL
	m.Status, m.GatewayStatus, m.Paid, m.PaymentID = state.Status, state.GatewayStatus, state.Paid, state.PaymentID
	m.CreatedAt, m.UpdatedAt, m.ExpiresAt, m.PaidAt = state.CreatedAt, state.UpdatedAt, state.ExpiresAt, state.PaidAt
	object, before := a.object(m), a.object(state).Attributes()
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
