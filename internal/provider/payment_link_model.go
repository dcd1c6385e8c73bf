package provider

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
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
}

type idIdentity struct {
	ID types.String `tfsdk:"id"`
}

// paymentLinkRewritable are what the gateway rewrites, or tells in its own way:
// after an import the configuration may say something else.
var paymentLinkRewritable = []string{"description", "terminal_id"}

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

// arguments are what reaches the gateway; when_unpayable does not.
func (m *paymentLinkModel) arguments() []attributes.Argument {
	return []attributes.Argument{
		{Name: "terminal_id", Value: m.TerminalID},
		{Name: "amount", Value: m.Amount},
		{Name: "receipt", Value: m.Receipt},
		{Name: "currency", Value: m.Currency},
		{Name: "order_id", Value: m.OrderID},
		{Name: "description", Value: m.Description},
		{Name: "payment_method", Value: m.PaymentMethod},
		{Name: "success_url", Value: m.SuccessURL},
		{Name: "fail_url", Value: m.FailURL},
		{Name: "custom_parameters", Value: m.CustomParameters},
		{Name: "transaction_type", Value: m.TransactionType},
	}
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
		Receipt:          receiptItems(ctx, m.Receipt, diags),
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

// observed takes over what only the gateway knows.
func (m *paymentLinkModel) observed(payment *invoiceapi.Payment) {
	m.ID = attributes.KeepID(m.ID, payment.ID)
	m.URL = attributes.StringOrNull(payment.URL)
	m.Paid = types.BoolValue(m.wasPaid() || payment.WasPaid())
	m.Status = attributes.StringOrNull(payment.Status)
	m.StatusDescription = attributes.StringOrNull(string(payment.StatusDescription))
	m.CreatedAt = attributes.TimeOrNull(payment.Created)
	m.UpdatedAt = attributes.TimeOrNull(payment.Updated)
	m.ExpiresAt = attributes.TimeOrNull(payment.Expires)
}

// unclear is the state of a link whose creation was sent and never answered.
func (m *paymentLinkModel) unclear() {
	m.observed(&invoiceapi.Payment{})
	m.ID = types.StringNull()
	m.Status = types.StringValue(ledger.StatusUnknown)
}

// compare brings the arguments that come back in line with the gateway: as
// applied while its answer is the one it gave at creation, as it now is when
// not, and as it is after an import.
func (m *paymentLinkModel) compare(remembered echo, payment *invoiceapi.Payment) {
	answer := paymentAnswer(payment)
	value := func(name string) string {
		if _, known := remembered[name]; known && answer[name] == "" {
			return remembered[name].Applied // what does not come back has not changed
		}
		text, _ := remembered.seen(name, answer[name])
		return text
	}
	m.Amount = attributes.NullDecimal()
	if text := value("amount"); text != "" {
		m.Amount = attributes.NewDecimal(text)
	}
	m.Currency = attributes.StringOrNull(value("currency"))
	m.OrderID = attributes.StringOrNull(value("order_id"))
	m.Description = attributes.StringOrNull(value("description"))
	m.CustomParameters = jsontypes.NewNormalizedNull()
	if text := value("custom_parameters"); text != "" {
		m.CustomParameters = jsontypes.NewNormalizedValue(text)
	}
}

// imported takes everything that the gateway gives back, and defaults. Generated
// configuration needs a receipt, which no gateway gives back.
func (m *paymentLinkModel) imported(payment *invoiceapi.Payment) {
	m.WhenUnpayable = types.StringValue(unpayableKeep)
	m.Receipt = types.ListValueMust(m.Receipt.ElementType(context.Background()), nil)
	m.compare(nil, payment)
	if method := payment.Method.PaymentMethod; method != nil {
		m.TerminalID = attributes.StringOrNull(string(method.TerminalID))
	}
}

// linkDrift says what the gateway now has instead of what was applied.
func linkDrift(remembered echo, payment *invoiceapi.Payment) []string {
	answer := paymentAnswer(payment)
	var drift []string
	for _, name := range []string{"amount", "currency", "order_id", "description", "custom_parameters"} {
		if _, drifted := remembered.seen(name, answer[name]); drifted && answer[name] != "" {
			drift = append(drift, fmt.Sprintf("%s: %q was applied, the gateway now has %q", name, remembered[name].Applied, answer[name]))
		}
	}
	return drift
}

func (m *paymentLinkModel) applied() map[string]string {
	return map[string]string{
		"amount":            m.Amount.ValueString(),
		"currency":          m.Currency.ValueString(),
		"order_id":          m.OrderID.ValueString(),
		"description":       m.Description.ValueString(),
		"custom_parameters": m.CustomParameters.ValueString(),
	}
}

// paymentAnswer is the gateway's answer in the words of the attributes, for the
// echo: "" is none.
func paymentAnswer(payment *invoiceapi.Payment) map[string]string {
	amount := ""
	if !payment.Order.Amount.IsZero() {
		amount = payment.Order.Amount.Money()
	}
	return map[string]string{
		"amount":            amount,
		"currency":          attributes.PlainCurrency(payment.Order.Currency),
		"order_id":          string(payment.Order.ID),
		"description":       payment.Order.Description,
		"custom_parameters": attributes.CanonicalJSON(payment.CustomParameters),
	}
}
