package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

// historySelection is what selects invoices of a gateway, in a history and in a list.
type historySelection struct {
	Gateway       types.String `tfsdk:"gateway"`
	CreatedAfter  types.String `tfsdk:"created_after"`
	CreatedBefore types.String `tfsdk:"created_before"`
	Statuses      types.List   `tfsdk:"statuses"`
}

// aboutDay documents a day that begins or ends a period.
func aboutDay[R gateway.HistoryReader](about string, readers []R) string {
	if !slices.ContainsFunc(readers, func(r R) bool { return r.TakesMoments() }) {
		return about + " `YYYY-MM-DD`, in the zone of `paykeeper.timezone` of the provider. Inclusive."
	}
	return about + " `YYYY-MM-DD` in Moscow (on PayKeeper, in the zone of `paykeeper.timezone` of the provider), or on IntellectMoney also a moment (RFC 3339). Inclusive."
}

// aboutStatuses documents which statuses each gateway can show.
func aboutStatuses[R gateway.HistoryReader](readers []R) string {
	all := make([]string, 0, len(readers))
	for _, r := range readers {
		all = append(all, r.Name()+": "+attributes.Quoted(r.Statuses()))
	}
	return strings.Join(all, "; ")
}

// check finds what this gateway's history cannot answer. Values may be unknown.
func (s *historySelection) check(r gateway.HistoryReader, diags *diag.Diagnostics) {
	for name, value := range map[string]types.String{"created_after": s.CreatedAfter, "created_before": s.CreatedBefore} {
		// What is no moment either has been refused before.
		_, _, isMoment := attributes.ParseDay(value.ValueString(), r.Zone())
		if problem := attributes.IsDate().Problem(value.ValueString()); problem != "" && isMoment && !r.TakesMoments() {
			diags.AddAttributeError(path.Root(name), "A day is needed",
				fmt.Sprintf("Attribute %s: the value %s. The history of %s begins and ends with a day: YYYY-MM-DD.", name, problem, r.Name()))
		}
	}
	gateway.CheckPeriod("created_after", s.CreatedAfter, "created_before", s.CreatedBefore, diags)
	for i, element := range s.Statuses.Elements() {
		status, _ := element.(types.String)
		if !status.IsUnknown() && !slices.Contains(r.Statuses(), status.ValueString()) {
			diags.AddAttributeError(path.Root("statuses").AtListIndex(i), "The history never shows this status",
				fmt.Sprintf("Attribute statuses[%d] is %q. The history of %s can show: %s.", i, status.ValueString(), r.Name(), attributes.Quoted(r.Statuses())))
		}
	}
}

// query is what the gateway is asked for.
func (s *historySelection) query(ctx context.Context, r gateway.HistoryReader, diags *diag.Diagnostics) gateway.HistoryQuery {
	query := gateway.HistoryQuery{Created: gateway.NewPeriod(s.CreatedAfter, s.CreatedBefore, r.Zone())}
	diags.Append(s.Statuses.ElementsAs(ctx, &query.Statuses, true)...)
	return query
}
