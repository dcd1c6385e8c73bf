package p2p

import (
	"database/sql"
	"net/url"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

var typeWords = sandbox.Words{"in": "Приём", "out": "Выплата"}

// overview lists invoices on the index page.
func (g *Gateway) overview(ask sandbox.OverviewQuery) (o sandbox.Overview, err error) {
	o = sandbox.Overview{
		Title: "P2P (заявки мерчанта)",
		Notes: []sandbox.Text{sandbox.Textf("Уведомления отправляются только на адреса этого компьютера (127.0.0.1, [::1], localhost).")},
	}
	if err := g.sweep(); err != nil {
		return o, err
	}
	err = g.Transact(func(tx *sql.Tx) error { return listing(ask.Base).Read(tx, ask, &o) })
	return o, err
}

func listing(base string) sandbox.Listing[Invoice] {
	return sandbox.Listing[Invoice]{
		Name: "invoices", Title: "Заявки", Table: invoices, Newest: "number DESC",
		Search: []string{"id", "internal_id", "amount"}, Words: statusWords, StatusColumn: "status",
		Columns: []string{"Заявка", "ID мерчанта", "Тип", "Сумма", "Статус", "Оплатить до"},
		Row: func(i Invoice) (string, []sandbox.Cell) {
			return base + pagePath + "?id=" + url.QueryEscape(i.ID), []sandbox.Cell{
				{Text: i.ID}, {Text: i.InternalID}, typeWords.Cell(i.Type), {Amount: i.Amount, Currency: i.Currency},
				statusWords.Cell(i.Status), {At: i.ExpireAt},
			}
		},
	}
}
