package paykeeper

import (
	"database/sql"
	"net/http"
	"net/url"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

var statusWords = sandbox.Words{
	"created": "Ожидает оплаты",
	"sent":    "Ожидает оплаты",
	"paid":    "Оплачен",
	"expired": "Срок оплаты истёк",
	"revoked": "Отменён",
}

// english are the words of a bill whose lang is en.
var english = sandbox.Words{
	"Счёт №":                 "Invoice No.",
	"Ожидает оплаты":         "Awaiting payment",
	"Оплачен":                "Paid",
	"Срок оплаты истёк":      "Payment term has expired",
	"Отменён":                "Canceled",
	"Заказ":                  "Order",
	"Плательщик":             "Payer",
	"Товар или услуга":       "Goods or service",
	"Цена":                   "Price",
	"Кол-во":                 "Quantity",
	"Сумма":                  "Amount",
	"НДС":                    "VAT",
	"Способ оплаты":          "Payment method",
	"Оплатить":               "Pay",
	"Оплатить до":            "Pay before",
	"Оплатить можно было до": "The invoice could be paid before",
	"Попросите продавца выставить новый счёт.":  "Ask the seller for a new invoice.",
	"Продавец отменил счёт.":                    "The seller has canceled the invoice.",
	"Банк отклонил платёж. Попробуйте ещё раз.": "The bank has declined the payment. Try again.",
	"Платёж":              "Payment",
	"Вернуться в магазин": "Back to the shop",
}

// moment shows one of PayKeeper's times to a person.
func moment(value string) string {
	at, err := time.ParseInLocation(timeFormat, value, sandbox.Moscow)
	if err != nil {
		return value
	}
	return sandbox.Moment(at)
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
	var words sandbox.Words // of the page's own Russian
	if service.Lang == "en" {
		words = english
	}
	callback := ""
	if i.Status == "paid" && sandbox.IsPageAddress(service.Callback) {
		callback = service.Callback
	}
	pages.Render(w, sandbox.PreferLanguage(r, service.Lang), http.StatusOK, "bill", map[string]any{
		"Title": words.Of("Счёт №") + " " + i.ID, "Invoice": i, "Status": words.Of(statusWords.Of(i.Status)),
		"Service": service.Name, "Cart": service.Cart, "Words": words, "Callback": callback,
		"Payable": i.payable(), "Expiry": moment(i.ExpiryDatetime), "Paid": moment(i.PaidDatetime),
		"PaymentPage": paymentPage(i.PaymentID), "Method": r.URL.Query().Get("pstype"), "Declined": r.URL.Query().Has("declined"),
	})
}

// payOnPage takes the bill's form.
func (g *Gateway) payOnPage(r *http.Request) (next string, err error) {
	id := r.PathValue("id")
	i, err := g.pay(id)
	if i.payable() {
		return billPath + url.PathEscape(id) + "/?declined", err
	}
	return billPath + url.PathEscape(id) + "/", err
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
