package sandbox

import (
	"database/sql"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// paykeeperStatusWords are the statuses for a person.
var paykeeperStatusWords = map[string]string{
	"created": "Ожидает оплаты",
	"sent":    "Ожидает оплаты",
	"paid":    "Оплачен",
	"expired": "Срок оплаты истёк",
	"revoked": "Отменён",
}

func paykeeperStatusWord(status string) string {
	if word, ok := paykeeperStatusWords[status]; ok {
		return word
	}
	return status
}

// paykeeperMoment writes one of PayKeeper's times for a person.
func paykeeperMoment(value string) string {
	at, err := time.ParseInLocation(paykeeperTime, value, moscow)
	if err != nil {
		return value
	}
	return at.Format("02.01.2006 15:04 МСК")
}

// paykeeperBill shows an invoice and, while it can be paid, a button. The
// address may carry a pstype (document, section 3.4), whose values differ from
// server to server; it is shown and nothing else.
func (s *Sandbox) paykeeperBill(w http.ResponseWriter, r *http.Request) {
	i, err := s.paykeeperInvoice(r.PathValue("id"))
	if err != nil {
		s.noPage(w, err, "Счёт не найден")
		return
	}
	cart := readPayKeeperCart(i.ServiceName)
	render(w, http.StatusOK, "paykeeper_bill", map[string]any{
		"Title": "Счёт № " + i.ID, "Invoice": i, "Status": paykeeperStatusWord(i.Status), "Service": cart.ServiceName, "Cart": cart.Cart,
		"Payable": i.payable(), "Expiry": paykeeperMoment(i.ExpiryDatetime), "Paid": paykeeperMoment(i.PaidDatetime),
		"Method": r.URL.Query().Get("pstype"),
	})
}

// paykeeperPay takes the bill's form. It answers with a redirect to the page,
// so that reloading that does not send the form again.
func (s *Sandbox) paykeeperPay(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if _, err := s.payPayKeeper(id); err != nil {
		s.noPage(w, err, "Счёт не найден")
		return
	}
	http.Redirect(w, r, paykeeperBillPath+url.PathEscape(id)+"/", http.StatusSeeOther)
}

// paykeeperOutbox shows the mails that send has sent, newest first. Their
// addressees are made up more often than not, so none leaves the sandbox.
func (s *Sandbox) paykeeperOutbox(w http.ResponseWriter, _ *http.Request) {
	mails, err := s.PayKeeperOutbox()
	if err != nil {
		s.noPage(w, err, "")
		return
	}
	slices.Reverse(mails)
	render(w, http.StatusOK, "paykeeper_outbox", map[string]any{"Title": "Отправленные письма", "Mails": mails})
}

// paykeeperOverview lists the newest invoices and mails on the index page, and
// counts all.
func (s *Sandbox) paykeeperOverview(base string) (overview, error) {
	var invoices []PayKeeperInvoice
	var mails []PayKeeperMail
	var counts map[string]int
	err := s.transact(func(tx *sql.Tx) (err error) {
		if err := s.expirePayKeeperInvoices(tx); err != nil {
			return err
		}
		if counts, err = countBy(tx, "paykeeper_invoices", "status"); err != nil {
			return err
		}
		if invoices, err = collect(tx, scanPayKeeperInvoice, selectPayKeeperInvoices+`ORDER BY created_datetime DESC, number DESC LIMIT ?`, overviewRows); err != nil {
			return err
		}
		mails, err = collect(tx, scanPayKeeperMail, `SELECT `+paykeeperMailColumns+` FROM paykeeper_mails ORDER BY number DESC LIMIT ?`, overviewRows)
		return err
	})
	if err != nil {
		return overview{}, err
	}
	countTable := overviewCounts("Счета по статусам", "Статус", counts, paykeeperStatusWord)
	invoiceTable := overviewTable{Title: "Новые счета", Columns: []string{"Счёт", "Заказ", "Сумма", "Статус", "Оплатить до"}}
	for _, i := range invoices {
		invoiceTable.Rows = append(invoiceTable.Rows, overviewRow{base + paykeeperBillPath + i.ID + "/",
			[]string{i.ID, i.OrderID, i.PayAmount + " RUB", paykeeperStatusWord(i.Status) + " (" + i.Status + ")", paykeeperMoment(i.ExpiryDatetime)}})
	}
	mailTable := overviewTable{Title: "Письма", Columns: []string{"Тема", "Кому", "Отправлено"}}
	for _, m := range mails {
		mailTable.Rows = append(mailTable.Rows, overviewRow{base + paykeeperOutboxPath, []string{m.Subject, m.To, paykeeperMoment(m.SentAt)}})
	}
	return overview{Title: "PayKeeper", Tables: []overviewTable{countTable, invoiceTable, mailTable}}, nil
}
