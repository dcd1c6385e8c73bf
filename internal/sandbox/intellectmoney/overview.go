package intellectmoney

import (
	"database/sql"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// stateWords are the states for a person (document, State).
var stateWords = sandbox.Words{
	"Created":  "Создан",
	"PartPaid": "Частично оплачен",
	"Paid":     "Оплачен",
	"ToPaid":   "В процессе обработки",
	"Refund":   "Возвращён",
	"Held":     "Захолдирован",
}

// overview lists the newest invoices on the index page, and counts all.
// Invoices have no pages here.
func (g *Gateway) overview(string) (o sandbox.Overview, err error) {
	err = g.Transact(func(tx *sql.Tx) error {
		counts, err := sandbox.CountBy(tx, invoices.Name, "state")
		if err != nil {
			return err
		}
		newest, err := invoices.Select(tx, `ORDER BY creation_date DESC, id DESC LIMIT ?`, sandbox.OverviewRows)
		table := sandbox.OverviewTable{Title: "Новые СКО", Columns: []string{"СКО", "Заказ", "Магазин", "Сумма", "Статус", "Создан"}}
		for _, i := range newest {
			table.Add("", i.ID, i.PurchaseOrderID, i.EshopName, sandbox.Money(i.Amount)+" "+i.Currency,
				stateWords.WithStatus(i.State), sandbox.Moment(i.CreationDate))
		}
		o = sandbox.Overview{
			Title: "IntellectMoney", Tables: []sandbox.OverviewTable{sandbox.OverviewCounts("СКО по статусам", counts, stateWords), table},
			Notes: []string{"Счета появляются здесь только из истории: invoice-sandbox -seed-history 1000. Логин и пароль для getUserToken: " +
				g.options.Login + ", " + g.options.Password + "."},
		}
		return err
	})
	return o, err
}
