package paykeeper

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// paymentPage is the address of a payment's page.
func paymentPage(id string) string { return paymentPath + url.PathEscape(id) + "/" }

// shownRefund is a refund on the page. Hidden reports whether the API does not
// list it yet.
type shownRefund struct {
	Refund
	Created, State string
	Hidden         bool
}

// servePayment shows a payment and its refunds. Where a refund is started,
// buttons end it.
func (g *Gateway) servePayment(w http.ResponseWriter, r *http.Request) {
	var p Payment
	var bill string
	var all []Refund
	err := g.Transact(func(tx *sql.Tx) (err error) {
		if err := g.settle(tx); err != nil {
			return err
		}
		if p, err = payments.Get(tx, r.PathValue("id")); err != nil {
			return err
		}
		switch i, err := invoices.Find(tx, "paymentid", p.ID); {
		case err == nil:
			bill = i.ID
		case !errors.Is(err, sandbox.ErrNotFound):
			return err
		}
		all, err = refunds.Select(tx, `WHERE payment_id = ? ORDER BY number`, p.ID)
		return err
	})
	if err != nil {
		sandbox.RenderMissing(w, r, err, "Платёж не найден")
		return
	}
	now := g.Now().UnixMilli()
	var shown []shownRefund
	for _, one := range all {
		shown = append(shown, shownRefund{one, g.asISO(one.Datetime), paymentWords.Of(one.Status), one.ShownAt > now})
	}
	pages.Render(w, r, http.StatusOK, "payment", map[string]any{
		"Title": "Платёж", "Payment": p, "Status": paymentWords.Of(p.Status), "Paid": g.asISO(p.SuccessDatetime),
		"Bill": bill, "BillPage": billPath + url.PathEscape(bill) + "/", "Refunds": shown, "Again": r.URL.Query().Has("again"),
	})
}

// endOnPage takes the form of the payment's page. A refund that has ended stays
// as it is, and the page says so.
func (g *Gateway) endOnPage(r *http.Request) (next string, err error) {
	next = paymentPage(r.PathValue("id"))
	was, err := g.endStarted(r.PostFormValue("refund"), r.PostFormValue("status"))
	if err == nil && was.Status != "started" {
		next += "?again"
	}
	return next, err
}

// endStarted ends a refund if it is started. It returns the refund as it was.
func (g *Gateway) endStarted(id, status string) (was Refund, err error) {
	if status != "done" && status != "failed" {
		return was, fmt.Errorf("%q is no end of a refund", status)
	}
	err = g.Transact(func(tx *sql.Tx) (err error) {
		if err := g.settle(tx); err != nil {
			return err
		}
		if was, err = refunds.Get(tx, id); err != nil || was.Status != "started" {
			return err
		}
		return was.end(tx, status)
	})
	return was, err
}
