package provider

import (
	"context"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// historyReader is a gateway that has a history.
type historyReader interface {
	name() string
	lookUp(req datasource.ReadRequest, resp *datasource.ReadResponse) bool
	// statuses are those that the history can show, in our words.
	statuses() []string
	// takesMoments reports whether a period may begin and end at any moment, not only
	// with a day.
	takesMoments() bool
	// zone is that of days.
	zone() *time.Location
	// own describes what only this gateway can select by, nil for nothing.
	own() schema.Attribute
	checkOwn(ctx context.Context, own types.Object, diags *diag.Diagnostics)
	// read returns all that matches, newest first.
	read(ctx context.Context, query historyQuery, diags *diag.Diagnostics) ([]historyRow, error)
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
