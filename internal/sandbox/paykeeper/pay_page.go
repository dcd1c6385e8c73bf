package paykeeper

import (
	"database/sql"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// shownItem is an item of the cart on the page.
type shownItem struct {
	item
	TaxWord, KindWord, SettlementWord string
}

// outcomes are what a press of a button may end in, as the bill says it.
var outcomes = map[string]struct{ notice, problem string }{
	"again":    {notice: "Этот счёт уже оплачен. Нажатие ничего не изменило, деньги списаны один раз."},
	"declined": {problem: "Банк отклонил платёж. Попробуйте ещё раз."},
	"sent":     {notice: "Письмо отправлено."},
	"unsent":   {problem: "Письмо не отправлено. Проверьте адрес почты и попробуйте ещё раз."},
	"revoked":  {notice: "Счёт отозван."},
	"none":     {problem: "Ничего не изменилось: этот счёт больше не ждёт оплаты."},
}

// serveBill shows an invoice and, while it can be paid, a button. The page
// shows the pstype of its address (document, section 3.4). Its values differ
// from server to server.
func (g *Gateway) serveBill(w http.ResponseWriter, r *http.Request) {
	i, err := g.Invoices.Get(r.PathValue("id"))
	if err != nil {
		sandbox.RenderMissing(w, r, err, "Счёт не найден")
		return
	}
	service := readService(i.ServiceName)
	callback := ""
	if i.Status != "created" && i.Status != "sent" && sandbox.IsPageAddress(service.Callback) {
		callback = service.Callback
	}
	var cart []shownItem
	for _, one := range service.Cart {
		cart = append(cart, shownItem{one, taxWords.Of(one.Tax), itemWords.Of(one.ItemType), settlementWords.Of(one.PaymentType)})
	}
	outcome := outcomes[i.outcome(r.URL.Query().Get("outcome"))]
	pages.Render(w, sandbox.PreferLanguage(r, service.Lang), http.StatusOK, "bill", map[string]any{
		"Title": "Счёт", "Invoice": i, "Status": statusWords.Of(i.Status), "StatusAnswer": i.statusAnswer(), "Notice": outcome.notice, "Problem": outcome.problem,
		"Service": service.Name, "Cart": cart, "Callback": callback, "Outbox": outboxPath,
		"Payable": i.payable(), "Expiry": g.asISO(i.ExpiryDatetime), "Paid": g.asISO(i.PaidDatetime),
		"PaymentPage": paymentPage(i.PaymentID), "Method": methodWords.Of(r.URL.Query().Get("pstype")),
	})
}

// outcome is what the address says a press has ended in, if that fits the
// invoice. It does not if the address is of an older page.
func (i *Invoice) outcome(told string) string {
	fits := map[string]bool{
		"again": i.Status == "paid", "declined": i.payable(), "sent": i.Status == "sent", "unsent": i.payable(),
		"revoked": i.Status == "revoked", "none": !i.payable(),
	}
	if !fits[told] {
		return ""
	}
	return told
}

// asISO is one of PayKeeper's times as pages take it.
func (g *Gateway) asISO(value string) string {
	at, err := time.ParseInLocation(timeFormat, value, g.zone())
	if err != nil {
		return value
	}
	return at.Format(time.RFC3339)
}

// pressOnPage takes the bill's forms: the payer's, and the seller's send and
// revoke.
func (g *Gateway) pressOnPage(r *http.Request) (next string, err error) {
	id := r.PathValue("id")
	before, err := g.Invoices.Get(id)
	if err != nil {
		return "", err
	}
	outcome := "none"
	switch action := r.PostFormValue("action"); {
	case action == "" || action == "pay":
		outcome, err = g.payOnPage(before)
	case action == "send" && before.payable():
		outcome, err = g.callOnPage(r, (*call).send, "sent", "unsent")
	case action == "revoke" && before.payable():
		outcome, err = g.callOnPage(r, (*call).revoke, "revoked", "none")
	}
	next = billPath + url.PathEscape(id) + "/"
	if outcome != "" {
		next += "?outcome=" + outcome
	}
	return next, err
}

// payOnPage pays, and returns the outcome.
func (g *Gateway) payOnPage(before Invoice) (outcome string, err error) {
	after, err := g.pay(before.ID)
	switch {
	case after.payable():
		return "declined", err
	case before.payable():
		return "", err
	case before.Status == "paid":
		return "again", err
	}
	return "none", err
}

// callOnPage does the work of a call, as if the seller's shop had made it, and
// returns the outcome.
func (g *Gateway) callOnPage(r *http.Request, work func(*call) (any, error), done, refused string) (outcome string, err error) {
	err = g.Transact(func(tx *sql.Tx) error {
		if err := g.expire(tx); err != nil {
			return err
		}
		_, err := work(&call{g, g.Base(r), tx, url.Values{"id": {r.PathValue("id")}}})
		return err
	})
	var failure *apiError
	if errors.As(err, &failure) {
		return refused, nil
	}
	return done, err
}

// pay pays an invoice if it can be paid and no fault declines it. Otherwise
// nothing changes, and the invoice is returned as it is: it can be paid again. So
// paying twice is paying once.
func (g *Gateway) pay(id string) (i Invoice, err error) {
	err = g.Transact(func(tx *sql.Tx) (err error) {
		if err := g.expire(tx); err != nil {
			return err
		}
		if i, err = invoices.Get(tx, id); err != nil || !i.payable() || g.IsDeclined(payOperation) {
			return err
		}
		if err := i.pay(tx, g.now()); err != nil {
			return err
		}
		if err := invoices.Update(tx, id, i); err != nil {
			return err
		}
		return g.notify(tx, i)
	})
	return i, err
}

// payable reports whether an invoice can be paid. A created one can: a shop may
// give its address to the client (document, section 3.4).
func (i *Invoice) payable() bool { return i.Status == "created" || i.Status == "sent" }
