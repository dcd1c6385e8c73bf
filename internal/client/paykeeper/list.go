package paykeeper

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// Filter selects invoices by status and by the day of their creation (section
// 3.2). Created invoices are in no list. Start and End are sent as days in
// the server's zone; zero ones are not sent. The document does not say whether both
// days are included («после», «до»), so ask for a day more on either side and filter.
type Filter struct {
	Statuses   []string // sent, paid, expired; none means all of them
	Start, End time.Time
}

func (f Filter) query(zone *time.Location) url.Values {
	query := url.Values{}
	if len(f.Statuses) > 0 {
		query["status[]"] = f.Statuses
	}
	setDay(query, "start_date", f.Start, zone)
	setDay(query, "end_date", f.End, zone)
	return query
}

func setDay(query url.Values, name string, t time.Time, zone *time.Location) {
	if !t.IsZero() {
		query.Set(name, t.In(zone).Format(time.DateOnly))
	}
}

// Page is a part of a list: Limit invoices after the first From (section 3.2).
// Zeros are not sent.
type Page struct{ From, Limit int }

// ListInvoices returns invoices, newest first (section 3.2).
func (c *Client) ListInvoices(ctx context.Context, filter Filter, page Page) ([]Invoice, error) {
	query := filter.query(c.zone)
	if page.From > 0 {
		query.Set("from", strconv.Itoa(page.From))
	}
	if page.Limit > 0 {
		query.Set("limit", strconv.Itoa(page.Limit))
	}
	return c.list(ctx, pathList, query)
}

// SearchInvoices returns invoices that match a text in the days from start to
// end, created ones too. What the text is compared with, and how many come at most,
// is up to the server. The error is [ErrNoSearch] on a server that lacks the call.
func (c *Client) SearchInvoices(ctx context.Context, text string, start, end time.Time) ([]Invoice, error) {
	if c.noSearch.Load() {
		return nil, c.gateway.NotSent(pathSearch, ErrNoSearch)
	}
	query := url.Values{"query": {text}}
	setDay(query, "start_date", start, c.zone)
	setDay(query, "end_date", end, c.zone)
	found, err := c.list(ctx, pathSearch, query)
	missing, certain := isNoSearch(err, c.accepted.Load())
	if !missing {
		return found, err
	}
	if certain {
		c.noSearch.Store(true)
	}
	noSearch := &transport.Error{Outcome: transport.Refused, Cause: ErrNoSearch}
	if e, ok := errors.AsType[*transport.Error](err); ok {
		noSearch.Status = e.Status
	}
	return nil, c.gateway.Error(pathSearch, noSearch)
}

func (c *Client) list(ctx context.Context, path string, query url.Values) ([]Invoice, error) {
	body, answer, err := c.get(ctx, path, query)
	if err != nil {
		return nil, err
	}
	invoices, err := parseInvoices(body)
	if err != nil {
		return nil, c.unusable(path, answer, err)
	}
	for i := range invoices {
		c.local(&invoices[i])
	}
	return invoices, nil
}

func parseInvoices(body []byte) ([]Invoice, error) {
	invoices := []Invoice{}
	if err := json.Unmarshal(body, &invoices); err != nil {
		return nil, err
	}
	if invoices == nil {
		return nil, errors.New("null where a list belongs")
	}
	for i := range invoices {
		if invoices[i].ID == "" {
			return nil, errNoID
		}
	}
	return invoices, nil
}

// Count is how many invoices a filter selects (section 3.3).
type Count struct {
	ByStatus map[string]int
	Full     int
}

// CountInvoices counts invoices by their statuses (section 3.3).
func (c *Client) CountInvoices(ctx context.Context, filter Filter) (*Count, error) {
	body, answer, err := c.get(ctx, pathCount, filter.query(c.zone))
	if err != nil {
		return nil, err
	}
	count, err := parseCount(body)
	if err != nil {
		return nil, c.unusable(pathCount, answer, err)
	}
	return count, nil
}

// parseCount reads {"statuses":[{"status":"paid","count":"3"}],"fullcount":[{"count":"7"}]}.
// Numbers may stand without quotes, and fullcount without its list.
func parseCount(body []byte) (*Count, error) {
	var wire struct {
		Statuses []struct {
			Status values.Text     `json:"status"`
			Count  json.RawMessage `json:"count"`
		} `json:"statuses"`
		Full json.RawMessage `json:"fullcount"`
	}
	if err := readSingle(body, &wire); err != nil {
		return nil, err
	}
	if wire.Statuses == nil && wire.Full == nil {
		return nil, errors.New("it holds no count")
	}
	count := &Count{ByStatus: make(map[string]int, len(wire.Statuses))}
	for _, one := range wire.Statuses {
		n, err := parseNumber(one.Count)
		if err != nil {
			return nil, err
		}
		count.ByStatus[string(one.Status)] += n
		count.Full += n
	}
	if wire.Full != nil && !bytes.Equal(wire.Full, []byte("null")) {
		full, err := parseNumber(wire.Full)
		if err != nil {
			return nil, err
		}
		count.Full = full
	}
	if count.Full > maxCount {
		return nil, fmt.Errorf("%d is no count", count.Full)
	}
	return count, nil
}

// maxCount is far beyond what a merchant has. A wrong count must not use up the memory.
const maxCount = 10_000_000

// parseNumber reads 7, "7", {"count":"7"} and [{"count":"7"}]. An empty list
// is PHP's way of saying none.
func parseNumber(data json.RawMessage) (int, error) {
	data = bytes.TrimSpace(data)
	if bytes.Equal(data, []byte("[]")) {
		return 0, nil
	}
	var wire struct {
		Count values.ID `json:"count"`
	}
	var err error
	if len(data) > 0 && (data[0] == '[' || data[0] == '{') {
		err = readSingle(data, &wire)
	} else {
		err = json.Unmarshal(data, &wire.Count)
	}
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(string(wire.Count))
	if err != nil || n < 0 || n > maxCount {
		return 0, fmt.Errorf("%q is no count", wire.Count)
	}
	return n, nil
}
