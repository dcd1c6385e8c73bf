package provider

import (
	"cmp"
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	apigateway "github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

type refundModel struct {
	ID               types.String         `tfsdk:"id"`
	Gateway          types.String         `tfsdk:"gateway"`
	PaymentID        types.String         `tfsdk:"payment_id"`
	Amount           attributes.Decimal   `tfsdk:"amount"`
	Receipt          types.List           `tfsdk:"receipt"`
	RefundCart       types.List           `tfsdk:"refund_cart"`
	Currency         types.String         `tfsdk:"currency"`
	Reason           types.String         `tfsdk:"reason"`
	Status           types.String         `tfsdk:"status"`
	PaymentMethod    types.Object         `tfsdk:"payment_method"`
	CustomParameters jsontypes.Normalized `tfsdk:"custom_parameters"`
	CreatedAt        timetypes.RFC3339    `tfsdk:"created_at"`
	UpdatedAt        timetypes.RFC3339    `tfsdk:"updated_at"`

	// These are Terraform's alone: no gateway hears of them.
	Sequence           types.Int64    `tfsdk:"sequence"`
	DeletionProtection types.Bool     `tfsdk:"deletion_protection"`
	Timeouts           timeouts.Value `tfsdk:"timeouts"`
}

// refundArguments are what reaches the gateway.
var refundArguments = remote.Table[refundModel, gateway.ShownRefund]{
	{Name: "gateway"},
	{Name: "payment_id", Answer: func(r *gateway.ShownRefund) attr.Value { return attributes.StringOrNull(r.PaymentID) }},
	{Name: "amount", Answer: func(r *gateway.ShownRefund) attr.Value { return attributes.MoneyOrNull(r.Amount) }},
	{Name: "receipt"},
	{Name: "refund_cart"},
	{Name: "currency", Answer: func(r *gateway.ShownRefund) attr.Value { return attributes.CurrencyOrNull(r.Currency) }},
	{Name: "reason", Answer: func(r *gateway.ShownRefund) attr.Value { return attributes.StringOrNull(r.Reason) }, IsRewritten: true},
}

// defaultRefunder is the gateway of a refund that names none.
const defaultRefunder = apigateway.Name

// refundIdentity is the identity of the resource. Where a refund is found by its id alone, the
// other two are null.
type refundIdentity struct {
	ID        types.String `tfsdk:"id"`
	Gateway   types.String `tfsdk:"gateway"`
	PaymentID types.String `tfsdk:"payment_id"`
}

// identity names the refund for Terraform. One with an unknown outcome has no id, and the
// framework insists on an identity.
func (m *refundModel) identity() any {
	identity := refundIdentity{ID: m.ID, Gateway: types.StringNull(), PaymentID: types.StringNull()}
	if m.ID.IsNull() {
		identity.ID = types.StringValue(ledger.StatusUnknown + "/" + m.PaymentID.ValueString())
	}
	if m.traits().IsOfPayment {
		identity.Gateway, identity.PaymentID = m.Gateway, m.PaymentID
	}
	return identity
}

// importID is what a refund with this id can be imported by.
func (m *refundModel) importID(id string) string {
	if m.traits().IsOfPayment {
		return m.Gateway.ValueString() + "/" + strings.TrimSpace(m.PaymentID.ValueString()) + "/" + id
	}
	return id
}

// traits are those of its gateway, none while that is not known.
func (m *refundModel) traits() gateway.RefundTraits {
	refunder := refunderOf(gateway.Select[gateway.Refunder](unconfigured), m)
	if refunder == nil {
		return gateway.RefundTraits{}
	}
	return refunder.RefundTraits()
}

// refunderOf returns the gateway of a refund, nil while it is not known.
func refunderOf(refunders []gateway.Refunder, m *refundModel) gateway.Refunder {
	if m.Gateway.IsUnknown() {
		return nil
	}
	refunder, _ := gateway.Named(refunders, cmp.Or(m.Gateway.ValueString(), defaultRefunder))
	return refunder
}

// order is what the gateway is asked for.
func (m *refundModel) order(run *ledger.Run) *gateway.RefundOrder {
	one := m.outgoing()
	return &gateway.RefundOrder{
		PaymentID: m.PaymentID, Currency: m.Currency, Reason: m.Reason, Amount: m.Amount, Receipt: m.Receipt, Cart: m.RefundCart, Sequence: m.Sequence.ValueInt64(),
		IsHeld: func(id string) bool { return one.IsHeldByOther(run, m.importID(id)) },
	}
}

// applyRemote takes what only the gateway knows.
func (m *refundModel) applyRemote(refund *gateway.ShownRefund) {
	m.ID = attributes.KeepID(m.ID, values.ID(refund.ID))
	m.Status = attributes.StringOrNull(refund.Status)
	m.PaymentMethod = refund.PaymentMethod
	if m.PaymentMethod.IsNull() {
		m.PaymentMethod = types.ObjectNull(gateway.RefundMethodTypes)
	}
	m.CustomParameters = refund.CustomParameters
	m.CreatedAt = attributes.TimeOrNull(refund.Created)
	m.UpdatedAt = attributes.TimeOrNull(refund.Updated)
}

// markUnknown makes it a refund that was sent and never answered.
func (m *refundModel) markUnknown() {
	m.applyRemote(&gateway.ShownRefund{})
	m.ID = types.StringNull()
	m.Status = types.StringValue(ledger.StatusUnknown)
}

func (m *refundModel) isUnclear() bool { return ledger.IsUnclear(m.ID, m.Status) }

// isFailed reports whether the gateway said that it made no refund.
func (m *refundModel) isFailed() bool { return gateway.IsFailedRefund(m.Status.ValueString()) }

// fillIn puts the defaults where an import, or a state of an older version, has
// nothing.
func (m *refundModel) fillIn() {
	if m.Gateway.IsNull() {
		m.Gateway = types.StringValue(defaultRefunder)
	}
	if m.Sequence.IsNull() {
		m.Sequence = types.Int64Value(defaultSequence)
	}
	if m.DeletionProtection.IsNull() {
		m.DeletionProtection = types.BoolValue(true)
	}
}

// isUnread reports whether nothing but its key is known: it is being imported or moved here.
func (m *refundModel) isUnread() bool { return m.Amount.IsNull() }

// applyImport takes everything that the gateway gives back. Generated configuration needs a
// receipt where it is mandatory, and it never comes back.
func (m *refundModel) applyImport(refund *gateway.ShownRefund) {
	if m.traits().NeedsReceipt {
		m.Receipt = types.ListValueMust(m.Receipt.ElementType(context.Background()), nil)
	}
	refundArguments.Import(m, refund)
	if refund.Sequence > 0 {
		m.Sequence = types.Int64Value(refund.Sequence)
	}
	if m.Amount.IsNull() {
		// Nobody has confirmed an amount: no configuration may claim one.
		m.Amount = attributes.NewMoney(&refund.Amount)
	}
}

const aboutBonuses = "Bonus points used for paying: a decimal, which may have a fraction and be negative (guide, section 7.2.7, field 5.5)."
