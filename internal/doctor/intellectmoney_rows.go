package doctor

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

func itoa(n int) string { return strconv.Itoa(n) }

// optionalFields are those of the sample that an invoice may lack.
var optionalFields = []string{"ExpirationDate", "OwnerEmail", "OwnerFIO", "PurchaseOrderId", "Rrn", "OrganizationName", "MerchantReceipt"}

// seeRows looks at how invoices are written.
func (m *intellectVisit) seeRows(a answer) {
	for _, row := range rowsIn(objectIn(a.json()).inner("Result")["InvoicesHistoryList"]) {
		m.sees("intellectmoney_id", map[string]string{"number": "number", "string": "string"}[row.kind("Id")])
		m.sees("intellectmoney_offset", offsetOf(row.text("CreationDate")))
		m.sees("intellectmoney_comment", map[bool]string{true: "shown", false: "omitted"}[row.has("Comment")])
		for _, name := range optionalFields {
			switch {
			case !row.has(name):
				m.sees("intellectmoney_absent", "omitted")
			case row.kind(name) == "null":
				m.sees("intellectmoney_absent", "null")
			}
		}
		m.seeAmounts(row)
	}
}

var withOffset = regexp.MustCompile(`T[\d:.]+(?:(Z)|([+-]\d\d:?\d\d))$`)

func offsetOf(date string) string {
	switch match := withOffset.FindStringSubmatch(date); {
	case date == "":
		return ""
	case match == nil:
		return "naive"
	case match[1] != "":
		return "+00:00"
	default:
		return match[2]
	}
}

// seeAmounts goes by zeros at the end. One that is there decides. An amount that ends with
// another digit says nothing.
func (m *intellectVisit) seeAmounts(row object) {
	isTrimmed := false
	for _, name := range []string{"Amount", "OriginalAmount", "CurrentAmount", "SurchargeAmount"} {
		_, fraction, _ := strings.Cut(row.inner(name).text("Amount"), ".")
		if len(fraction) == 2 && strings.HasSuffix(fraction, "0") {
			m.sees("intellectmoney_amount", "scale")
		}
		isTrimmed = isTrimmed || len(fraction) == 1
	}
	if isTrimmed {
		m.sees("intellectmoney_amount", "trimmed")
	}
}

// directionOf says which end of a list is the newest, "" where it cannot be told.
func directionOf(rows []intellectmoney.Invoice, newest, oldest string) string {
	falls, rises := false, false
	for n := 1; n < len(rows); n++ {
		switch compared := rows[n].Created.Compare(rows[n-1].Created.Time); {
		case compared < 0:
			falls = true
		case compared > 0:
			rises = true
		}
	}
	switch {
	case falls && !rises:
		return newest
	case rises && !falls:
		return oldest
	}
	return ""
}

// compareOrders looks which invoices come first, with and without a SortOrder.
func (m *intellectVisit) compareOrders(ctx context.Context) {
	if len(m.rows) < 2 {
		return
	}
	m.sees("intellectmoney_sort", directionOf(m.rows, "descending", "ascending"))
	a, rows, err := m.glance(ctx, m.period, 0, pageSize/2, false)
	if !m.fails(a, err) {
		m.sees("intellectmoney_order", directionOf(rows, "newest", "oldest"))
		m.others = append(m.others, rows...)
	}
}

// maxMorePages is how many pages are read to find an invoice of a whole second. Nearly every
// hundredth is one.
const maxMorePages = 4

// moment is that of the creation or of the last change of an invoice.
type moment struct {
	of        values.ID
	at        time.Time
	isChanged bool
	// isOfHolding means that only a search of the holding finds it.
	isOfHolding bool
}

// filter selects the invoice.
func (m moment) filter() intellectmoney.Filter {
	return intellectmoney.Filter{InvoiceID: string(m.of), HoldingSearch: m.isOfHolding}
}

// period begins and ends so long before or after the moment.
func (m moment) period(before, after time.Duration) intellectmoney.Filter {
	f, from, to := m.filter(), m.at.Add(-before), m.at.Add(after)
	if m.isChanged {
		f.ChangedFrom, f.ChangedTo = from, to
	} else {
		f.From, f.To = from, to
	}
	return f
}

// ofWholeSecond returns a moment of one of the invoices that is a whole second, as those of filters are.
func ofWholeSecond(rows []intellectmoney.Invoice) *moment {
	for _, row := range rows {
		for n, at := range []values.Time{row.Created, row.Changed} {
			if !at.IsZero() && at.Nanosecond() == 0 {
				return &moment{of: row.ID, at: at.Time, isChanged: n == 1}
			}
		}
	}
	return nil
}

// findWholeSecond looks for such a moment, on further pages too.
func (m *intellectVisit) findWholeSecond(ctx context.Context) *moment {
	found := ofWholeSecond(slices.Concat(m.others, m.rows))
	for skip, pages := len(m.rows), 0; found == nil && pages < maxMorePages && skip > 0 && !m.isWhole; pages++ {
		a, more, err := m.glance(ctx, m.period, skip, m.take, true)
		if m.fails(a, err) || len(more) == 0 {
			break
		}
		found = ofWholeSecond(more)
		skip += len(more)
	}
	if found == nil {
		if found = ofWholeSecond(m.holding); found != nil {
			found.isOfHolding = true
		}
	}
	return found
}

// compareBounds asks for periods that begin or end with the moment of an invoice.
func (m *intellectVisit) compareBounds(ctx context.Context) {
	found := m.findWholeSecond(ctx)
	if found == nil {
		return
	}
	selects := func(f intellectmoney.Filter) bool {
		a, rows, err := m.glance(ctx, f, 0, 10, true)
		return !m.fails(a, err) && slices.ContainsFunc(rows, func(one intellectmoney.Invoice) bool { return one.ID == found.of })
	}
	isIn := func(before, after time.Duration) bool { return selects(found.period(before, after)) }
	if !selects(found.filter()) {
		return // it is another organisation's
	}
	if !isIn(time.Minute, time.Minute) {
		m.cannotSee("An invoice is not found in the very minute in which it was made.", "intellectmoney_dates")
		m.add("periods", "shifted", Warning, "An invoice is not found in the very minute in which it was made, so the gateway may take periods in another zone than Moscow's. "+
			"Ask invoice_history for a day more on either side, and compare.")
		return
	}
	switch first, last := isIn(0, time.Minute), isIn(time.Minute, 0); {
	case first && last:
		m.sees("intellectmoney_dates", "inclusive")
	case first:
		m.sees("intellectmoney_dates", "half-open")
	case !last:
		m.sees("intellectmoney_dates", "exclusive")
	}
}

// compareHolding looks for an invoice of another organisation in the time of those that are known.
// Where its own are less than a page, all of them may be more.
func (m *intellectVisit) compareHolding(ctx context.Context) {
	if len(m.rows) == 0 {
		return
	}
	byAge := func(a, b intellectmoney.Invoice) int { return a.Created.Compare(b.Created.Time) }
	period := m.period
	period.HoldingSearch = true
	if !m.isWhole {
		period.From, period.To = slices.MinFunc(m.rows, byAge).Created.Time, slices.MaxFunc(m.rows, byAge).Created.Time
	}
	a, rows, err := m.glance(ctx, period, 0, m.take, true)
	if err != nil {
		m.fails(a, err) // a refusal: not everyone has a holding
		return
	}
	m.holding = rows
	known, organizations := map[string]bool{}, map[string]bool{}
	for _, one := range m.rows {
		known[string(one.ID)], organizations[string(one.Organization)] = true, true
	}
	latest := m.asked.Add(-time.Minute) // what came later was not there to be shown
	isMissing := func(one intellectmoney.Invoice) bool {
		return !known[string(one.ID)] && !organizations[string(one.Organization)] && !one.Created.After(latest)
	}
	switch {
	case slices.ContainsFunc(rows, isMissing):
		m.sees("intellectmoney_holding", "own")
	case len(organizations) > 1:
		m.sees("intellectmoney_holding", "all")
	}
	if m.isWhole && !m.hasSeen("intellectmoney_max_take") && len(rows) > 0 {
		holding := &intellectVisit{visit: m.visit, client: m.client, take: m.take, period: period, rows: rows}
		holding.findPageLimit(ctx)
	}
}

// askTransactions looks at an invoice to which money has come, without the flag and with it.
func (m *intellectVisit) askTransactions(ctx context.Context) {
	paid := []string{intellectmoney.StatePaid, intellectmoney.StateRefund, intellectmoney.StateHeld, intellectmoney.StatePartPaid}
	seen := slices.Concat(m.others, m.rows)
	at := slices.IndexFunc(seen, func(i intellectmoney.Invoice) bool { return slices.Contains(paid, string(i.State)) })
	if at < 0 {
		return
	}
	for _, isAsked := range []bool{false, true} {
		a, _, err := m.glance(ctx, intellectmoney.Filter{InvoiceID: string(seen[at].ID), Transactions: isAsked}, 0, 10, true)
		if m.fails(a, err) {
			return
		}
		for _, row := range rowsIn(objectIn(a.json()).inner("Result")["InvoicesHistoryList"]) {
			switch {
			case len(rowsIn(row["HistoryList"])) > 0:
				m.sees("intellectmoney_transactions", map[bool]string{true: "flag", false: "always"}[isAsked])
			case len(rowsIn(row["PaymentTransactions"])) > 0:
				m.sees("intellectmoney_transactions", "separate")
			}
		}
	}
}
