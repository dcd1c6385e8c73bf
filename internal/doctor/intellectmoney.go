package doctor

import (
	"context"
	"regexp"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

// recently is the period that is looked at first: few shops have too many invoices in it.
const recently = 31 * 24 * time.Hour

// beginning is before the first invoice of either gateway that has lists.
var beginning = time.Date(2008, 1, 1, 12, 0, 0, 0, time.UTC)

// intellectVisit is what is known of the history.
type intellectVisit struct {
	*visit
	client *intellectmoney.Client
	// period has invoices, and rows are its first page, by creation.
	period intellectmoney.Filter
	rows   []intellectmoney.Invoice
	// others are of the options, or came in another order.
	others []intellectmoney.Invoice
	// holding are those of all organisations.
	holding []intellectmoney.Invoice
	// take is how many invoices the gateway lets a page be asked for.
	take int
	// asked is when the rows were asked for.
	asked time.Time
	// isWhole reports whether the rows are all that the period has.
	isWhole bool
}

func (v *visit) askIntellectMoney(ctx context.Context, client *intellectmoney.Client) {
	m := &intellectVisit{visit: v, client: client, take: pageSize}
	// The first call asks for one invoice, so that it says nothing but whether it works.
	m.period = intellectmoney.Filter{From: time.Now().Add(-recently), To: time.Now().Add(24 * time.Hour)}
	a, _, err := m.glance(ctx, m.period, 0, 1, true)
	if !v.isAccepted(a, err) {
		if a.status() == 401 || saysBearer.Match(a.Body) {
			v.sees("intellectmoney_bearer_status", map[int]string{200: "200", 401: "401"}[a.status()])
		}
		return
	}
	if !refuses(err, saysTooMany) && m.isRefused("history", err) || !m.readFirstPage(ctx) {
		return
	}
	m.askNamed(ctx)
	m.compareOrders(ctx)
	m.compareHolding(ctx)
	m.compareBounds(ctx)
	m.askTransactions(ctx)
	// An invoice has ten digits. Whoever refuses another number shows where errors stand.
	a, _, err = m.glance(ctx, intellectmoney.Filter{InvoiceID: "0"}, 0, 1, true)
	v.fails(a, err)
	// The document has numbers of states; a public client sends names.
	byName := m.period
	byName.State = intellectmoney.StatePaid
	if a, _, err = m.glance(ctx, byName, 0, 1, true); !v.fails(a, err) && !refuses(err, saysTooMany) {
		v.sees("intellectmoney_checks", map[bool]string{true: "document", false: "clients"}[isRefusal(err)])
	}
}

var saysBearer = regexp.MustCompile(`(?i)bearer`)

// glance is one page as it comes.
func (m *intellectVisit) glance(ctx context.Context, f intellectmoney.Filter, skip, take int, isSorted bool) (a answer, rows []intellectmoney.Invoice, err error) {
	a, err = m.ask(func() (err error) {
		rows, err = m.client.Glance(ctx, f, skip, take, isSorted)
		return err
	})
	m.seeEnvelope(a, err)
	if err == nil {
		m.seeRows(a)
	}
	return a, rows, err
}

// seeEnvelope looks at what is around an answer.
func (m *intellectVisit) seeEnvelope(a answer, err error) {
	o := objectIn(a.json())
	if !o.has("OperationState") {
		return
	}
	m.sees("intellectmoney_envelope", map[bool]string{true: "table", false: "sample"}[o.has("OperationId")])
	operation, result := o.inner("OperationState").text("Code"), o.inner("Result").inner("State").text("Code")
	switch {
	case err == nil:
		m.sees("intellectmoney_warning", map[string]string{"0": "false", "1": "true"}[result])
	case isRefusal(err) && operation != "0" && !refuses(err, saysTooMany):
		m.sees("intellectmoney_errors", "operation")
	case isRefusal(err) && operation == "0":
		m.sees("intellectmoney_errors", "result")
	}
}

var (
	// «Слишком большое количество счетов. Уменьшите период выборки.» is the known text. It
	// stands where the sample has it.
	saysTooMany = regexp.MustCompile(`(?i)слишком\s+больш|уменьшите\s+период`)
	saysTake    = regexp.MustCompile(`\bTake\b`)
)

func refuses(err error, words *regexp.Regexp) bool {
	e, ok := transport.AsRefusal(err)
	return ok && words.MatchString(e.Text)
}

// pageSize is what the provider asks for.
const pageSize = 100

// readFirstPage reads a period that has a page of invoices, or as many as there are: the last month, less
// of it if that is too much, and everything if it has less than a page.
func (m *intellectVisit) readFirstPage(ctx context.Context) bool {
	isTooMuch := false
	for _, length := range []time.Duration{recently, recently / 4, recently / 30, time.Since(beginning)} {
		isShorter, isEver := length < recently, length > recently
		if isShorter && !isTooMuch || isEver && isTooMuch {
			continue
		}
		period, asked := intellectmoney.Filter{From: time.Now().Add(-length), To: m.period.To}, time.Now()
		a, rows, err := m.firstPage(ctx, period)
		if m.fails(a, err) {
			return false
		}
		isTooMuch = isTooMuch || refuses(err, saysTooMany)
		if len(rows) <= len(m.rows) {
			continue
		}
		m.period, m.rows, m.asked = period, rows, asked
		if m.findPageLimit(ctx); m.hasSeen("intellectmoney_max_take") || !m.isWhole || isTooMuch {
			break
		}
	}
	if len(m.rows) == 0 {
		m.add("history", "empty", OK, "The history has no invoice, so most of the dialect cannot be seen.")
	}
	return true
}

// firstPage asks for a full page, and for half of it where that is refused.
func (m *intellectVisit) firstPage(ctx context.Context, period intellectmoney.Filter) (answer, []intellectmoney.Invoice, error) {
	a, rows, err := m.glance(ctx, period, 0, m.take, true)
	if !refuses(err, saysTake) {
		return a, rows, err
	}
	m.sees("intellectmoney_long_take", "error")
	m.take = pageSize / 2
	a, rows, err = m.glance(ctx, period, 0, m.take, true)
	if err == nil {
		m.sees("intellectmoney_max_take", "50")
	}
	return a, rows, err
}

// findPageLimit finds out how many invoices a page has at most, and what becomes of one that is
// asked for more.
func (m *intellectVisit) findPageLimit(ctx context.Context) {
	m.isWhole = false
	if m.hasSeen("intellectmoney_max_take") {
		return
	}
	full := len(m.rows) >= pageSize
	if !full {
		a, more, err := m.glance(ctx, m.period, len(m.rows), pageSize, true)
		if m.fails(a, err) || err != nil {
			return
		}
		if len(more) > 0 {
			m.sees("intellectmoney_max_take", itoa(len(m.rows)))
			m.sees("intellectmoney_long_take", "cut")
			return
		}
		m.isWhole = true
	}
	a, rows, err := m.glance(ctx, m.period, 0, pageSize+1, true)
	switch {
	case refuses(err, saysTake):
		m.sees("intellectmoney_long_take", "error")
		m.sees("intellectmoney_max_take", itoa(pageSize))
	case m.fails(a, err):
	case full && len(rows) == pageSize:
		m.sees("intellectmoney_long_take", "cut")
		m.sees("intellectmoney_max_take", itoa(pageSize))
	case full:
		m.cannotSee("A page has more than the 100 invoices that the provider asks for.", "intellectmoney_max_take", "intellectmoney_long_take")
	}
}

// askNamed looks at invoices of the options.
func (m *intellectVisit) askNamed(ctx context.Context) {
	for _, id := range m.wanted(m.options.Invoices, func(id string) bool { return isDigits(id) && len(id) == 10 }) {
		var invoice *intellectmoney.Invoice
		a, err := m.ask(func() (err error) {
			invoice, err = m.client.FindInvoice(ctx, id)
			return err
		})
		m.checkObject("invoice", id, invoice != nil, err)
		if !m.fails(a, err) && invoice != nil {
			m.seeRows(a)
			m.others = append(m.others, *invoice)
		}
	}
}
