package sandbox

import (
	"database/sql"
	"net/http"
	"net/url"
)

// p2pStatusWords are the statuses for a person.
var p2pStatusWords = map[string]string{
	"new":      "Ожидает перевода",
	"paid":     "Оплачена",
	"canceled": "Отменена",
	"expired":  "Срок оплаты истёк",
	"dispute":  "Открыт спор",
}

func p2pStatusWord(status string) string {
	if word, ok := p2pStatusWords[status]; ok {
		return word
	}
	return status
}

// p2pPage shows an invoice: where to transfer, and buttons that say it was
// done or went wrong.
func (s *Sandbox) p2pPage(w http.ResponseWriter, r *http.Request) {
	i, err := s.p2pInvoice(r.URL.Query().Get("id"))
	if err != nil {
		s.noPage(w, err, "Заявка не найдена")
		return
	}
	render(w, http.StatusOK, "p2p_invoice", map[string]any{
		"Title": "Заявка", "Invoice": i, "Status": p2pStatusWord(i.Status), "Open": i.Status == "new",
		"Deal": i.activeDeal(), "Transferable": i.transferable(),
	})
}

// transferable says whether there is somewhere to transfer to. A payout's
// requisites are its own; other invoices need a deal.
func (i *P2PInvoice) transferable() bool {
	return i.Status == "new" && (i.Type == "out" || i.activeDeal() != nil)
}

// p2pPress takes the page's form. It answers with a redirect to the page, so
// that reloading that does not send the form again.
func (s *Sandbox) p2pPress(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxRequestBody)
	id := r.URL.Query().Get("id")
	if _, err := s.p2pInvoice(id); err != nil {
		s.noPage(w, err, "Заявка не найдена")
		return
	}
	var err error
	switch action := r.PostFormValue("action"); action {
	case "paid", "dispute":
		err = s.moveP2PInvoice(id, action, (*P2PInvoice).transferable)
	case "deal":
		err = s.dealOnPage(id)
	}
	if err != nil {
		s.noPage(w, err, "Заявка не найдена")
		return
	}
	http.Redirect(w, r, p2pPagePath+"?id="+url.QueryEscape(id), http.StatusSeeOther)
}

// dealOnPage looks for requisites again, as the real page does when a payer
// has picked a bank [I].
func (s *Sandbox) dealOnPage(id string) error {
	return s.transact(func(tx *sql.Tx) error {
		i, err := findP2PInvoice(tx, `WHERE id = ?`, id)
		if err != nil || i.Status != "new" || i.Type != "in" || i.activeDeal() != nil {
			return err
		}
		if err := s.startP2PDeal(tx, s.currentDialect(), &i, i.PaymentMethod, i.PaymentOption); err != nil {
			return err
		}
		return updateP2PInvoice(tx, id, i)
	})
}

// p2pOverview lists invoices on the index page.
func (s *Sandbox) p2pOverview(base string) (overview, error) {
	invoices, err := s.P2PInvoices()
	if err != nil {
		return overview{}, err
	}
	table := overviewTable{Title: "Заявки", Columns: []string{"Заявка", "ID мерчанта", "Тип", "Сумма", "Статус", "Оплатить до"}}
	for _, i := range invoices {
		table.Rows = append(table.Rows, overviewRow{base + p2pPagePath + "?id=" + url.QueryEscape(i.ID),
			[]string{i.ID, i.InternalID, i.Type, money(i.Amount) + " " + i.Currency, p2pStatusWord(i.Status) + " (" + i.Status + ")", moment(i.ExpireAt)}})
	}
	return overview{
		Title: "P2P (заявки мерчанта)", Tables: []overviewTable{table},
		Notes: []string{"Уведомления отправляются только на адреса этого компьютера (127.0.0.1, [::1], localhost)."},
	}, nil
}
