package paykeeper

import (
	"database/sql"
	"errors"
	"net/http"
	"slices"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// serveOutbox shows the mails that were sent, newest first. No mail leaves the
// sandbox.
func (g *Gateway) serveOutbox(w http.ResponseWriter, r *http.Request) {
	mails, err := g.Outbox()
	if err != nil {
		sandbox.Fail(w, err)
		return
	}
	slices.Reverse(mails)
	for n := range mails {
		mails[n].SentAt = g.asISO(mails[n].SentAt)
	}
	pages.Render(w, r, http.StatusOK, "outbox", map[string]any{"Title": "Отправленные письма", "Mails": mails})
}

// overview lists invoices, payments and mails on the index page.
func (g *Gateway) overview(ask sandbox.OverviewQuery) (o sandbox.Overview, err error) {
	o = sandbox.Overview{
		Title: "PayKeeper",
		Notes: []sandbox.Text{sandbox.Textf("Секретное слово, которым подписываются уведомления: %s.", g.options.SecretWord)},
	}
	err = g.Transact(func(tx *sql.Tx) error {
		return errors.Join(g.expire(tx), g.settle(tx),
			g.invoiceListing(ask.Base).Read(tx, ask, &o), g.paymentListing(ask.Base).Read(tx, ask, &o), g.mailListing(ask.Base).Read(tx, ask, &o))
	})
	return o, err
}

func (g *Gateway) invoiceListing(base string) sandbox.Listing[Invoice] {
	return sandbox.Listing[Invoice]{
		Name: "invoices", Title: "Счета", Table: invoices, Newest: "created_datetime DESC, number DESC",
		Search: []string{"id", "orderid", "clientid", "pay_amount", "client_email", "client_phone", "service_name"}, Words: statusWords, StatusColumn: "status",
		Columns: []string{"Счёт", "Заказ", "Плательщик", "Сумма", "Статус", "Оплатить до"},
		Row: func(i Invoice) (string, []sandbox.Cell) {
			return base + billPath + i.ID + "/", []sandbox.Cell{
				{Text: i.ID}, {Text: i.OrderID}, {Text: i.ClientID}, {Amount: i.PayAmount, Currency: "RUB"}, statusWords.Cell(i.Status), {At: g.asISO(i.ExpiryDatetime)},
			}
		},
	}
}

func (g *Gateway) paymentListing(base string) sandbox.Listing[Payment] {
	return sandbox.Listing[Payment]{
		Name: "payments", Title: "Платежи", Table: payments, Newest: "number DESC",
		Search: []string{"id", "orderid", "clientid", "pay_amount"}, Words: paymentWords, StatusColumn: "status",
		Columns: []string{"Платёж", "Заказ", "Сумма", "Возвращено", "Статус"},
		Row: func(p Payment) (string, []sandbox.Cell) {
			return base + paymentPage(p.ID), []sandbox.Cell{
				{Text: p.ID}, {Text: p.OrderID}, {Amount: p.PayAmount, Currency: "RUB"}, {Amount: p.RefundAmount, Currency: "RUB"}, paymentWords.Cell(p.Status),
			}
		},
	}
}

func (g *Gateway) mailListing(base string) sandbox.Listing[Mail] {
	return sandbox.Listing[Mail]{
		Name: "mails", Title: "Письма", Table: mails, Newest: "number DESC",
		Search: []string{"invoice_id", "recipient", "subject"}, Columns: []string{"Тема", "Кому", "Отправлено"},
		Row: func(m Mail) (string, []sandbox.Cell) {
			return base + outboxPath, []sandbox.Cell{{Text: m.Subject}, {Text: m.To}, {At: g.asISO(m.SentAt)}}
		},
	}
}
