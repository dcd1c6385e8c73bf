package p2p

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// CreateInvoiceRequest has all request parameters of the document. Amounts are decimal
// numbers in Currency and are sent as they are written.
type CreateInvoiceRequest struct {
	Type                string      `json:"type"` // in or out
	Amount              string      `json:"amount"`
	MaxAmount           string      `json:"maxAmount,omitempty"` // the gateway may ask for up to this, to make sums unique
	Currency            string      `json:"currency"`
	NotificationURL     string      `json:"notificationUrl"`
	NotificationToken   string      `json:"notificationToken"`
	InternalID          string      `json:"internalId,omitempty"`
	UserID              string      `json:"userId,omitempty"`
	PaymentOption       string      `json:"paymentOption,omitempty"`
	PaymentMethod       string      `json:"paymentMethod,omitempty"`
	PaymentRequisites   *Requisites `json:"paymentRequisites,omitempty"`
	StartDeal           *bool       `json:"startDeal,omitempty"` // type in only
	CrossBorderCurrency string      `json:"crossBorderCurrency,omitempty"`
	AllowMatching       *bool       `json:"allowMatching,omitempty"`
}

// CreateInvoice issues an invoice or a payout.
//
// A payout is sent once: after an unclear answer it is neither sent again nor
// looked up. An invoice with an internal id is looked up by it, and taken when
// it is the one that was sent, or sent again when it is provably absent. For that the
// internal id must have been free before (freeID), which the caller finds out with
// [Client.FindByInternalID]. A 404 of a server that may lack that call is enough here:
// if the server finds something later, it has the call, and its 404 was true.
func (c *Client) CreateInvoice(ctx context.Context, r CreateInvoiceRequest, freeID bool) (*Invoice, error) {
	body, err := r.encode()
	if err != nil {
		return nil, c.gateway.NotSent(opCreate, err)
	}
	operation := opCreate
	if r.Type != DirectionIn {
		operation = opPayOut
	}
	create := func(ctx context.Context) (*Invoice, error) {
		invoice, err := c.invoice(ctx, request{
			operation: operation, method: http.MethodPost, path: pathInvoices, body: body, secrets: r.secrets(),
		})
		if err == nil && r.isAboutAnother(invoice) {
			return nil, c.gateway.Error(operation, &transport.Error{Status: http.StatusOK, Outcome: transport.Unclear,
				Cause: fmt.Errorf("the answer is about another invoice: %s, of type %q and internal id %q", invoice.ID, invoice.Type, invoice.InternalID)})
		}
		return invoice, err
	}
	if r.InternalID == "" || !freeID {
		return create(ctx)
	}
	started := time.Now()
	return transport.CreateByKey(ctx, c.gateway, operation, create,
		func(ctx context.Context) (*Invoice, error) { return c.FindByInternalID(ctx, r.InternalID) },
		func(found *Invoice) error { return r.objection(found, started) })
}

// FindCreated looks for the invoice of a creation that was sent and never answered, by
// the request's internal id. It returns nil when there is none, or another one. The
// error is that of [Client.FindByInternalID].
func (c *Client) FindCreated(ctx context.Context, r CreateInvoiceRequest, sent time.Time) (*Invoice, error) {
	found, err := c.FindByInternalID(ctx, r.InternalID)
	switch {
	case found == nil || err != nil:
		return nil, err
	case found.Type != r.Type, !found.Created.IsZero() && found.Created.Before(sent.Add(-values.ClockTolerance)):
		return nil, nil
	case !found.IsPaid() && len(found.Differences(r)) > 0: // the sum of a paid one may have been recalculated
		return nil, nil
	}
	return found, nil
}

// isAboutAnother reports whether an answer is about something else; a server may
// leave out what was sent.
func (r CreateInvoiceRequest) isAboutAnother(i *Invoice) bool {
	return i.Type != "" && i.Type != r.Type ||
		i.InternalID != "" && r.InternalID != "" && !values.SameID(string(i.InternalID), r.InternalID)
}

func (r CreateInvoiceRequest) encode() ([]byte, error) {
	for _, text := range []string{r.Amount, r.MaxAmount} {
		if _, err := values.ParseDecimal(text); err != nil && text != "" {
			return nil, err
		}
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false) // addresses stay readable for those who debug a signature
	if err := encoder.Encode(r); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// secrets are values that an answer or an error page may repeat anywhere.
func (r CreateInvoiceRequest) secrets() []string {
	secrets := []string{r.NotificationToken}
	if r.PaymentRequisites != nil {
		secrets = append(secrets, r.PaymentRequisites.Requisites, r.PaymentRequisites.Holder)
	}
	return secrets
}

// objection is why a found invoice cannot be the one that was just sent, nil for none.
func (r CreateInvoiceRequest) objection(found *Invoice, started time.Time) error {
	list := found.Differences(r)
	if !found.IsOpen(time.Now()) && !found.IsPaid() {
		list = append(list, "it is not open: "+found.Status)
	}
	if !found.Created.IsZero() && found.Created.Before(started.Add(-values.ClockTolerance)) {
		list = append(list, "it was created before, at "+found.Created.Format(time.RFC3339))
	}
	if len(list) == 0 {
		return nil
	}
	return fmt.Errorf("invoice %s: %s", found.ID, strings.Join(list, "; "))
}

// Differences says where an invoice differs from a request, in the fields that the
// gateway gives back.
func (i *Invoice) Differences(r CreateInvoiceRequest) []string {
	var list []string
	compare := func(field, want, got string, same bool) {
		if !same {
			list = append(list, fmt.Sprintf("%s: %q was sent, the gateway has %q", field, want, got))
		}
	}
	// What is left to the gateway, or not given back, cannot differ.
	compareGiven := func(field, want, got string, same func(a, b string) bool) {
		compare(field, want, got, want == "" || got == "" || same(want, got))
	}
	equal := func(a, b string) bool { return a == b }
	compare("type", r.Type, i.Type, r.Type == i.Type)
	compareGiven("currency", r.Currency, i.Sum.Currency, values.SameCurrency)
	compareGiven("userId", r.UserID, string(i.UserID), values.SameID)
	compareGiven("paymentMethod", r.PaymentMethod, string(i.PaymentMethod), equal)
	compareGiven("paymentOption", r.PaymentOption, string(i.PaymentOption), equal)
	if !r.isSum(i.Sum) {
		got := "none"
		if i.Sum.Amount != nil {
			got = i.Sum.Amount.Money()
		}
		list = append(list, fmt.Sprintf("amount: %s was sent, the gateway has %s", r.Amount, got))
	}
	return list
}

// isSum reports whether a sum is the amount that was sent, or, where the gateway
// was allowed to make sums unique, one up to the highest that it may be.
func (r CreateInvoiceRequest) isSum(sum Money) bool {
	want, err := values.ParseDecimal(r.Amount)
	if err != nil || sum.Amount == nil {
		return false
	}
	highest := want
	if r.MaxAmount != "" {
		if highest, err = values.ParseDecimal(r.MaxAmount); err != nil {
			return false
		}
	}
	return sum.Amount.GreaterThanOrEqual(want.Decimal) && sum.Amount.LessThanOrEqual(highest.Decimal)
}
