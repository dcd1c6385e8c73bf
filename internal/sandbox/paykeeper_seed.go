package sandbox

import (
	"database/sql"
	"encoding/json"
	"strconv"
	"time"
)

// seedPayKeeper is PayKeeper's part of SeedHistory.
func (s *Sandbox) seedPayKeeper(tx *sql.Tx, n int, m madeUp) error {
	var payment int64
	if err := tx.QueryRow(`SELECT COALESCE(MAX(CAST(paymentid AS INTEGER)), 0) FROM paykeeper_invoices`).Scan(&payment); err != nil {
		return err
	}
	payment = max(payment, paykeeperFirstPayment-1)
	ids, err := collect(tx, func(row scanner) (id string, err error) { err = row.Scan(&id); return id, err }, `SELECT id FROM paykeeper_invoices`)
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	for _, id := range ids {
		taken[id] = true
	}
	statements := preparedStatements{tx, map[string]*sql.Stmt{}}
	for number, at := range m.times(n) {
		at = at.In(moscow)
		i := m.paykeeperInvoice(at, number)
		for i.ID = paykeeperID(at); taken[i.ID]; i.ID = paykeeperID(at) {
			at = at.Add(time.Millisecond)
		}
		taken[i.ID] = true
		if i.Status == "paid" {
			payment++
			i.PaymentID = strconv.FormatInt(payment, 10)
		}
		if err := insertPayKeeperInvoice(statements, i); err != nil {
			return err
		}
	}
	return nil
}

// paykeeperInvoice makes up an invoice, all but its id and its payment's.
func (m madeUp) paykeeperInvoice(at time.Time, number int) PayKeeperInvoice {
	payer, amount := m.person(), m.amount().StringFixed(2)
	i := PayKeeperInvoice{
		PayAmount: amount, ClientID: payer.name, OrderID: m.order(at, number), ServiceName: m.goods(),
		CreatedDatetime: at.In(moscow).Format(paykeeperTime), ExpiryDatetime: paykeeperExpiry(at, 3+m.IntN(40)),
	}
	if m.IntN(10) > 0 {
		i.ClientEmail = payer.email
	}
	if m.IntN(3) == 0 {
		i.ClientPhone = payer.phone
	}
	if m.IntN(5) == 0 {
		i.ServiceName = madeUpPayKeeperCart(i.ServiceName, amount)
	}
	switch i.Status = m.pick([]choice{{"paid", 58}, {"sent", 27}, {"created", 9}, {"revoked", 6}}); i.Status {
	case "paid":
		i.PaidDatetime = m.between(at, 60*time.Hour).In(moscow).Format(paykeeperTime)
	case "sent", "created":
		if i.ExpiryDatetime <= m.now.In(moscow).Format(paykeeperTime) {
			i.Status = "expired"
		}
	}
	return i
}

// madeUpPayKeeperCart is a service_name with a cart of one item.
func madeUpPayKeeperCart(name, amount string) string {
	sum := json.Number(amount)
	cart, _ := json.Marshal(map[string]any{ // strings and numbers: it cannot fail
		"service_name": name,
		"cart":         []any{map[string]any{"name": name, "price": sum, "quantity": 1, "sum": sum, "tax": "vat20"}},
	})
	return string(cart)
}
