package paykeeper

import (
	"database/sql"
	"encoding/json"
	"strconv"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// madeUp makes up invoices of PayKeeper.
type madeUp struct{ sandbox.MadeUp }

// seed makes up n invoices, and then their payments, all in one statement. With
// the trigger it would take half as long again.
func seed(tx *sql.Tx, n int, m madeUp) error {
	if _, err := tx.Exec(`DROP TRIGGER paykeeper_paid_at_once`); err != nil {
		return err
	}
	if err := seedInvoices(tx, n, m); err != nil {
		return err
	}
	_, err := tx.Exec(paymentSchema)
	return err
}

func seedInvoices(tx *sql.Tx, n int, m madeUp) error {
	payment, err := nextPayment(tx)
	if err != nil {
		return err
	}
	ids, err := sandbox.Column[string](tx, `SELECT id FROM paykeeper_invoices`)
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	for _, id := range ids {
		taken[id] = true
	}
	prepared := sandbox.Prepare(tx)
	for number, at := range m.Times(n) {
		at = at.In(sandbox.Moscow)
		i := m.invoice(at, number)
		for i.ID = idOf(at); taken[i.ID]; i.ID = idOf(at) {
			at = at.Add(time.Millisecond)
		}
		taken[i.ID] = true
		if i.Status == "paid" {
			i.PaymentID = strconv.FormatInt(payment, 10)
			payment++
		}
		if err := invoices.Insert(prepared, i); err != nil {
			return err
		}
	}
	return nil
}

// invoice makes up an invoice. Its id and the id of its payment come later.
func (m madeUp) invoice(at time.Time, number int) Invoice {
	payer, amount := m.Person(), m.Amount().StringFixed(2)
	i := Invoice{
		PayAmount: amount, ClientID: payer.Name, OrderID: m.Order(at, number), ServiceName: m.Goods(),
		CreatedDatetime: at.In(sandbox.Moscow).Format(timeFormat), ExpiryDatetime: expiryAfter(at, 3+m.IntN(40)),
	}
	if m.IntN(10) > 0 {
		i.ClientEmail = payer.Email
	}
	if m.IntN(3) == 0 {
		i.ClientPhone = payer.Phone
	}
	if m.IntN(5) == 0 {
		i.ServiceName = cartOfOne(i.ServiceName, amount)
	}
	switch i.Status = m.Pick(sandbox.Choices{{"paid", 58}, {"sent", 27}, {"created", 9}, {"revoked", 6}}); i.Status {
	case "paid":
		i.PaidDatetime = m.Between(at, 60*time.Hour).In(sandbox.Moscow).Format(timeFormat)
	case "sent", "created":
		if i.ExpiryDatetime <= m.Now.In(sandbox.Moscow).Format(timeFormat) {
			i.Status = "expired"
		}
	}
	return i
}

// cartOfOne is a service_name with a cart of one item.
func cartOfOne(name, amount string) string {
	sum := json.Number(amount)
	cart, _ := json.Marshal(map[string]any{ // strings and numbers: it cannot fail
		"service_name": name,
		"cart":         []any{map[string]any{"name": name, "price": sum, "quantity": 1, "sum": sum, "tax": "vat20"}},
	})
	return string(cart)
}
