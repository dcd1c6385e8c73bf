package gateway

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// HistoryReader is a gateway that has a history.
type HistoryReader interface {
	Gateway
	// Statuses are those that the history can show, in our words.
	Statuses() []string
	// TakesMoments reports whether a period may begin and end at any moment, not only
	// with a day.
	TakesMoments() bool
	// Zone is that of days.
	Zone() *time.Location
	// ReadHistory returns all that matches, newest first.
	ReadHistory(ctx context.Context, query HistoryQuery, diags *diag.Diagnostics) (History, error)
}

// HistoryFilterer is a history that can select by more than what is common.
type HistoryFilterer interface {
	HistoryReader
	// FilterSchema describes the object by which only this gateway can select.
	FilterSchema() schema.Attribute
	CheckFilter(ctx context.Context, filter types.Object, diags *diag.Diagnostics)
}

// InvoiceLister is a gateway that lists invoices which it could have issued for Terraform.
type InvoiceLister interface {
	InvoiceAdapter
	HistoryReader
	// ListInvoices shows what matches, newest first, each once, as soon as the gateway has shown
	// it. Only if isWhole does an invoice have all that Find shows. An error with an invoice is
	// about this one alone; one without an invoice is the end.
	ListInvoices(ctx context.Context, query HistoryQuery, isWhole bool) iter.Seq2[*ShownInvoice, error]
}

// Period is a span of time; zero ends are open.
type Period struct{ From, Until time.Time }

// Contains reports whether a moment belongs to the period: its beginning does, its end
// does not.
func (p Period) Contains(t time.Time) bool {
	return (p.From.IsZero() || !t.Before(p.From)) && (p.Until.IsZero() || t.Before(p.Until))
}

// Widened is two days longer at both ends. No document says whether a gateway includes
// the ends, or in which time zone it reads them. The caller leaves out what is too much.
func (p Period) Widened() Period {
	if !p.From.IsZero() {
		p.From = p.From.AddDate(0, 0, -2)
	}
	if !p.Until.IsZero() {
		p.Until = p.Until.AddDate(0, 0, 2)
	}
	return p
}

// NewPeriod reads two ends that both belong to the period: days in a zone, or
// moments (RFC 3339).
func NewPeriod(after, before types.String, zone *time.Location) (p Period) {
	if from, _, ok := attributes.ParseDay(after.ValueString(), zone); ok {
		p.From = from
	}
	if _, until, ok := attributes.ParseDay(before.ValueString(), zone); ok {
		p.Until = until
	}
	return p
}

// CheckPeriod adds an error when a period ends before it begins.
func CheckPeriod(afterName string, after types.String, beforeName string, before types.String, diags *diag.Diagnostics) {
	if p := NewPeriod(after, before, values.Moscow); !p.From.IsZero() && !p.Until.IsZero() && !p.From.Before(p.Until) {
		diags.AddAttributeError(attributes.Path(beforeName), "The period ends before it begins",
			fmt.Sprintf("Attribute %s is %s, and %s is %s.", afterName, after.ValueString(), beforeName, before.ValueString()))
	}
}

// HistoryQuery is what a gateway is asked for.
type HistoryQuery struct {
	Created  Period
	Statuses []string // ours; none means all
	Filter   types.Object
}

// Wants reports whether invoices with a status are asked for.
func (q HistoryQuery) Wants(status string) bool {
	return len(q.Statuses) == 0 || slices.Contains(q.Statuses, status)
}

// Includes reports whether an invoice that the gateway found belongs to the answer. The
// gateway was asked for the period, so an invoice without a readable time is kept.
func (q HistoryQuery) Includes(created values.Time, status string) bool {
	return (created.IsZero() || q.Created.Contains(created.Time)) && q.Wants(status)
}

// History is what a gateway answers.
type History struct {
	Rows []HistoryRow
	// OperationID is the gateway's name for its answer, for its support; null for none.
	OperationID types.String
}

// HistoryRow is one invoice, the same for all gateways. What a gateway does not
// tell is null.
type HistoryRow struct {
	ID               types.String         `tfsdk:"id"`
	OrderID          types.String         `tfsdk:"order_id"`
	CustomerID       types.String         `tfsdk:"customer_id"`
	CustomerEmail    types.String         `tfsdk:"customer_email"`
	CustomerPhone    types.String         `tfsdk:"customer_phone"`
	Description      types.String         `tfsdk:"description"`
	Amount           attributes.Decimal   `tfsdk:"amount"`
	PaidAmount       attributes.Decimal   `tfsdk:"paid_amount"`
	CurrentAmount    attributes.Decimal   `tfsdk:"current_amount"`
	Currency         types.String         `tfsdk:"currency"`
	Status           types.String         `tfsdk:"status"`
	GatewayStatus    types.String         `tfsdk:"gateway_status"`
	PaymentID        types.String         `tfsdk:"payment_id"`
	EshopID          types.String         `tfsdk:"eshop_id"`
	OrganizationName types.String         `tfsdk:"organization_name"`
	RRN              types.String         `tfsdk:"rrn"`
	CreatedAt        timetypes.RFC3339    `tfsdk:"created_at"`
	UpdatedAt        timetypes.RFC3339    `tfsdk:"updated_at"`
	ExpiresAt        timetypes.RFC3339    `tfsdk:"expires_at"`
	PaidAt           timetypes.RFC3339    `tfsdk:"paid_at"`
	Transactions     []HistoryTransaction `tfsdk:"transactions"`
	// IntellectMoney is nil unless its details are asked for.
	IntellectMoney *IntellectMoneyDetails `tfsdk:"intellectmoney"`
}

// IntellectMoneyDetails are what only IntellectMoney tells of an invoice, and few want to know.
type IntellectMoneyDetails struct {
	HoldMode         types.Bool           `tfsdk:"hold_mode"`
	OriginalAmount   attributes.Decimal   `tfsdk:"original_amount"`
	SurchargeAmount  attributes.Decimal   `tfsdk:"surcharge_amount"`
	CustomerName     types.String         `tfsdk:"customer_name"`
	EshopName        types.String         `tfsdk:"eshop_name"`
	OrganizationName types.String         `tfsdk:"organization_name"`
	Recurrent        types.Bool           `tfsdk:"recurrent"`
	FormType         types.String         `tfsdk:"form_type"`
	Receipt          jsontypes.Normalized `tfsdk:"receipt"`
	AdditionalInfo   map[string]string    `tfsdk:"additional_info"`
}

// HistoryTransaction is a transaction of an invoice.
type HistoryTransaction struct {
	ID              types.String       `tfsdk:"id"`
	PaymentNumber   types.String       `tfsdk:"payment_number"`
	State           types.String       `tfsdk:"state"`
	Type            types.String       `tfsdk:"type"`
	Direction       types.String       `tfsdk:"direction"`
	InputType       types.String       `tfsdk:"input_type"`
	Amount          attributes.Decimal `tfsdk:"amount"`
	RecipientAmount attributes.Decimal `tfsdk:"recipient_amount"`
	Commission      attributes.Decimal `tfsdk:"commission"`
	Description     types.String       `tfsdk:"description"`
	CreatedAt       timetypes.RFC3339  `tfsdk:"created_at"`

	// These are null unless details are asked for.
	Account           types.String `tfsdk:"account"`
	PaymentAccount    types.String `tfsdk:"payment_account"`
	RecipientAccount  types.String `tfsdk:"recipient_account"`
	Currency          types.String `tfsdk:"currency"`
	RecipientCurrency types.String `tfsdk:"recipient_currency"`
	CardNumber        types.String `tfsdk:"card_number"`
	Country           types.String `tfsdk:"country"`
	Bank              types.String `tfsdk:"bank"`
	Email             types.String `tfsdk:"email"`
}
