package intellectmoney

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/lazyregexp"
)

const (
	// The maximum of Take is not documented: what is refused is halved.
	pageSize, minPageSize = 100, 10
	// sortByCreation keeps invoices from moving between the pages.
	sortByCreation = "1"
	// sideBySide is how many periods are read at the same time.
	sideBySide = 4
	filterTime = "2006-01-02 15:04:05"
)

// ErrTooMany is the cause when even one day has more invoices than the gateway selects
// at once.
var ErrTooMany = errors.New("even one day holds more invoices than the gateway selects at once; narrow the selection, by shop for example")

// ErrSkipIgnored is the cause when the second page is the first one again.
var ErrSkipIgnored = errors.New("the gateway ignores Skip: its second page is the first one again, so no more than one page can be read; narrow the selection, by days or by shop, until it fits one")

// Filter selects invoices; zero fields do not count. Times are sent as Moscow time,
// without an offset.
type Filter struct {
	EshopID        string
	InvoiceID      string
	From, To       time.Time // of creation
	ChangedFrom    time.Time
	ChangedTo      time.Time
	Transactions   bool // answers hold transactions
	HoldingSearch  bool
	OrganizationID string
	OwnerEmail     string
	WithRefunds    bool   // only invoices with refunds
	State          string // a history does without it
	Details        bool   // keeps [Details], which take memory; the gateway is asked for the same
}

// History returns all invoices that a filter selects, each once, newest first.
// A selection that is too large for the gateway is read in smaller periods, of
// a day at the least. operationID is the gateway's name for its last answer, "" for none.
//
// The filter for states is not used: an invoice that changes its state while
// the pages are read would leave the list, and another one would be missed.
func (c *Client) History(ctx context.Context, filter Filter) (all []Invoice, operationID string, err error) {
	seen := map[values.ID]bool{}
	for periods := []Filter{filter}; len(periods) > 0; {
		results := make([]periodResult, len(periods))
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(sideBySide)
		for n, period := range periods {
			group.Go(func() (err error) {
				results[n], err = c.readPeriod(ctx, period)
				return err
			})
		}
		if err := group.Wait(); err != nil {
			return nil, "", err
		}
		periods = nil
		for _, result := range results {
			operationID = cmp.Or(result.operationID, operationID)
			periods = append(periods, result.halves...)
			for i := range result.invoices {
				if one := &result.invoices[i]; !seen[one.ID] {
					seen[one.ID] = true
					all = append(all, *one)
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b Invoice) int { return values.NewestFirst(a.Created, b.Created, a.ID, b.ID) })
	return all, operationID, nil
}

// periodResult is what a period holds, or its halves when that is too much.
type periodResult struct {
	invoices    []Invoice
	halves      []Filter
	operationID string
}

func (c *Client) readPeriod(ctx context.Context, period Filter) (periodResult, error) {
	size := int(c.pageSize.Load())
	read := pages{client: c, period: period}
	invoices, err := transport.List[Invoice]{
		Size: size,
		ID:   func(i *Invoice) values.ID { return i.ID },
		Tied: func(a, b *Invoice) bool { return a.Created.Equal(b.Created.Time) },
		Page: read.next,
	}.ReadAll(ctx)
	if refuses(err, saysTake()) && size/2 >= minPageSize {
		c.pageSize.CompareAndSwap(int64(size), int64(size/2))
		return c.readPeriod(ctx, period)
	}
	unsettled := errors.Is(err, transport.ErrUnsettled)
	if !unsettled && !refuses(err, saysTooMany()) {
		return periodResult{invoices: invoices, operationID: read.operationID}, err
	}
	halves := period.halves(time.Now())
	switch {
	case halves == nil && unsettled:
		return periodResult{}, c.gateway.Error(pathHistory, &transport.Error{Outcome: transport.Refused, Cause: err})
	case halves == nil:
		tooMany := &transport.Error{Outcome: transport.Refused, Cause: fmt.Errorf("%w (%s)", ErrTooMany, period.From.In(values.Moscow).Format(time.DateOnly))}
		if e, ok := errors.AsType[*transport.Error](err); ok {
			tooMany.Status, tooMany.Code, tooMany.Text = e.Status, e.Code, e.Text
		}
		return periodResult{}, c.gateway.Error(pathHistory, tooMany)
	}
	return periodResult{halves: halves}, nil
}

// pages reads the pages of a period, one after the other.
type pages struct {
	client      *Client
	period      Filter
	calls       int
	first       []Invoice
	operationID string // of the last page
}

// next reads a page. If the second page is the first one again, and full, every page would be.
func (p *pages) next(ctx context.Context, skip, take int) ([]Invoice, error) {
	page, operationID, err := p.client.page(ctx, p.period, skip, take)
	p.calls++
	switch sameID := func(a, b Invoice) bool { return a.ID == b.ID }; {
	case err != nil:
		return nil, err
	case p.calls == 1:
		p.first = page
	case p.calls == 2 && len(page) >= take && slices.EqualFunc(page, p.first, sameID):
		return nil, p.client.gateway.Error(pathHistory, &transport.Error{Outcome: transport.Refused, Cause: ErrSkipIgnored})
	}
	p.operationID = operationID
	return page, nil
}

// beginning is before the first invoice that the gateway can have.
var beginning = time.Date(2008, 1, 1, 0, 0, 0, 0, values.Moscow)

// halves returns nil for a period of a day. Whether both ends are included is not
// documented, so the halves share two seconds.
func (f Filter) halves(now time.Time) []Filter {
	from, to := f.From, f.To
	if from.IsZero() {
		from = beginning
	}
	if to.IsZero() {
		to = now.Add(24 * time.Hour)
	}
	if to.Sub(from) <= 24*time.Hour {
		return nil
	}
	middle := from.Add(to.Sub(from) / 2).Truncate(time.Second)
	early, late := f, f
	early.From, early.To = from, middle.Add(time.Second)
	late.From, late.To = middle.Add(-time.Second), to
	return []Filter{late, early}
}

// FindInvoice looks an invoice up by its id, of the user's own organization, then
// of the holding; nil when there is none in either.
func (c *Client) FindInvoice(ctx context.Context, id string) (*Invoice, error) {
	for _, holding := range []bool{false, true} {
		invoices, _, err := c.page(ctx, Filter{InvoiceID: id, HoldingSearch: holding}, 0, minPageSize)
		if holding && err != nil && transport.OutcomeOf(err) == transport.Refused {
			break // not everyone has a holding
		}
		if err != nil {
			return nil, err
		}
		if at := slices.IndexFunc(invoices, func(one Invoice) bool { return string(one.ID) == id }); at >= 0 {
			return &invoices[at], nil
		}
	}
	return nil, nil
}

// page is one getInvoicesHistory, in the order of creation.
func (c *Client) page(ctx context.Context, f Filter, skip, take int) (invoices []Invoice, operationID string, err error) {
	return c.ordered(ctx, f, skip, take, sortByCreation)
}

// Glance is one getInvoicesHistory as it is: nothing is read on, halved or put in order. Without
// a SortOrder the order is the gateway's.
func (c *Client) Glance(ctx context.Context, f Filter, skip, take int, isSorted bool) ([]Invoice, error) {
	order := ""
	if isSorted {
		order = sortByCreation
	}
	invoices, _, err := c.ordered(ctx, f, skip, take, order)
	return invoices, err
}

func (c *Client) ordered(ctx context.Context, f Filter, skip, take int, order string) (invoices []Invoice, operationID string, err error) {
	err = c.withUserToken(ctx, func(token string) error {
		fields := f.fields()
		if f.State != "" {
			fields["State"] = f.State
		}
		fields["UserToken"], fields["Take"] = token, strconv.Itoa(take)
		if skip > 0 {
			fields["Skip"] = strconv.Itoa(skip)
		}
		signed := make([]string, 0, len(signedFields))
		for _, name := range signedFields {
			signed = append(signed, fields[name])
		}
		if order != "" {
			fields["SortOrder"] = order
		}
		answer, err := c.post(ctx, pathHistory, fields, []string{token}, signed...)
		if err != nil {
			return err
		}
		operationID = string(answer.OperationID)
		if invoices, err = parseInvoices(answer.Result, f.Details); err != nil {
			return c.gateway.Error(pathHistory, &transport.Error{Outcome: transport.Refused, Cause: fmt.Errorf("the answer cannot be read: %w", err)})
		}
		return nil
	})
	return invoices, operationID, err
}

// signedFields is the order of the signature. State and SortOrder are not in it.
var signedFields = []string{
	"UserToken", "Skip", "Take", "EshopId", "InvoiceId", "DateFrom", "DateTo", "ChangeDateFrom", "ChangeDateTo",
	"IncludePaymentTransactions", "IsHoldingSearch", "OrganizationId", "OwnerEmail", "WithRefunds",
}

func (f Filter) fields() map[string]string {
	moment := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(values.Moscow).Format(filterTime)
	}
	flag := map[bool]string{true: "true"}
	fields := map[string]string{
		"EshopId":                    f.EshopID,
		"InvoiceId":                  f.InvoiceID,
		"DateFrom":                   moment(f.From),
		"DateTo":                     moment(f.To),
		"ChangeDateFrom":             moment(f.ChangedFrom),
		"ChangeDateTo":               moment(f.ChangedTo),
		"IncludePaymentTransactions": flag[f.Transactions],
		"IsHoldingSearch":            flag[f.HoldingSearch],
		"OrganizationId":             f.OrganizationID,
		"OwnerEmail":                 f.OwnerEmail,
		"WithRefunds":                flag[f.WithRefunds],
	}
	maps.DeleteFunc(fields, func(_, value string) bool { return value == "" })
	return fields
}

var (
	// «Слишком большое количество счетов. Уменьшите период выборки.» is the known text.
	saysTooMany = lazyregexp.New(`(?i)слишком\s+больш|уменьшите\s+период`)
	saysTake    = lazyregexp.New(`\bTake\b`)
)

// refuses reports whether the gateway itself refused, in such words.
func refuses(err error, words *regexp.Regexp) bool {
	e, ok := transport.AsRefusal(err)
	return ok && words.MatchString(e.Text)
}
