package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/mask"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

type refundModel struct {
	ID               types.String         `tfsdk:"id"`
	PaymentID        types.String         `tfsdk:"payment_id"`
	Amount           attributes.Decimal   `tfsdk:"amount"`
	Receipt          types.List           `tfsdk:"receipt"`
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
var refundArguments = remote.Table[refundModel, invoiceapi.Refund]{
	{Name: "payment_id", Answer: func(r *invoiceapi.Refund) attr.Value { return attributes.StringOrNull(string(r.PaymentID)) }},
	{Name: "amount", Answer: func(r *invoiceapi.Refund) attr.Value { return attributes.MoneyOrNull(r.Refund.Amount) }},
	{Name: "receipt"},
	{Name: "currency", Answer: func(r *invoiceapi.Refund) attr.Value { return attributes.CurrencyOrNull(r.Refund.Currency) }},
	{Name: "reason", Answer: func(r *invoiceapi.Refund) attr.Value { return attributes.StringOrNull(r.Refund.Reason) }, IsRewritten: true},
}

func (m *refundModel) identity() any {
	if m.ID.IsNull() {
		// A refund with an unknown outcome has no id, and the framework insists on
		// an identity.
		return idIdentity{ID: types.StringValue(ledger.StatusUnknown + "/" + m.PaymentID.ValueString())}
	}
	return idIdentity{ID: m.ID}
}

func (m *refundModel) request(ctx context.Context, diags *diag.Diagnostics) invoiceapi.CreateRefundRequest {
	return invoiceapi.CreateRefundRequest{
		PaymentID: m.PaymentID.ValueString(),
		Refund: invoiceapi.RefundOrder{
			Currency: m.Currency.ValueString(),
			Amount:   attributes.OrZero(m.Amount.Number()),
			Reason:   m.Reason.ValueString(),
		},
		Receipt: receiptItems(ctx, m.Receipt, diags),
	}
}

// applyRemote takes what only the gateway knows.
func (m *refundModel) applyRemote(refund *invoiceapi.Refund) {
	m.ID = attributes.KeepID(m.ID, refund.ID)
	m.Status = attributes.StringOrNull(refund.Status)
	m.PaymentMethod = refundMethod(refund.Method.PaymentMethod)
	m.CustomParameters = attributes.JSONOrNull(refund.CustomParameters)
	m.CreatedAt = attributes.TimeOrNull(refund.Created)
	m.UpdatedAt = attributes.TimeOrNull(refund.Updated)
}

// markUnknown makes it a refund that was sent and never answered.
func (m *refundModel) markUnknown() {
	m.applyRemote(&invoiceapi.Refund{})
	m.ID = types.StringNull()
	m.Status = types.StringValue(ledger.StatusUnknown)
}

func (m *refundModel) isUnclear() bool { return ledger.IsUnclear(m.ID, m.Status) }

// isFailed reports whether the gateway said that it made no refund.
func (m *refundModel) isFailed() bool {
	return (&invoiceapi.Refund{Status: m.Status.ValueString()}).IsFailed()
}

// fillIn puts the defaults where an import, or a state of an older version, has
// nothing.
func (m *refundModel) fillIn() {
	if m.Sequence.IsNull() {
		m.Sequence = types.Int64Value(defaultSequence)
	}
	if m.DeletionProtection.IsNull() {
		m.DeletionProtection = types.BoolValue(true)
	}
}

// applyImport takes everything that the gateway gives back. Generated configuration needs a
// receipt, which never comes back.
func (m *refundModel) applyImport(refund *invoiceapi.Refund) {
	m.Receipt = types.ListValueMust(m.Receipt.ElementType(context.Background()), nil)
	refundArguments.Import(m, refund)
	if m.Amount.IsNull() {
		// Nobody has confirmed an amount: no configuration may claim one.
		m.Amount = attributes.NewMoney(&refund.Refund.Amount)
	}
}

var refundMethodTypes = map[string]attr.Type{
	"terminal_id": types.StringType,
	"type":        types.StringType,
	"account":     types.StringType,
	"funds":       attributes.DecimalType{},
	"bonuses":     attributes.DecimalType{},
}

const aboutBonuses = "Bonus points used for paying: a decimal, which may have a fraction and be negative (guide, section 7.2.7, field 5.5)."

// refundMethod maps fields 5.1–5.5 of section 7.2.7.
func refundMethod(method *invoiceapi.PaymentMethod) types.Object {
	if method == nil {
		return types.ObjectNull(refundMethodTypes)
	}
	bonuses := attributes.NullDecimal()
	if method.Bonuses != nil {
		bonuses = attributes.NewDecimal(method.Bonuses.String())
	}
	return types.ObjectValueMust(refundMethodTypes, map[string]attr.Value{
		"terminal_id": attributes.StringOrNull(string(method.TerminalID)),
		"type":        attributes.StringOrNull(method.Type),
		"account":     attributes.StringOrNull(mask.Cards(method.Account)), // the guide has it masked already
		"funds":       attributes.NewMoney(method.Funds),
		"bonuses":     bonuses,
	})
}
