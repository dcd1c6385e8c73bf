package invoiceapi

import (
	"database/sql"
	"errors"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

var typeWords = sandbox.Words{"static": "Постоянная сумма", "dynamic": "Любая сумма"}

// overview lists terminals, payments and refunds on the index page.
func (g *Gateway) overview(ask sandbox.OverviewQuery) (o sandbox.Overview, err error) {
	o = sandbox.Overview{
		Title: "Invoice API v2",
		Notes: []sandbox.Text{sandbox.Textf("Карта %s оплачивает, карта %s отклоняется ([2, 51]). Срок действия %s, CVC %s, код 3DS %s.",
			groupDigits(TestCard), groupDigits(DeclinedCard), testCardExpiry, testCardCVC, testCard3DS)},
	}
	if err := g.expire(); err != nil {
		return o, err
	}
	err = g.Transact(func(tx *sql.Tx) error {
		return errors.Join(terminalListing(ask.Base).Read(tx, ask, &o), paymentListing(ask.Base, g.now()).Read(tx, ask, &o), refundListing().Read(tx, ask, &o))
	})
	return o, err
}

func terminalListing(base string) sandbox.Listing[Terminal] {
	return sandbox.Listing[Terminal]{
		Name: "terminals", Title: "Терминалы", Table: terminals, Newest: "number DESC",
		Search:  []string{"id", "alias", "name", "description", "type", "default_price"},
		Columns: []string{"Название", "Обозначение", "Тип", "Сумма"},
		Row: func(t Terminal) (string, []sandbox.Cell) {
			return base + terminalPath + t.ID, []sandbox.Cell{{Text: t.Name}, {Text: t.Alias}, typeWords.Cell(t.Type), {Amount: t.DefaultPrice, Currency: "RUB"}}
		},
	}
}

func paymentListing(base, now string) sandbox.Listing[Payment] {
	return sandbox.Listing[Payment]{
		Name: "payments", Title: "Платежи", Table: payments, Newest: "number DESC",
		Search: []string{"id", "order_id", "amount", "description", "terminal_id"}, Words: statusWords, StatusColumn: "status",
		Columns: []string{"Платёж", "Заказ", "Сумма", "Статус", "Оплатить до"},
		Row: func(p Payment) (string, []sandbox.Cell) {
			status := statusWords.Cell(p.Status)
			if paymentEnd(p, now) == "late" {
				status.Word = statusWord(p, now)
			}
			return base + payPath + p.ID, []sandbox.Cell{{Text: p.ID}, {Text: p.OrderID}, {Amount: p.Amount, Currency: p.Currency}, status, {At: p.ExpiresAt}}
		},
	}
}

func refundListing() sandbox.Listing[Refund] {
	return sandbox.Listing[Refund]{
		Name: "refunds", Title: "Возвраты", Table: refunds, Newest: "number DESC",
		Search: []string{"id", "payment_id", "amount", "reason"}, StatusColumn: "status", Words: refundWords,
		Columns: []string{"Возврат", "Платёж", "Сумма", "Статус"},
		Row: func(r Refund) (string, []sandbox.Cell) {
			return "", []sandbox.Cell{{Text: r.ID}, {Text: r.PaymentID}, {Amount: r.Amount, Currency: r.Currency}, refundWords.Cell(r.Status)}
		},
	}
}
