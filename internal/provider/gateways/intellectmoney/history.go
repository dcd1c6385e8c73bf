package intellectmoney

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

var statuses = map[string]string{
	intellectmoney.StateCreated: gateway.StatusCreated, intellectmoney.StatePartPaid: "partially_paid", intellectmoney.StatePaid: gateway.StatusPaid,
	intellectmoney.StateToPaid: "processing", intellectmoney.StateRefund: "refunded", intellectmoney.StateHeld: "held",
}

// Statuses are those that the history can show.
func (*Gateway) Statuses() []string {
	return []string{gateway.StatusCreated, "partially_paid", gateway.StatusPaid, "processing", "refunded", "held"}
}

// TakesMoments reports that a period may begin and end at any moment.
func (*Gateway) TakesMoments() bool { return true }

// Zone is that of days.
func (*Gateway) Zone() *time.Location { return values.Moscow }

// Filter is what only IntellectMoney can select by.
type Filter struct {
	EshopID             types.String `tfsdk:"eshop_id"`
	OrganizationID      types.String `tfsdk:"organization_id"`
	OwnerEmail          types.String `tfsdk:"owner_email"`
	ChangedAfter        types.String `tfsdk:"changed_after"`
	ChangedBefore       types.String `tfsdk:"changed_before"`
	IncludeTransactions types.Bool   `tfsdk:"include_transactions"`
	HoldingSearch       types.Bool   `tfsdk:"holding_search"`
	WithRefunds         types.Bool   `tfsdk:"with_refunds"`
	Details             types.Bool   `tfsdk:"details"`
}

// FilterSchema describes [Filter].
func (*Gateway) FilterSchema() schema.Attribute {
	number := func(about string, digits int) schema.StringAttribute {
		return schema.StringAttribute{Optional: true, MarkdownDescription: about, Validators: []validator.String{attributes.IsNumber(digits)}}
	}
	day := func(about string) schema.StringAttribute {
		return schema.StringAttribute{Optional: true, MarkdownDescription: about, Validators: []validator.String{attributes.IsDayOrMoment()}}
	}
	flag := func(about string) schema.BoolAttribute {
		return schema.BoolAttribute{Optional: true, MarkdownDescription: about}
	}
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "Filters that only IntellectMoney has. Source: «Получение списка СКО», «Тело запроса».",
		Attributes: map[string]schema.Attribute{
			"eshop_id":        number("The shop's number, up to 6 digits.", 6),
			"organization_id": number("The organization's number, up to 5 digits.", 5),
			"owner_email": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The payer's e-mail address, up to 100 characters.",
				Validators:          []validator.String{attributes.IsEmail(), stringvalidator.UTF8LengthAtMost(100)},
			},
			"changed_after":        day("The first day of their last change in Moscow, or the first moment (RFC 3339). Inclusive."),
			"changed_before":       day("The last day or moment. Inclusive."),
			"include_transactions": flag("Whether to read `transactions`."),
			"holding_search":       flag("Whether to search all organizations of the holding. `organization_id` and `eshop_id` narrow the search."),
			"with_refunds":         flag("Only invoices with refunds."),
			"details": flag("Whether to show more: `operation_id`, the object `intellectmoney` of each invoice, and the further attributes of its transactions, " +
				"if `include_transactions` is true. The gateway is asked for the same either way. The state grows: by about a kilobyte for each invoice."),
		},
	}
}

// CheckFilter looks at the period of changes.
func (*Gateway) CheckFilter(ctx context.Context, object types.Object, diags *diag.Diagnostics) {
	own := attributes.ReadObject[Filter](ctx, object, diags)
	gateway.CheckPeriod("intellectmoney.changed_after", own.ChangedAfter, "intellectmoney.changed_before", own.ChangedBefore, diags)
}

// ReadHistory reads the invoices of the period.
func (g *Gateway) ReadHistory(ctx context.Context, query gateway.HistoryQuery, diags *diag.Diagnostics) (gateway.History, error) {
	own := attributes.ReadObject[Filter](ctx, query.Filter, diags)
	changed := gateway.NewPeriod(own.ChangedAfter, own.ChangedBefore, values.Moscow)
	created, wideChanged := query.Created.Widened(), changed.Widened()
	details := own.Details.ValueBool()
	invoices, operationID, err := g.Client.History(ctx, intellectmoney.Filter{
		From: created.From, To: created.Until, ChangedFrom: wideChanged.From, ChangedTo: wideChanged.Until,
		EshopID: own.EshopID.ValueString(), OrganizationID: own.OrganizationID.ValueString(), OwnerEmail: own.OwnerEmail.ValueString(),
		Transactions: own.IncludeTransactions.ValueBool(), HoldingSearch: own.HoldingSearch.ValueBool(), WithRefunds: own.WithRefunds.ValueBool(),
		Details: details,
	})
	if err != nil {
		return gateway.History{}, err
	}
	rows := make([]gateway.HistoryRow, 0, len(invoices))
	for i := range invoices {
		one := &invoices[i]
		if (changed == gateway.Period{} || changed.Contains(one.Changed.Time)) && query.Includes(one.Created, statusOf(one)) {
			rows = append(rows, historyRow(one, own.IncludeTransactions.ValueBool()))
		}
	}
	history := gateway.History{Rows: rows}
	if details { // else every read would change the state
		history.OperationID = attributes.StringOrNull(operationID)
	}
	return history, nil
}

func statusOf(i *intellectmoney.Invoice) string {
	if ours, known := statuses[string(i.State)]; known {
		return ours
	}
	return string(i.State)
}

func historyRow(i *intellectmoney.Invoice, transactions bool) gateway.HistoryRow {
	row := gateway.HistoryRow{
		ID:               types.StringValue(string(i.ID)),
		OrderID:          attributes.StringOrNull(string(i.OrderID)),
		CustomerEmail:    attributes.StringOrNull(string(i.OwnerEmail)),
		Amount:           attributes.NewMoney(i.Amount.Amount),
		PaidAmount:       attributes.NullDecimal(),
		CurrentAmount:    attributes.NewMoney(i.Current.Amount),
		Currency:         attributes.StringOrNull(string(i.Amount.Currency)),
		Status:           attributes.StringOrNull(statusOf(i)),
		GatewayStatus:    attributes.StringOrNull(string(i.State)),
		EshopID:          attributes.StringOrNull(string(i.EshopID)),
		OrganizationName: attributes.StringOrNull(string(i.Organization)),
		RRN:              attributes.StringOrNull(string(i.RRN)),
		CreatedAt:        attributes.TimeOrNull(i.Created),
		UpdatedAt:        attributes.TimeOrNull(i.Changed),
		ExpiresAt:        attributes.TimeOrNull(i.Expires),
	}
	if i.IsPaid() {
		row.PaidAmount = row.Amount
	}
	if i.Details != nil {
		row.IntellectMoney = detailsOf(i)
	}
	if !transactions {
		return row
	}
	row.Transactions = make([]gateway.HistoryTransaction, 0, len(i.Transactions))
	for _, one := range i.Transactions {
		row.Transactions = append(row.Transactions, historyTransaction(&one))
	}
	return row
}

// Find looks an invoice up by its id. All that it shows is common to the gateways.
func (g *Gateway) Find(ctx context.Context, known *gateway.Invoice) (*gateway.ShownInvoice, error) {
	invoice, err := g.Client.FindInvoice(ctx, known.ID.ValueString())
	if invoice == nil || err != nil {
		return nil, err
	}
	return &gateway.ShownInvoice{
		ID: string(invoice.ID), Status: statusOf(invoice), GatewayStatus: string(invoice.State),
		Amount: attributes.NewMoney(invoice.Amount.Amount), Currency: string(invoice.Amount.Currency), OrderID: string(invoice.OrderID),
		Created: invoice.Created, Updated: invoice.Changed, Expires: invoice.Expires,
	}, nil
}
