package p2p

import (
	"database/sql"
	"net/http"
	"net/url"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// target is where to transfer, and how.
type target struct {
	// What says what the requisites are.
	What, Requisites, Holder, Bank, Option string
	// Until is when the requisites end, and "" if they do not.
	Until string
}

// newTarget is a target in words.
func newTarget(to Requisites, method, option, until string) *target {
	return &target{requisitesWord(option), to.Requisites, to.Holder, bankWord(method), optionWords.Of(option), until}
}

// target is where the money of an open invoice goes, and nil if that is not
// known.
func (i *Invoice) target() *target {
	deal := i.activeDeal()
	switch {
	case i.Type == "out" && i.PaymentRequisites != nil:
		return newTarget(*i.PaymentRequisites, i.PaymentMethod, i.PaymentOption, "")
	case i.Type != "out" && deal != nil:
		return newTarget(deal.Requisites, deal.PaymentMethod, deal.PaymentOption, deal.CanceledAt)
	}
	return nil
}

// back is where the payer returns to, and "" if that is not known.
func (i *Invoice) back() string {
	address := map[string]string{"paid": i.SuccessURL, "canceled": i.CancelURL, "expired": i.CancelURL}[i.Status]
	if !sandbox.IsPageAddress(address) {
		return ""
	}
	return address
}

// servePayPage shows an invoice, where to transfer, and buttons that say that
// the transfer was done or is disputed. The seller can cancel.
func (g *Gateway) servePayPage(w http.ResponseWriter, r *http.Request) {
	i, err := g.Invoices.Get(r.URL.Query().Get("id"))
	if err != nil {
		sandbox.RenderMissing(w, r, err, "Заявка не найдена")
		return
	}
	data := map[string]any{
		"Title": "Заявка", "Invoice": i, "Status": i.statusWord(), "StatusAnswer": g.statusAnswer(i), "Open": i.Status == "new", "Back": i.back(),
		"Target": i.target(), "Transferable": i.transferable(), "Again": !i.transferable() && r.URL.Query().Has("again"),
	}
	if last := len(i.Deals) - 1; last >= 0 {
		deal := i.Deals[last]
		data["Last"] = newTarget(deal.Requisites, deal.PaymentMethod, deal.PaymentOption, "")
		data["Reason"], data["DisputeAmount"] = reasonWords.Of(deal.DisputeReason), deal.DisputeAmount
	}
	pages.Render(w, r, http.StatusOK, "invoice", data)
}

// transferable reports whether a person can transfer money. A payout has its
// own requisites. Other invoices need a deal.
func (i *Invoice) transferable() bool {
	return i.Status == "new" && (i.Type == "out" || i.activeDeal() != nil)
}

// pressOnPage takes the page's forms. What changes nothing leads to a page that
// says so.
func (g *Gateway) pressOnPage(r *http.Request) (next string, err error) {
	id, isDone := r.URL.Query().Get("id"), false
	switch action := r.PostFormValue("action"); action {
	case "paid", "dispute":
		err = g.setStatus(id, action, func(i *Invoice) bool {
			isDone = i.transferable()
			return isDone
		})
	case "deal":
		isDone, err = true, g.dealOnPage(id)
	case "cancel":
		isDone, err = g.cancelOnPage(id)
	default:
		_, err = g.Invoices.Get(id)
	}
	next = pagePath + "?id=" + url.QueryEscape(id)
	if !isDone {
		next += "&again"
	}
	return next, err
}

// cancelOnPage cancels an invoice as the call does, and reports whether it could
// be canceled.
func (g *Gateway) cancelOnPage(id string) (isCanceled bool, err error) {
	if err := g.sweep(); err != nil {
		return false, err
	}
	err = g.transactAndNotify(func(tx *sql.Tx, changed *[]Invoice) error {
		i, err := invoices.Get(tx, id)
		if err != nil || i.Status != "new" {
			return err
		}
		isCanceled = true
		_, err = (&call{Gateway: g, tx: tx, key: id, changed: changed}).cancel()
		return err
	})
	return isCanceled, err
}

// dealOnPage looks for requisites again. The real page does so when a payer has
// picked a bank [I].
func (g *Gateway) dealOnPage(id string) error {
	if err := g.sweep(); err != nil {
		return err
	}
	return g.Transact(func(tx *sql.Tx) error {
		i, err := invoices.Get(tx, id)
		if err != nil || i.Status != "new" || i.Type != "in" || i.activeDeal() != nil {
			return err
		}
		if err := g.holdRequisites(tx, &i, i.PaymentMethod, i.PaymentOption); err != nil {
			return err
		}
		return invoices.Update(tx, id, i)
	})
}
