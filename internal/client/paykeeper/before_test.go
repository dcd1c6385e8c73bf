package paykeeper_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	sandboxpaykeeper "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// An open invoice of the same order is found however old it is. Where the search finds too
// much, it goes back as far as it can, and says that there may be others.
func TestTwinsOnTheSandbox(t *testing.T) {
	const crowd = 120 // other orders whose ids contain the order id
	for _, test := range []struct {
		name                string
		days, crowd         int // how old they are; 0 means that there is no crowd
		found, cut          bool
		orderID, amount     string
		status, wantDialect string
	}{
		{name: "yesterday", days: 1, found: true},
		{name: "three months", days: 91, found: true},
		{name: "ten years", days: 3650, found: true},
		{name: "spelled otherwise", days: 5, orderID: "0077 ", found: true},
		{name: "another order", days: 5, orderID: "771"},
		{name: "another amount", days: 5, amount: "11.00"},
		{name: "paid", days: 5, status: "paid"},
		{name: "not open any more", days: 5, status: "expired"},
		{name: "among too many of last year", days: 60, crowd: 300, found: true, cut: true},
		{name: "before too many of last year", days: 500, crowd: 300, cut: true},
		{name: "before too many of the last days", days: 60, crowd: 1, cut: true},
		{name: "no search", days: 5, wantDialect: "paykeeper_search=false"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var dialect []string
			if test.wantDialect != "" {
				dialect = append(dialect, test.wantDialect)
			}
			c, box := meet(t, dialect...)
			add := func(i sandboxpaykeeper.Invoice, days int) string {
				i.CreatedDatetime = time.Now().In(values.Moscow).AddDate(0, 0, -days).Format(time.DateTime)
				i.ExpiryDatetime = "2099-01-01 00:00:00"
				added, err := box.PayKeeper.Add(i)
				if err != nil {
					t.Fatal(err)
				}
				return added.ID
			}
			orderID, amount := "77", "10.00"
			if test.orderID != "" {
				orderID = test.orderID
			}
			if test.amount != "" {
				amount = test.amount
			}
			twin := add(sandboxpaykeeper.Invoice{PayAmount: amount, OrderID: orderID, Status: test.status}, test.days)
			for n := 0; n < crowd && test.crowd > 0; n++ {
				add(sandboxpaykeeper.Invoice{PayAmount: "10.00", OrderID: fmt.Sprintf("77-%d", n)}, test.crowd)
			}
			created, err := c.CreateInvoice(t.Context(), paykeeper.CreateInvoiceRequest{Amount: clienttest.Decimal(t, "10"), OrderID: "77"})
			if err != nil {
				t.Fatal(err)
			}
			if slices.Contains(created.Twins, twin) != test.found || len(created.Twins) > 1 || created.TwinsCut != test.cut {
				t.Errorf("twins %v of %s, cut %t", created.Twins, twin, created.TwinsCut)
			}
			if isPaid := test.status == "paid"; slices.Contains(created.Paid, twin) != isPaid || !isPaid && len(created.Paid) > 0 {
				t.Errorf("paid ones %v, the other is %s %q", created.Paid, twin, test.status)
			}
		})
	}
}
