package paykeeper

import (
	"context"
	"errors"
	"iter"
	"net/url"
	"strconv"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// ErrListedOnly means that a list has an invoice that byid does not find.
var ErrListedOnly = errors.New("it is in the list, and is not found by its id")

// Stream selects the invoices that are shown one after the other.
type Stream struct {
	Filter
	// Wants reports whether an invoice of the lists is shown.
	Wants func(*Invoice) bool
	// IsWhole has invoices shown as [Client.FindInvoice] shows them. Rows of the lists are, as
	// soon as one in this status was compared with byid.
	IsWhole bool
}

// StreamInvoices shows invoices, newest first, each once (section 3.2). What one page brings is
// shown before the next page is asked for. An error with an invoice is about this one alone, of
// which only the row of the list is known. One without an invoice is the end.
func (c *Client) StreamInvoices(ctx context.Context, s Stream) iter.Seq2[*Invoice, error] {
	return func(push func(*Invoice, error) bool) {
		rows, query := rowProof{}, s.query(c.zone)
		var end error
		err := transport.List[listed]{
			Size: historyPage,
			ID:   func(row *listed) values.ID { return row.ID },
			Tied: func(a, b *listed) bool { return a.Created.Equal(b.Created.Time) },
			Page: func(ctx context.Context, skip, take int) ([]listed, error) { return c.listRows(ctx, query, skip, take) },
		}.Each(ctx, func(row *listed) bool {
			if !s.Wants(&row.Invoice) {
				return true
			}
			invoice, err := &row.Invoice, error(nil)
			if s.IsWhole {
				invoice, err = c.completeRow(ctx, row, &rows)
			}
			if invoice == nil {
				end = err
				return false
			}
			return push(invoice, err)
		})
		switch {
		case errors.Is(err, transport.ErrUnsettled):
			end = c.gateway.Error(pathList, &transport.Error{Outcome: transport.Refused, Cause: err})
		case err != nil:
			end = err
		}
		if end != nil {
			push(nil, end)
		}
	}
}

// listRows reads a page of the list.
func (c *Client) listRows(ctx context.Context, query url.Values, from, limit int) ([]listed, error) {
	query.Set("limit", strconv.Itoa(limit))
	if query.Del("from"); from > 0 {
		query.Set("from", strconv.Itoa(from))
	}
	body, answer, err := c.get(ctx, pathList, query)
	if err != nil {
		return nil, err
	}
	rows, err := c.parseRows(body)
	if err != nil {
		return nil, c.unusable(pathList, answer, err)
	}
	return rows, nil
}

// rowProof is what was found of the rows of a list.
type rowProof struct {
	// arePoor is set once a row showed less than byid, or something else.
	arePoor bool
	// proven are the statuses in which a row was as good as the answer by its id.
	proven map[string]bool
}

// completeRow returns an invoice as byid shows it, or its row and why it cannot be shown so. It
// returns no invoice where the gateway cannot be asked for others either.
func (c *Client) completeRow(ctx context.Context, row *listed, rows *rowProof) (*Invoice, error) {
	if !rows.arePoor && rows.proven[row.Status] && row.isEnough(time.Now()) {
		return &row.Invoice, nil
	}
	invoice, body, err := c.findInvoice(ctx, string(row.ID))
	switch _, isRefused := transport.AsRefusal(err); {
	case isRefused:
		return &row.Invoice, err
	case err == nil && invoice == nil:
		return &row.Invoice, ErrListedOnly
	case err != nil:
		return nil, err
	}
	answer := &answerByID{invoice, fieldsOf(body)}
	if rows.arePoor = rows.arePoor || row.isPoorer(answer); !rows.arePoor {
		if rows.proven == nil {
			rows.proven = map[string]bool{}
		}
		rows.proven[row.Status] = true
	}
	return invoice, nil
}
