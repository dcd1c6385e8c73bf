package intellectmoney

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// shop is a shop of a made-up history.
type shop struct {
	eshop             int
	name, url         string
	organization      int
	organizationName  string
	taxpayer          string
	holdsMoneyForShop bool
}

// shops are the shops of the demo's holding: two of the user's own
// organisation, and one each of two others.
var shops = []shop{
	{DemoEshopID, "Кофейня на Мира", "https://mira.example", DemoOrganizationID, "ООО «Зерно»", "5000000001", false},
	{450017, "Интернет-магазин \"Зерно\"", "https://zerno.example", DemoOrganizationID, "ООО «Зерно»", "5000000001", true},
	{461203, "Школа бариста", "https://school.example", 10057, "ООО «Помол»", "5000000002", true},
	{98765, "Мастерская", "https://remont.example", 977, "ИП Орлов П. П.", "500000000300", false},
}

// madeUp makes up invoices of IntellectMoney.
type madeUp struct{ sandbox.MadeUp }

// seed makes up n invoices.
func (g *Gateway) seed(tx *sql.Tx, n int, m madeUp) error {
	first, transaction, err := nextNumbers(tx)
	if err != nil {
		return err
	}
	prepared := sandbox.Prepare(tx)
	for number, at := range m.Times(n) {
		i, err := m.invoice(strconv.FormatInt(first+int64(number), 10), at, number)
		if err != nil {
			return err
		}
		g.complete(&i)
		if err := invoices.Insert(prepared, i); err != nil {
			return err
		}
		if err := insertTransactions(prepared, &i, transaction); err != nil {
			return err
		}
		transaction += int64(len(i.Transactions))
	}
	return nil
}

// invoice makes up an invoice. An unpaid one stays Created after its
// expiration: the gateway has no state for that.
func (m madeUp) invoice(id string, at time.Time, number int) (Invoice, error) {
	shop, payer, amount := shops[min(m.IntN(6), len(shops)-1)], m.Person(), m.Amount()
	i := Invoice{
		ID: id, State: "Created", CreationDate: at, ExpirationDate: at.Add(time.Duration(1+m.IntN(30)) * 24 * time.Hour),
		Amount: amount.StringFixed(2), CurrentAmount: "0.00", PurchaseOrderID: m.Order(at, number),
		EshopID: shop.eshop, EshopName: shop.name, EshopURL: shop.url, OrganizationID: shop.organization, OrganizationName: shop.organizationName,
		HoldModeFlag: shop.holdsMoneyForShop && m.IntN(3) == 0,
	}
	if m.IntN(12) > 0 {
		i.OwnerEmail = payer.Email
	}
	state := m.Pick(sandbox.Choices{{"Paid", 60}, {"Created", 19}, {"Refund", 7}, {"PartPaid", 5}, {"ToPaid", 4}, {"Held", 5}})
	if state == "Held" && !shop.holdsMoneyForShop {
		state = "Paid"
	}
	if state == "Created" {
		return i, nil
	}
	paid := m.Between(at, 40*time.Hour)
	if state == "Refund" {
		if err := i.become("Paid", paid); err != nil {
			return i, err
		}
		paid = m.Between(paid, 10*24*time.Hour)
	}
	if err := i.become(state, paid); err != nil {
		return i, err
	}
	if state == "Paid" && m.IntN(25) == 0 { // a part comes back, and the state stays Paid
		back := m.Between(paid, 10*24*time.Hour)
		i.refund(amount.Div(decimal.NewFromInt(4)).RoundUp(2), back)
		i.ChangeDate = back
	}
	if state != "ToPaid" {
		i.Rrn = fmt.Sprintf("5%011d", m.Int64N(1e11))
	}
	if m.IntN(2) == 0 {
		i.MerchantReceipt = m.receipt(shop, i)
	}
	return i, nil
}

// receipt makes up a receipt as in the document's sample answer.
func (m madeUp) receipt(shop shop, i Invoice) string {
	type position struct {
		Quantity, Price json.Number
		Tax             int
		Text            string
	}
	type content struct {
		Type       int
		Positions  []position
		CheckClose struct {
			Payments       []any
			TaxationSystem int
		}
		CustomerContact string
	}
	receipt := struct {
		Inn          string
		ReceiptState int
		Content      content
	}{Inn: shop.taxpayer, Content: content{
		Type: 1, Positions: []position{{"1.00", json.Number(i.Amount), 1, m.Goods()}}, CustomerContact: i.OwnerEmail,
	}}
	receipt.Content.CheckClose.Payments, receipt.Content.CheckClose.TaxationSystem = []any{}, 255
	text, _ := json.Marshal(receipt) // strings and numbers: it cannot fail
	return string(text)
}
