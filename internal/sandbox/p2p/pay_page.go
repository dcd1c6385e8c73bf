package p2p

import (
	"database/sql"
	"net/http"
	"net/url"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

var statusWords = sandbox.Words{
	"new":      "Ожидает перевода",
	"paid":     "Оплачена",
	"canceled": "Отменена",
	"expired":  "Срок оплаты истёк",
	"dispute":  "Открыт спор",
}

// servePayPage shows an invoice, where to transfer, and buttons that say that
// the transfer was done or is disputed.
func (g *Gateway) servePayPage(w http.ResponseWriter, r *http.Request) {
	i, err := g.Invoices.Get(r.URL.Query().Get("id"))
	if err != nil {
		sandbox.RenderMissing(w, r, err, "Заявка не найдена")
		return
	}
	back := map[string]string{"paid": i.SuccessURL, "canceled": i.CancelURL, "expired": i.CancelURL}[i.Status]
	pages.Render(w, r, http.StatusOK, "invoice", map[string]any{
		"Back":  back,
		"Title": "Заявка", "Invoice": i, "Status": statusWords.Of(i.Status), "Open": i.Status == "new",
		"Deal": i.activeDeal(), "Transferable": i.transferable(),
	})
}

// transferable reports whether a person can transfer money. A payout has its
// own requisites. Other invoices need a deal.
func (i *Invoice) transferable() bool {
	return i.Status == "new" && (i.Type == "out" || i.activeDeal() != nil)
}

// pressOnPage takes the page's form.
func (g *Gateway) pressOnPage(r *http.Request) (next string, err error) {
	id := r.URL.Query().Get("id")
	switch action := r.PostFormValue("action"); action {
	case "paid", "dispute":
		err = g.setStatus(id, action, (*Invoice).transferable)
	case "deal":
		err = g.dealOnPage(id)
	default:
		_, err = g.Invoices.Get(id)
	}
	return pagePath + "?id=" + url.QueryEscape(id), err
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
