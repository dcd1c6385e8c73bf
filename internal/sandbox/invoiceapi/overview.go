package invoiceapi

import (
	"fmt"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// overview lists terminals, payments and refunds on the index page.
func (g *Gateway) overview(base string) (sandbox.Overview, error) {
	all, err := g.Terminals.All()
	if err != nil {
		return sandbox.Overview{}, err
	}
	terminals := sandbox.OverviewTable{Title: "Терминалы", Columns: []string{"Название", "Обозначение", "Тип", "Сумма"}}
	for _, t := range all {
		terminals.Add(base+terminalPath+t.ID, t.Name, t.Alias, t.Type, sandbox.Money(t.DefaultPrice))
	}
	paid, err := g.Payments.All()
	if err != nil {
		return sandbox.Overview{}, err
	}
	now := g.now()
	payments := sandbox.OverviewTable{Title: "Платежи", Columns: []string{"Платёж", "Заказ", "Сумма", "Статус", "Оплатить до"}}
	for _, p := range paid {
		payments.Add(base+payPath+p.ID, p.ID, p.OrderID, sandbox.Money(p.Amount)+" "+p.Currency,
			statusWord(p, now)+" ("+p.Status+")", sandbox.ISOMoment(p.ExpiresAt))
	}
	back, err := g.Refunds.All()
	if err != nil {
		return sandbox.Overview{}, err
	}
	refunds := sandbox.OverviewTable{Title: "Возвраты", Columns: []string{"Возврат", "Платёж", "Сумма", "Статус"}}
	for _, r := range back {
		refunds.Add("", r.ID, r.PaymentID, sandbox.Money(r.Amount)+" "+r.Currency, r.Status)
	}
	return sandbox.Overview{
		Title:  "Invoice API v2",
		Tables: []sandbox.OverviewTable{terminals, payments, refunds},
		Notes: []string{
			fmt.Sprintf("Карта %s оплачивает, карта %s отклоняется ([2, 51]). Срок действия %s, CVC %s, код 3DS %s.",
				groupDigits(TestCard), groupDigits(DeclinedCard), testCardExpiry, testCardCVC, testCard3DS),
		},
	}, nil
}
