package intellectmoney

import (
	"cmp"
	"database/sql"
	"fmt"
	"strconv"
)

// Add stores an invoice and returns what is stored. Only Amount is required.
// The other defaults: a new ID, the state Created, the demo's shop and
// organisation, dates of now, and a CurrentAmount of zero. ExpirationDate,
// OwnerEmail, PurchaseOrderID, Rrn and the receipt stay absent.
func (g *Gateway) Add(i Invoice) (Invoice, error) {
	err := g.Transact(func(tx *sql.Tx) error {
		g.complete(&i)
		next, transaction, err := nextNumbers(tx)
		if err != nil {
			return err
		}
		i.ID = cmp.Or(i.ID, strconv.FormatInt(next, 10))
		if err := invoices.Insert(tx, i); err != nil {
			return err
		}
		if err := insertTransactions(tx, &i, transaction); err != nil {
			return err
		}
		i, err = store{}.Get(tx, i.ID)
		return err
	})
	if err != nil {
		return i, fmt.Errorf("add IntellectMoney invoice %s: %w", i.ID, err)
	}
	return i, nil
}

func (g *Gateway) complete(i *Invoice) {
	i.State = cmp.Or(i.State, "Created")
	i.Currency = cmp.Or(i.Currency, "RUB")
	i.CurrentAmount, i.SurchargeAmount = cmp.Or(i.CurrentAmount, "0.00"), cmp.Or(i.SurchargeAmount, "0.00")
	i.OriginalAmount = cmp.Or(i.OriginalAmount, i.Amount)
	i.OwnerFIO = cmp.Or(i.OwnerFIO, "  ") // three names, none known (document, sample answer)
	i.CreationDate = cmp.Or(i.CreationDate, g.Now())
	i.ChangeDate = cmp.Or(i.ChangeDate, i.CreationDate)
	i.EshopID, i.EshopName, i.EshopURL = cmp.Or(i.EshopID, DemoEshopID), cmp.Or(i.EshopName, "Магазин"), cmp.Or(i.EshopURL, "https://shop.example")
	i.OrganizationID, i.OrganizationName = cmp.Or(i.OrganizationID, DemoOrganizationID), cmp.Or(i.OrganizationName, "ООО «Зерно»")
}

// SetState gives an invoice any state, as of now. The state need not be a known
// one. A known one brings its amounts and transactions.
func (g *Gateway) SetState(id, state string) error {
	return g.Invoices.UpdateInTx(id, func(_ *sql.Tx, i *Invoice) error { return i.become(state, g.Now()) })
}
