package doctor

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/intellectmoney"
)

func itoa(n int) string { return strconv.Itoa(n) }

// optionalFields are those of the sample that an invoice may lack.
var optionalFields = []string{"ExpirationDate", "OwnerEmail", "OwnerFIO", "PurchaseOrderId", "Rrn", "OrganizationName", "MerchantReceipt"}

// seeRows looks at how invoices are written.
func (m *intellectVisit) seeRows(a answer) {
	for _, row := range rowsIn(objectIn(a.json()).inner("Result")["InvoicesHistoryList"]) {
		m.sees("intellectmoney_id", map[string]string{"number": "number", "string": "string"}[row.kind("Id")])
		m.sees("intellectmoney_offset", offsetOf(row.text("CreationDate")))
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

// ofWholeSecond returns an invoice that was made in a whole second, which filters have.
func (m *intellectVisit) ofWholeSecond(ctx context.Context) *intellectmoney.Invoice {
	rows := m.rows
	for skip, pages := 0, 0; ; pages++ {
		for n := range rows {
			if made := rows[n].Created; !made.IsZero() && made.Nanosecond() == 0 {
				return &rows[n]
			}
		}
		if skip += len(rows); len(rows) == 0 || pages == maxMorePages || m.isWhole {
			return nil
		}
		a, more, err := m.glance(ctx, m.period, skip, m.take, true)
		if m.fails(a, err) || err != nil {
			return nil
		}
		rows = more
	}
}

// compareBounds asks for periods that begin or end with the moment of an invoice.
func (m *intellectVisit) compareBounds(ctx context.Context) {
	found := m.ofWholeSecond(ctx)
	if found == nil {
		return
	}
	id, moment := found.ID, found.Created.Time
	isIn := func(from, to time.Time) bool {
		a, rows, err := m.glance(ctx, intellectmoney.Filter{InvoiceID: string(id), From: from, To: to}, 0, 10, true)
		return !m.fails(a, err) && slices.ContainsFunc(rows, func(one intellectmoney.Invoice) bool { return one.ID == id })
	}
	before, after := moment.Add(-time.Minute), moment.Add(time.Minute)
	if !isIn(before, after) {
		m.cannotSee("An invoice is not found in the very minute in which it was made.", "intellectmoney_dates")
		m.add("periods", "shifted", Warning, "An invoice is not found in the very minute in which it was made, so the gateway may take periods in another zone than Moscow's. "+
			"Ask invoice_history for a day more on either side, and compare.")
		return
	}
	switch first, last := isIn(moment, after), isIn(before, moment); {
	case first && last:
		m.sees("intellectmoney_dates", "inclusive")
	case first:
		m.sees("intellectmoney_dates", "half-open")
	case !last:
		m.sees("intellectmoney_dates", "exclusive")
	}
}

// compareHolding looks for an invoice of another organisation.
func (m *intellectVisit) compareHolding(ctx context.Context) {
	if len(m.rows) == 0 {
		return
	}
	period := m.period
	period.HoldingSearch = true
	a, rows, err := m.glance(ctx, period, 0, m.take, true)
	if err != nil {
		m.fails(a, err) // a refusal: not everyone has a holding
		return
	}
	known, organizations := map[string]bool{}, map[string]bool{}
	oldest, newest := m.rows[0].Created.Time, m.rows[0].Created.Time
	for _, one := range m.rows {
		known[string(one.ID)], organizations[string(one.Organization)] = true, true
		if one.Created.Before(oldest) {
			oldest = one.Created.Time
		}
		if one.Created.After(newest) {
			newest = one.Created.Time
		}
	}
	if m.isWhole {
		oldest, newest = m.period.From, m.asked.Add(-time.Minute)
	}
	isMissing := func(one intellectmoney.Invoice) bool {
		return !known[string(one.ID)] && !organizations[string(one.Organization)] && !one.Created.Before(oldest) && !one.Created.After(newest)
	}
	switch {
	case slices.ContainsFunc(rows, isMissing):
		m.sees("intellectmoney_holding", "own")
	case len(organizations) > 1:
		m.sees("intellectmoney_holding", "all")
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
