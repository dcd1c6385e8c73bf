package sandbox

import "database/sql"

// intellectmoneyStateWords are the states for a person (document, State).
var intellectmoneyStateWords = map[string]string{
	"Created":  "Создан",
	"PartPaid": "Частично оплачен",
	"Paid":     "Оплачен",
	"ToPaid":   "В процессе обработки",
	"Refund":   "Возвращён",
	"Held":     "Захолдирован",
}

func intellectmoneyStateWord(state string) string {
	if word, ok := intellectmoneyStateWords[state]; ok {
		return word
	}
	return state
}

// intellectmoneyOverview lists the newest invoices on the index page, and
// counts all. They have no pages: the API here does not create any.
func (s *Sandbox) intellectmoneyOverview(string) (overview, error) {
	var counts map[string]int
	var invoices []IntellectMoneyInvoice
	err := s.transact(func(tx *sql.Tx) (err error) {
		if counts, err = countBy(tx, "intellectmoney_invoices", "state"); err != nil {
			return err
		}
		invoices, err = collect(tx, scanIntellectMoneyInvoice, selectIntellectMoneyInvoices+`ORDER BY creation_date DESC, id DESC LIMIT ?`, overviewRows)
		return err
	})
	if err != nil {
		return overview{}, err
	}
	table := overviewTable{Title: "Новые СКО", Columns: []string{"СКО", "Заказ", "Магазин", "Сумма", "Статус", "Создан"}}
	for _, i := range invoices {
		table.Rows = append(table.Rows, overviewRow{"", []string{
			i.ID, i.PurchaseOrderID, i.EshopName, money(i.Amount) + " " + i.Currency,
			intellectmoneyStateWord(i.State) + " (" + i.State + ")", i.CreationDate.Format("02.01.2006 15:04 МСК"),
		}})
	}
	return overview{
		Title: "IntellectMoney", Tables: []overviewTable{overviewCounts("СКО по статусам", "Статус", counts, intellectmoneyStateWord), table},
		Notes: []string{"Счета появляются здесь только из истории: invoice-sandbox -seed-history 1000. Логин и пароль для getUserToken: " +
			s.options.IntellectMoneyLogin + ", " + s.options.IntellectMoneyPassword + "."},
	}, nil
}
