package intellectmoney

import (
	"database/sql"
	"embed"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

//go:embed pages
var texts embed.FS

// There are no pages, but texts of the overview.
var _ = sandbox.NewPages(texts)

// stateWords are the states for a person (document, State).
var stateWords = sandbox.Words{
	"Created":  "Создан",
	"PartPaid": "Частично оплачен",
	"Paid":     "Оплачен",
	"ToPaid":   "В процессе обработки",
	"Refund":   "Возвращён",
	"Held":     "Средства заблокированы",
}

// overview lists invoices on the index page. They have no pages here.
func (g *Gateway) overview(ask sandbox.OverviewQuery) (o sandbox.Overview, err error) {
	o = sandbox.Overview{
		Title: "IntellectMoney",
		Notes: []sandbox.Text{sandbox.Textf("Счета появляются здесь только из истории: %s. Логин и пароль для getUserToken: %s, %s.",
			"invoice-sandbox -seed-history 1000", g.options.Login, g.options.Password)},
	}
	err = g.Transact(func(tx *sql.Tx) error { return listing.Read(tx, ask, &o) })
	return o, err
}

var listing = sandbox.Listing[Invoice]{
	Name: "invoices", Title: "СКО", Table: invoices, Newest: "creation_date DESC, id DESC",
	Search: []string{"id", "purchase_order_id", "eshop_name", "amount", "owner_fio", "owner_email"}, Words: stateWords, StatusColumn: "state",
	Columns: []string{"СКО", "Заказ", "Магазин", "Сумма", "Статус", "Создан"},
	Row: func(i Invoice) (string, []sandbox.Cell) {
		return "", []sandbox.Cell{
			{Text: i.ID}, {Text: i.PurchaseOrderID}, {Text: i.EshopName}, {Amount: i.Amount, Currency: i.Currency}, stateWords.Cell(i.State), {At: i.CreationDate},
		}
	},
}
