package provider

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	apigateway "github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

// Values of when_unpayable.
const (
	unpayableKeep  = "keep"
	unpayableRenew = "renew"
)

// transactionTypes maps transaction_type to the guide's trtype (section 7.2.3).
var transactionTypes = map[string]int{
	"payment":   invoiceapi.TransactionPayment,
	"hold":      invoiceapi.TransactionHold,
	"recurring": invoiceapi.TransactionRecurring,
}

type paymentLinkModel struct {
	ID                types.String         `tfsdk:"id"`
	TerminalID        types.String         `tfsdk:"terminal_id"`
	Amount            attributes.Decimal   `tfsdk:"amount"`
	Receipt           types.List           `tfsdk:"receipt"`
	Currency          types.String         `tfsdk:"currency"`
	OrderID           types.String         `tfsdk:"order_id"`
	Description       types.String         `tfsdk:"description"`
	PaymentMethod     types.String         `tfsdk:"payment_method"`
	SuccessURL        types.String         `tfsdk:"success_url"`
	FailURL           types.String         `tfsdk:"fail_url"`
	CustomParameters  jsontypes.Normalized `tfsdk:"custom_parameters"`
	TransactionType   types.String         `tfsdk:"transaction_type"`
	WhenUnpayable     types.String         `tfsdk:"when_unpayable"`
	URL               types.String         `tfsdk:"url"`
	Status            types.String         `tfsdk:"status"`
	Paid              types.Bool           `tfsdk:"paid"`
	StatusDescription types.String         `tfsdk:"status_description"`
	CreatedAt         timetypes.RFC3339    `tfsdk:"created_at"`
	UpdatedAt         timetypes.RFC3339    `tfsdk:"updated_at"`
	ExpiresAt         timetypes.RFC3339    `tfsdk:"expires_at"`
	Timeouts          timeouts.Value       `tfsdk:"timeouts"`
}

type idIdentity struct {
	ID types.String `tfsdk:"id"`
}

// paymentLinkArguments are what reaches the gateway; when_unpayable does not.
var paymentLinkArguments = remote.Table[paymentLinkModel, invoiceapi.Payment]{
	{Name: "terminal_id", Answer: terminalOfPayment, IsForImport: true, IsRewritten: true},
	{Name: "amount", Answer: func(p *invoiceapi.Payment) attr.Value { return attributes.MoneyOrNull(p.Order.Amount) }},
	{Name: "receipt"},
	{Name: "currency", Answer: func(p *invoiceapi.Payment) attr.Value { return attributes.CurrencyOrNull(p.Order.Currency) }},
	{Name: "order_id", Answer: func(p *invoiceapi.Payment) attr.Value { return attributes.StringOrNull(string(p.Order.ID)) }},
	{Name: "description", Answer: func(p *invoiceapi.Payment) attr.Value { return attributes.StringOrNull(p.Order.Description) }, IsRewritten: true, IsSettledLater: true},
	{Name: "payment_method"},
	{Name: "success_url"},
	{Name: "fail_url"},
	{Name: "custom_parameters", Answer: func(p *invoiceapi.Payment) attr.Value { return attributes.JSONOrNull(p.CustomParameters) }, IsSettledLater: true},
	{Name: "transaction_type"},
}

// terminalOfPayment is the terminal as the gateway calls it, which may not be what it was sent.
func terminalOfPayment(payment *invoiceapi.Payment) attr.Value {
	if method := payment.Method.PaymentMethod; method != nil {
		return attributes.StringOrNull(string(method.TerminalID))
	}
	return types.StringNull()
}

func (m *paymentLinkModel) identity() any {
	if m.ID.IsNull() {
		// The framework insists on one, also while only the order id is known.
		return idIdentity{ID: m.OrderID}
	}
	return idIdentity{ID: m.ID}
}

// importID is what the link can be imported by, and looked up.
func (m *paymentLinkModel) importID() string {
	if m.ID.IsNull() {
		return orderPrefix + m.OrderID.ValueString()
	}
	return m.ID.ValueString()
}

func (m *paymentLinkModel) name() string {
	if m.ID.IsNull() {
		return fmt.Sprintf("payment of order %q", m.OrderID.ValueString())
	}
	return "payment " + m.ID.ValueString()
}

// wasPaid reports whether the link was ever seen paid. States of older versions
// say so by its status alone.
func (m *paymentLinkModel) wasPaid() bool {
	return m.Paid.ValueBool() || (&invoiceapi.Payment{Status: m.Status.ValueString()}).WasPaid()
}

func (m *paymentLinkModel) request(ctx context.Context, diags *diag.Diagnostics) invoiceapi.CreatePaymentRequest {
	return invoiceapi.CreatePaymentRequest{
		Order: invoiceapi.Order{
			Currency:    m.Currency.ValueString(),
			Amount:      attributes.OrZero(m.Amount.Number()),
			Description: m.Description.ValueString(),
			ID:          values.ID(m.OrderID.ValueString()),
		},
		Settings: invoiceapi.PaymentSettings{
			TerminalID:    m.TerminalID.ValueString(),
			PaymentMethod: m.PaymentMethod.ValueString(),
			SuccessURL:    m.SuccessURL.ValueString(),
			FailURL:       m.FailURL.ValueString(),
		},
		CustomParameters: json.RawMessage(m.CustomParameters.ValueString()),
		Receipt:          apigateway.ReceiptItems(ctx, m.Receipt, diags),
		TransactionType:  transactionTypes[m.TransactionType.ValueString()],
	}
}

// newOrderID makes an order id of 32 hex digits, the length that the guide
// gives, random enough to be nobody else's.
func newOrderID() string {
	var raw [16]byte
	_, _ = rand.Read(raw[:]) // never fails since Go 1.24
	return hex.EncodeToString(raw[:])
}

// applyRemote takes what only the gateway knows.
func (m *paymentLinkModel) applyRemote(payment *invoiceapi.Payment) {
	m.ID = attributes.KeepID(m.ID, payment.ID)
	m.URL = attributes.StringOrNull(payment.URL)
	m.Paid = types.BoolValue(m.wasPaid() || payment.WasPaid())
	m.Status = attributes.StringOrNull(payment.Status)
	m.StatusDescription = attributes.StringOrNull(string(payment.StatusDescription))
	m.CreatedAt = attributes.TimeOrNull(payment.Created)
	m.UpdatedAt = attributes.TimeOrNull(payment.Updated)
	m.ExpiresAt = attributes.TimeOrNull(payment.Expires)
}

// markUnknown makes it a link whose creation was sent and never answered.
func (m *paymentLinkModel) markUnknown() {
	m.applyRemote(&invoiceapi.Payment{})
	m.ID = types.StringNull()
	m.Status = types.StringValue(ledger.StatusUnknown)
}

// applyImport takes everything that the gateway gives back, and defaults. Generated
// configuration needs a receipt, which no gateway gives back.
func (m *paymentLinkModel) applyImport(payment *invoiceapi.Payment) {
	m.WhenUnpayable = types.StringValue(unpayableKeep)
	m.Receipt = types.ListValueMust(m.Receipt.ElementType(context.Background()), nil)
	paymentLinkArguments.Import(m, payment)
}
