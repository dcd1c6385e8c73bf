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
	pages.Render(w, r, http.StatusOK, "outbox", map[string]any{"Title": "Отправленные письма", "Mails": mails})
}

// overview lists the newest invoices, payments and mails on the index page, and counts
// all invoices.
func (g *Gateway) overview(base string) (o sandbox.Overview, err error) {
	err = g.Transact(func(tx *sql.Tx) error {
		if err := errors.Join(g.expire(tx), g.settle(tx)); err != nil {
			return err
		}
		counts, err := sandbox.CountBy(tx, invoices.Name, "status")
		if err != nil {
			return err
		}
		newest, err := invoices.Select(tx, `ORDER BY created_datetime DESC, number DESC LIMIT ?`, sandbox.OverviewRows)
		if err != nil {
			return err
		}
		invoiceTable := sandbox.OverviewTable{Title: "Новые счета", Columns: []string{"Счёт", "Заказ", "Сумма", "Статус", "Оплатить до"}}
		for _, i := range newest {
			invoiceTable.Add(base+billPath+i.ID+"/", i.ID, i.OrderID, i.PayAmount+" RUB", statusWords.WithStatus(i.Status), moment(i.ExpiryDatetime))
		}
		paid, err := payments.Select(tx, `ORDER BY number DESC LIMIT ?`, sandbox.OverviewRows)
		if err != nil {
			return err
		}
		paymentTable := sandbox.OverviewTable{Title: "Новые платежи", Columns: []string{"Платёж", "Заказ", "Сумма", "Возвращено", "Статус"}}
		for _, p := range paid {
			paymentTable.Add(base+paymentPage(p.ID), p.ID, p.OrderID, p.PayAmount+" RUB", p.RefundAmount, paymentWords.WithStatus(p.Status))
		}
		sent, err := mails.Select(tx, `ORDER BY number DESC LIMIT ?`, sandbox.OverviewRows)
		mailTable := sandbox.OverviewTable{Title: "Письма", Columns: []string{"Тема", "Кому", "Отправлено"}}
		for _, m := range sent {
			mailTable.Add(base+outboxPath, m.Subject, m.To, moment(m.SentAt))
		}
		o = sandbox.Overview{Title: "PayKeeper", Tables: []sandbox.OverviewTable{
			sandbox.OverviewCounts("Счета по статусам", counts, statusWords), invoiceTable, paymentTable, mailTable,
		}}
		return err
	})
	return o, err
}
