package provider

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

type historyModel struct {
	historySelection
	Limit          types.Int64                   `tfsdk:"limit"`
	Offset         types.Int64                   `tfsdk:"offset"`
	Filters        gateway.Objects               `tfsdk:"-"`
	Invoices       []gateway.HistoryRow          `tfsdk:"invoices"`
	OperationID    types.String                  `tfsdk:"operation_id"`
	TotalCount     types.Int64                   `tfsdk:"total_count"`
	CountByStatus  map[string]int64              `tfsdk:"count_by_status"`
	AmountByStatus map[string]attributes.Decimal `tfsdk:"amount_by_status"`
}

// show fills in the answer from all rows that match, newest first.
func (m *historyModel) show(rows []gateway.HistoryRow) {
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
		sum.Decimal = sum.Add(attributes.OrZero(rows[i].Amount.Number()).Decimal)
		sums[status] = sum
	}
	m.AmountByStatus = map[string]attributes.Decimal{}
	for status, sum := range sums {
		m.AmountByStatus[status] = attributes.NewMoney(&sum)
	}
}

// withoutAmount returns the ids of the rows whose amount is not known.
func withoutAmount(rows []gateway.HistoryRow) []string {
	var ids []string
	for i := range rows {
		if rows[i].Amount.IsNull() {
			ids = append(ids, rows[i].ID.ValueString())
		}
	}
	return ids
}

// currencies of rows, each once.
func currencies(rows []gateway.HistoryRow) []string {
	var all []string
	for i := range rows {
		if one := rows[i].Currency.ValueString(); one != "" && !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	return all
}
