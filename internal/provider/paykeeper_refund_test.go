package provider

import (
	"strings"
	"testing"
)

// The whole life: half, then the rest, forgotten and imported again.
func TestPayKeeperRefundInEveryDialect(t *testing.T) {
	for _, dialect := range refundDialects {
		t.Run(dialectName(dialect), func(t *testing.T) {
			w, payment := newPayKeeperRefunds(t, dialect...)
			half := payKeeperRefund(payment, `reason = "не подошло"`, cartOf("500"))
			rest := renamed(payKeeperRefund(payment, "sequence = 2"), "back", "rest")
			w.MustApply(half)
			w.MustApply(half + rest)
			ids := refundsAre(w, "500.00", "500.00")
			w.StateHas(refundAddress, map[string]any{
				"id": ids[0], "gateway": "paykeeper", "payment_id": payment, "amount": "500", "status": "successful", "currency": "RUB", "updated_at": nil,
			})
			if at, _ := w.Attributes(refundAddress)["created_at"].(string); !strings.Contains(at, "T") {
				t.Errorf("created_at = %q", at)
			}
			sent := reversals(w)
			if len(sent) != 2 {
				t.Fatalf("%d were sent", len(sent))
			}
			if sent[0].Get("id") != payment || sent[0].Get("amount") != "500.00" || sent[0].Get("partial") != "true" || sent[0].Get("token") == "" {
				t.Errorf("sent %v", sent[0])
			}
			if cart := sent[0].Get("refund_cart"); cart != `[{"name":"Чай","price":250,"quantity":2,"sum":500,"tax":"vat10","item_type":"goods"}]` {
				t.Errorf("the cart is %s", cart)
			}
			if sent[1].Has("refund_cart") {
				t.Errorf("sent %v", sent[1])
			}
			loseState(w)
			plain := payKeeperRefund(payment)
			w.Write(plain + importing(refundAddress, "paykeeper/"+payment+"/"+ids[0]))
			w.Apply().Succeeds()
			w.Plan().Succeeds().ChangesNothing().SaysNothing()
			w.StateHas(refundAddress, map[string]any{"id": ids[0], "status": "successful"})
			refundsAre(w, "500.00", "500.00")
		})
	}
}

// cartOf is a cart with one line.
func cartOf(sum string) string {
	return `refund_cart = [{ name = "Чай", price = "250", quantity = "2", sum = "` + sum + `", tax = "vat10", item_type = "goods" }]`
}

// The whole payment, of which nothing was given back, goes back with partial=false; nothing else does.
func TestPayKeeperRefundOfTheWholePayment(t *testing.T) {
	w, payment := newPayKeeperRefunds(t)
	w.MustApply(withLine(payKeeperRefund(payment), "amount", `amount = "1000"`))
	if sent := reversals(w); len(sent) != 1 || sent[0].Get("partial") != "false" {
		t.Errorf("sent %v", sent)
	}
	w, payment = newPayKeeperRefundsBeside(t)
	w.Write(payKeeperRefund(payment) + renamed(withLine(payKeeperRefund(payment), "amount", `amount = "499.99"`), "back", "more"))
	w.Apply().Succeeds() // in one run
	w.Plan().Succeeds().ChangesNothing()
	for _, sent := range reversals(w) {
		if sent.Get("partial") != "true" {
			t.Errorf("sent %v", sent)
		}
	}
}
