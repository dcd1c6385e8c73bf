package provider

import (
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

type historyModel struct {
	Gateway        types.String                  `tfsdk:"gateway"`
	CreatedAfter   types.String                  `tfsdk:"created_after"`
	CreatedBefore  types.String                  `tfsdk:"created_before"`
	Statuses       types.List                    `tfsdk:"statuses"`
	Limit          types.Int64                   `tfsdk:"limit"`
	Offset         types.Int64                   `tfsdk:"offset"`
	IntellectMoney types.Object                  `tfsdk:"intellectmoney"`
	Invoices       []historyRow                  `tfsdk:"invoices"`
	TotalCount     types.Int64                   `tfsdk:"total_count"`
	CountByStatus  map[string]int64              `tfsdk:"count_by_status"`
	AmountByStatus map[string]attributes.Decimal `tfsdk:"amount_by_status"`
}

// historyRow is one invoice, the same for all gateways. What a gateway does not
// tell is null.
type historyRow struct {
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
	Transactions     []historyTransaction `tfsdk:"transactions"`
}

type historyTransaction struct {
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
}

// period is a span of time; zero ends are open.
type period struct{ from, until time.Time }

// contains: the beginning belongs to a period, its end does not.
func (p period) contains(t time.Time) bool {
	return (p.from.IsZero() || !t.Before(p.from)) && (p.until.IsZero() || t.Before(p.until))
}

// widened is two days longer at both ends: nobody says whether a gateway counts
// the ends, and in which time zone it reads them. What is too much is left out
// afterwards.
func (p period) widened() period {
	if !p.from.IsZero() {
		p.from = p.from.AddDate(0, 0, -2)
	}
	if !p.until.IsZero() {
		p.until = p.until.AddDate(0, 0, 2)
	}
	return p
}

// newPeriod reads two ends that both belong to the period: days in a zone, or
// moments (RFC 3339).
func newPeriod(after, before types.String, zone *time.Location) (p period) {
	if from, _, ok := attributes.ParseDay(after.ValueString(), zone); ok {
		p.from = from
	}
	if _, until, ok := attributes.ParseDay(before.ValueString(), zone); ok {
		p.until = until
	}
	return p
}

// historyQuery is what a gateway is asked for.
type historyQuery struct {
	created  period
	statuses []string // ours; none means all
	own      types.Object
}

func (q historyQuery) wants(status string) bool {
	return len(q.statuses) == 0 || slices.Contains(q.statuses, status)
}

// show fills in the answer from all rows that match, newest first.
func (m *historyModel) show(rows []historyRow) {
	m.TotalCount = types.Int64Value(int64(len(rows)))
	rows = rows[min(int(m.Offset.ValueInt64()), len(rows)):]
	if !m.Limit.IsNull() {
		rows = rows[:min(int(m.Limit.ValueInt64()), len(rows))]
	}
	m.Invoices = rows
	m.CountByStatus = map[string]int64{}
	sums := map[string]values.Decimal{}
	for i := range rows {
		status := rows[i].Status.ValueString()
		m.CountByStatus[status]++
		sum := sums[status]
		sum.Decimal = sum.Add(orZero(rows[i].Amount.Number()).Decimal)
		sums[status] = sum
	}
	m.AmountByStatus = map[string]attributes.Decimal{}
	for status, sum := range sums {
		m.AmountByStatus[status] = attributes.NewMoney(&sum)
	}
}

// withoutAmount returns the ids of the rows whose amount is not known.
func withoutAmount(rows []historyRow) []string {
	var ids []string
	for i := range rows {
		if rows[i].Amount.IsNull() {
			ids = append(ids, rows[i].ID.ValueString())
		}
	}
	return ids
}

// currencies of rows, each once.
func currencies(rows []historyRow) []string {
	var all []string
	for i := range rows {
		if one := rows[i].Currency.ValueString(); one != "" && !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	return all
}
