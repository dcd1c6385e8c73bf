package paykeeper

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

var (
	errNoID      = errors.New("it holds no id")
	errNoSuccess = errors.New("it does not say success")
)

// searchPage is the size of a page in vendors' SDKs. A search that returns so many may
// have more, so it proves no absence.
const searchPage = 100

// CreateInvoiceRequest is what preview takes (section 3.4). Only the amount is
// mandatory; what is empty is not sent.
type CreateInvoiceRequest struct {
	Amount      values.Decimal // roubles
	ClientID    string
	OrderID     string // not unique: several invoices may have it
	ServiceName string
	Cart        Cart   // travels inside service_name, as do the next two
	Language    string // of the page to pay on: ru or en
	ResultURL   string // where the payer is sent from that page
	ClientEmail string
	ClientPhone string
	Expiry      string // YYYY-MM-DD, the first day on which it cannot be paid
}

// NewInvoice is what preview answers, without its HTML.
type NewInvoice struct {
	ID  values.ID
	URL string // the page to pay on
	// Twins are open invoices of the same order and amount that were there before. One
	// of them may be from a run that was killed.
	Twins []string
	// Paid are those that were paid.
	Paid []string
	// TwinsCut reports whether there may be others, since the search found too many.
	TwinsCut bool
}

// CreateInvoice issues an invoice (section 3.4), which is not mailed to anyone.
//
// Every preview makes a new invoice. When its outcome is unclear, the invoice is
// searched for by its order id. One that has appeared since the call began is taken. If
// none has, and the search is known to find order ids, the call is repeated. Without an
// order id or a search, or with any doubt about what is found, the error stays unclear.
// The search needs to know what was there before, so a call with an order id costs one
// search more.
func (c *Client) CreateInvoice(ctx context.Context, request CreateInvoiceRequest) (*NewInvoice, error) {
	form, err := request.form()
	if err != nil {
		return nil, c.gateway.NotSent(pathPreview, err)
	}
	create := func(ctx context.Context) (*NewInvoice, error) { return c.preview(ctx, form) }
	if request.OrderID == "" {
		return create(ctx)
	}
	unlock, err := c.gateway.Lock(ctx, pathPreview, request.OrderID)
	if err != nil {
		return nil, err
	}
	defer unlock()

	started := time.Now()
	before := c.before(ctx, request.OrderID, started)
	withTwins := func(created *NewInvoice, err error) (*NewInvoice, error) {
		if err == nil {
			created.Twins = before.same(request.Amount, func(one *Invoice) bool { return one.IsOpen(started) })
			created.Paid, created.TwinsCut = before.same(request.Amount, (*Invoice).IsPaid), before.isCut
		}
		return created, err
	}
	if !before.isRecentKnown {
		// An invoice that is found later may have been there before.
		return withTwins(create(ctx))
	}
	old := make(map[values.ID]bool, len(before.orders))
	for i := range before.orders {
		old[before.orders[i].ID] = true
	}
	return withTwins(transport.CreateByKey(ctx, c.gateway, pathPreview, create,
		func(ctx context.Context) (*NewInvoice, error) {
			found, err := c.searchOrder(ctx, request.OrderID, searchStart(started))
			if err == nil && found.isFull {
				err = fmt.Errorf("the search for order %q returns a full page and may have more", request.OrderID)
			}
			if err != nil {
				return nil, err
			}
			mine, err := request.pick(found.same, old, started)
			if mine == nil && err == nil && len(found.same) == 0 {
				err = c.proveSearch(ctx)
			}
			if mine == nil || err != nil {
				return nil, err
			}
			c.refresh.noteWritten(mine.ID)
			return &NewInvoice{ID: mine.ID, URL: c.InvoiceURL(string(mine.ID))}, nil
		},
		func(*NewInvoice) error { return nil }))
}

func (r CreateInvoiceRequest) form() (url.Values, error) {
	name, err := r.serviceName().Format()
	if err != nil {
		return nil, err
	}
	form := url.Values{"pay_amount": {r.Amount.Money()}}
	for field, value := range map[string]string{
		"clientid": r.ClientID, "orderid": r.OrderID, "service_name": name,
		"client_email": r.ClientEmail, "client_phone": r.ClientPhone, "expiry": r.Expiry,
	} {
		if value != "" {
			form.Set(field, value)
		}
	}
	return form, nil
}

func (r CreateInvoiceRequest) serviceName() ServiceName {
	return ServiceName{Name: r.ServiceName, Cart: r.Cart, Language: r.Language, ResultURL: r.ResultURL}
}

func (c *Client) preview(ctx context.Context, form url.Values) (*NewInvoice, error) {
	body, answer, err := c.change(ctx, pathPreview, form)
	if err != nil {
		return nil, err
	}
	created, err := parsePreview(body)
	if err != nil {
		return nil, c.unusable(pathPreview, answer, err)
	}
	c.refresh.noteWritten(created.ID)
	if created.URL == "" {
		created.URL = c.InvoiceURL(string(created.ID))
	}
	return created, nil
}

func parsePreview(body []byte) (*NewInvoice, error) {
	var wire struct {
		ID  values.ID   `json:"invoice_id"`
		URL values.Text `json:"invoice_url"`
	}
	if err := readSingle(body, &wire); err != nil {
		return nil, err
	}
	if wire.ID == "" {
		return nil, errNoID
	}
	created := &NewInvoice{ID: wire.ID}
	// Anything but a full URL would not be one to pay on.
	if page, err := url.Parse(string(wire.URL)); err == nil && page.IsAbs() && page.Host != "" {
		created.URL = string(wire.URL)
	}
	return created, nil
}

// searched is what a search has found under an order id. A full page may be a part of it.
type searched struct {
	same   []Invoice
	isFull bool
}

// searchOrder looks for the invoices with an order id, from a day until now. It asks for
// a day more on both sides, since no document says whether both are included.
func (c *Client) searchOrder(ctx context.Context, orderID string, from time.Time) (s searched, err error) {
	found, err := c.SearchInvoices(ctx, orderID, from, time.Now().Add(values.ClockTolerance).AddDate(0, 0, 1))
	for _, one := range found {
		if values.SameID(string(one.OrderID), orderID) {
			s.same = append(s.same, one)
		}
	}
	s.isFull = len(found) >= searchPage
	return s, err
}

// searchStart is the first day of a search for what was made since a call began.
func searchStart(started time.Time) time.Time {
	return started.Add(-values.ClockTolerance).AddDate(0, 0, -1)
}

var errSearchUnproven = errors.New("this server has not shown yet that its search finds invoices by their order ids, so finding none does not prove that there is none")

// proveSearch looks for an invoice that is there. What the search compares, and how
// late it is, is not documented.
func (c *Client) proveSearch(ctx context.Context) error {
	known := c.seen.Load()
	if known == nil {
		return errSearchUnproven
	}
	found, err := c.SearchInvoices(ctx, string(known.OrderID), known.Created.AddDate(0, 0, -1), known.Created.AddDate(0, 0, 1))
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(found, func(one Invoice) bool { return one.ID == known.ID }) {
		return errSearchUnproven
	}
	return nil
}

// pick finds the invoice that this call has made among those under its order id. It
// returns nil when there is no new one, and an error when a new one is not certainly
// ours.
func (r CreateInvoiceRequest) pick(found []Invoice, old map[values.ID]bool, started time.Time) (*Invoice, error) {
	var mine []*Invoice
	fresh := 0
	for i := range found {
		one := &found[i]
		if old[one.ID] {
			continue
		}
		fresh++
		// The gateway writes whole seconds. No time at all is before any.
		earliest := started.Add(-values.ClockTolerance).Truncate(time.Second)
		if r.isResult(one) && one.IsOpen(time.Now()) && !one.Created.Before(earliest) {
			mine = append(mine, one)
		}
	}
	switch {
	case fresh == 0:
		return nil, nil
	case len(mine) == 1:
		return mine[0], nil
	case len(mine) > 1:
		return nil, fmt.Errorf("order %q has %d new invoices like this one", r.OrderID, len(mine))
	}
	return nil, fmt.Errorf("order %q has a new invoice that is not like this one", r.OrderID)
}

// isResult reports whether an invoice is what this request makes.
func (r CreateInvoiceRequest) isResult(i *Invoice) bool {
	sent, err := r.serviceName().Format()
	if err != nil {
		return false
	}
	return i.Amount.Equal(r.Amount.Decimal) && values.SameID(string(i.ClientID), r.ClientID) && values.SameID(string(i.OrderID), r.OrderID) &&
		ParseServiceName(string(i.ServiceName)).equal(ParseServiceName(sent)) && string(i.ClientEmail) == r.ClientEmail && string(i.ClientPhone) == r.ClientPhone
}
