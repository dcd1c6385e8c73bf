package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

const linksGuide = "guides/payment-links-by-pull-request"

// newLinkFolder is a workspace in which the guide's links were applied.
func newLinkFolder(t *testing.T) *clitest.Workspace {
	t.Helper()
	w := newWorkspace(t)
	copyExample(w, linksGuide)
	w.Apply().Succeeds().SaysNothing()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.PaymentsAre("init init init")
	return w
}

// paymentOf is the newest payment of an order.
func paymentOf(w *clitest.Workspace, orderID string) (found invoiceapi.Payment) {
	w.T.Helper()
	for _, one := range w.Payments() {
		if one.OrderID == orderID {
			found = one
		}
	}
	if found.ID == "" {
		w.T.Fatalf("there is no payment of %s", orderID)
	}
	return found
}

// A pull request may change the folder in many ways, and the guide says what follows.
func TestLinksGuideFollowsItsFolder(t *testing.T) {
	const web, hall = `invoice_payment_link.order["poster-2026-12-1042"]`, `invoice_payment_link.order["poster-2026-12-hall"]`
	w := newLinkFolder(t)

	// An order that moves to another file stays.
	w.Must(os.Rename(filepath.Join(w.Dir, "orders", "hall.yaml"), filepath.Join(w.Dir, "orders", "room.yml")))
	w.Plan().Succeeds().SaysNothing().ChangesNothing()

	// What failed is issued again.
	w.Must(w.Sandbox.InvoiceAPI.Pay(paymentOf(w, "poster-2026-12-1042").ID, invoiceapi.DeclinedCard))
	w.Apply().Succeeds().Changes(map[string]string{web: "replace"}).SaysOnly("A new payment link will be issued")
	w.Plan().Succeeds().SaysNothing().ChangesNothing()

	// A paid order needs no sheet any more, and cannot be changed.
	paid := paymentOf(w, "poster-2026-12-hall")
	w.Must(w.Sandbox.InvoiceAPI.Pay(paid.ID, invoiceapi.TestCard))
	w.Apply().Succeeds().SaysNothing().ChangesNothing()
	posters := outputOf(w, "-raw", "posters")
	for _, one := range w.Payments() {
		isOpen := one.Status == "init"
		if strings.Contains(posters, w.URL+"/invoice/pay/"+one.ID) != isOpen {
			t.Errorf("payment %s is open: %v, and on the sheets it is otherwise", one.OrderID, isOpen)
		}
	}
	if table := outputOf(w, "-raw", "table"); !strings.Contains(table, "poster-2026-12-hall      15000.00  successful  "+w.URL) {
		t.Errorf("the table does not show what is paid: %s", table)
	}
	rewriteFile(w, "orders/room.yml", `"15000.00"`, `"13500.00"`)
	w.Plan().Fails("The receipt comes to 15000.00, and amount is not that.")
	rewriteFile(w, "orders/room.yml", `"10"`, `"5"`)
	w.Plan().Fails("A paid payment link cannot be changed")

	// An order that is taken out is closed, or forgotten if it is paid.
	w.Must(os.RemoveAll(filepath.Join(w.Dir, "orders")))
	w.WriteFile("orders/web.yaml", "order_id: \"poster-2026-12-1041\"\namount: 100\nreceipt: [{ name: \"Чай\", price: 50, quantity: 2 }]\n")
	planned := w.Apply().Succeeds().Warns("A new payment link will be issued").Warns("paid").Planned
	if planned[web] != "delete" || planned[hall] != "delete" || len(planned) != 3 {
		t.Errorf("planned: %v", planned)
	}
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	for id, want := range map[string]string{"poster-2026-12-1041": "init", "poster-2026-12-1042": "closed", "poster-2026-12-hall": "successful"} {
		if got := paymentOf(w, id).Status; got != want {
			t.Errorf("%s is %s, want %s", id, got, want)
		}
	}
}

// What people have written is no HTML.
func TestLinksGuideEscapesItsSheets(t *testing.T) {
	w := newWorkspace(t)
	copyExample(w, linksGuide)
	rewriteFile(w, "orders/hall.yaml", "Аренда зала на вечер", "<script>alert(1)</script> & K°")
	w.Apply().Succeeds()
	if posters := outputOf(w, "-raw", "posters"); strings.Contains(posters, "<script") || !strings.Contains(posters, "&lt;script&gt;alert(1)&lt;/script&gt; &amp; K°") {
		t.Errorf("the sheets: %s", posters)
	}
}

// What YAML makes of a text without quotes, and what the CLI drops in silence, is an error that names
// the file. Nothing reaches the gateway.
func TestLinksGuideFindsMistakes(t *testing.T) {
	const receipt = "amount: \"2160.00\"\nreceipt:\n  - { name: \"Торт\", price: \"1200.00\", quantity: \"2\", discount: \"10%\" }\n"
	w := newWorkspace(t)
	copyExample(w, linksGuide)
	for what, c := range map[string]struct{ file, want string }{
		"mistyped name":    {"order_id: \"poster-1\"\ndescriptn: \"Торт\"\n" + receipt, `orders/x.yaml, order 1: There is no "descriptn".`},
		"mistyped in line": {"order_id: \"poster-1\"\n" + strings.Replace(receipt, "discount", "discout", 1), `A line of a receipt has no "discout".`},
		"date":             {"order_id: 2026-12-31\n" + receipt, `Put order_id in quotes: YAML made "2026-12-31T00:00:00Z" of it.`},
		"time":             {"order_id: \"poster-1\"\ndescription: 2026-12-31 10:00:00\n" + receipt, `Put description in quotes: YAML made "2026-12-31T10:00:00Z" of it.`},
		"number":           {"order_id: 007\n" + receipt, "Put order_id in quotes: YAML made 7 of it."},
		"phone":            {"order_id: \"poster-1\"\ncustomer: +79991234567\n" + receipt, "Put customer in quotes: YAML made 79991234567 of it."},
		"no":               {"order_id: \"poster-1\"\ndescription: no\n" + receipt, "Put description in quotes: YAML made false of it."},
		"null":             {"order_id: ~\n" + receipt, "orders/x.yaml, order 1: order_id is missing."},
		"empty":            {"order_id: \"\"\n" + receipt, "orders/x.yaml, order 1: order_id is missing."},
		"underscore":       {"order_id: \"poster-1\"\n" + strings.Replace(receipt, "1200.00", "1_200", 1), `"1_200" is no number for price in line 1 of the receipt`},
		"no name":          {"order_id: \"poster-1\"\n" + strings.Replace(receipt, "name: \"Торт\", ", "", 1), "The receipt cannot be computed"},
		"other total":      {"order_id: \"poster-1\"\n" + strings.Replace(receipt, "2160.00", "2400.00", 1), "The receipt comes to 2160.00, and amount is not that."},
		"amount no number": {"order_id: \"poster-1\"\n" + strings.Replace(receipt, "2160.00", "2_160", 1), `"2_160" is no number for amount: write a point, not a comma, and no spaces`},
		"comma":            {"order_id: \"poster-1\"\n" + strings.Replace(receipt, "2160.00", "2160,00", 1), `"2160,00" is no number for amount`},
		"space":            {"order_id: \"poster-1\"\n" + strings.Replace(receipt, "2160.00", "2 160.00", 1), `"2 160.00" is no number for amount`},
		"price":            {"order_id: \"poster-1\"\n" + strings.Replace(receipt, "1200.00", "1200,00", 1), `"1200,00" is no number for price in line 1 of the receipt`},
		"comma, no quotes": {"order_id: \"poster-1\"\n" + strings.Replace(receipt, "\"1200.00\"", "1200,00", 1), `A line of a receipt has no "0".`},
		"no amount":        {"order_id: \"poster-1\"\n" + strings.Replace(receipt, "amount: \"2160.00\"\n", "", 1), "orders/x.yaml, order 1: amount is missing."},
		"no receipt":       {"order_id: \"poster-1\"\namount: \"2160.00\"\n", "orders/x.yaml, order 1: receipt is missing."},
		"tab":              {"order_id: \"poster-1\"\n\t" + receipt, "orders/x.yaml, order 1: This is no YAML of an order."},
		"nothing":          {"", "orders/x.yaml, order 1: This is no YAML of an order."},
		"comment":          {"# later\n", "orders/x.yaml, order 1: This is no YAML of an order."},
		"no lines":         {"order_id: \"poster-1\"\namount: \"0.00\"\nreceipt: []\n", "Invalid value"},
		"missing":          {receipt, "orders/x.yaml, order 1: order_id is missing."},
		"no order":         {"Торт\n", "orders/x.yaml, order 1: This is no YAML of an order."},
		"taken":            {"- order_id: \"poster-2026-12-1041\"\n  " + strings.ReplaceAll(strings.TrimSpace(receipt), "\n", "\n  ") + "\n", "orders/web.yaml, order 1: orders/x.yaml, order 1 has the same order_id."},
	} {
		w.WriteFile("orders/x.yaml", c.file)
		planned := w.Plan().Fails(c.want)
		if len(planned.Messages) != 1 {
			t.Errorf("%s: %d messages, want 1:\n%s", what, len(planned.Messages), planned)
		}
		if count := strings.Count(planned.String(), "x.yaml, order 1: "); what != "mistyped in line" && count > 1 {
			t.Errorf("%s: %d mistakes, want 1 at most:\n%s", what, count, planned)
		}
	}
	w.Sent("CreateTerminal", 0)
	w.Sent("CreatePayment", 0)
	w.WriteFile("orders/x.yaml", "order_id: \"007\"\n"+receipt)
	w.Apply().Succeeds().SaysNothing()
	paymentOf(w, "007")
}
