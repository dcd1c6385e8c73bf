package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
)

const invoicesGuide = "guides/invoices-across-gateways"

// newInvoicesGuide has the guide's configuration.
func newInvoicesGuide(t *testing.T) *clitest.Workspace {
	t.Helper()
	w := newWorkspace(t)
	w.Env = append(w.Env, "TF_VAR_notification_token=the-hook-token")
	copyExample(w, invoicesGuide)
	return w
}

// The example keeps one file per invoice, for both gateways. Its outputs have one shape.
func TestInvoicesGuideApplies(t *testing.T) {
	w := newInvoicesGuide(t)
	w.Apply().Succeeds().SaysNothing()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Must(w.Sandbox.PayKeeper.Pay(w.PayKeeperInvoices()[0].ID))
	w.Must(w.Sandbox.P2P.SetStatus(w.P2PInvoices()[0].ID, "paid"))
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Apply().Succeeds().SaysNothing()

	text, ok := w.Exec("output", "-json", "invoices")
	var invoices map[string]map[string]any
	if err := json.Unmarshal([]byte(text), &invoices); !ok || err != nil || len(invoices) != 4 {
		t.Fatalf("output: %v\n%s", err, text)
	}
	paid := 0
	for order, one := range invoices {
		if keys := slices.Sorted(maps.Keys(one)); !slices.Equal(keys, []string{"amount", "expires", "gateway", "gateway_status", "is_paid", "status", "url"}) {
			t.Errorf("%s: %v", order, keys)
		}
		if _, err := time.Parse(time.RFC3339, fmt.Sprint(one["expires"])); err != nil {
			t.Errorf("%s: expires: %v", order, err)
		}
		want := map[string]any{"invoices-1042": "paykeeper 48500.00", "invoices-1043": "p2p 5000.00", "invoices-1044": "paykeeper 1200.00", "invoices-1045": "p2p 990.00"}[order]
		if got := fmt.Sprint(one["gateway"], " ", one["amount"]); got != want || !strings.HasPrefix(fmt.Sprint(one["url"]), w.URL) {
			t.Errorf("%s: %v", order, one)
		}
		if one["is_paid"] == true && one["status"] == "paid" {
			paid++
		}
	}
	if paid != 2 {
		t.Errorf("%d are paid, want one of each gateway", paid)
	}
	if outbox, err := w.Sandbox.PayKeeper.Outbox(); err != nil || len(outbox) != 1 || outbox[0].To != "anna@example.com" {
		t.Errorf("mails: %v, %v", outbox, err)
	}
}

// What the CLI drops in silence, in an object or in a YAML file, is an error, and nothing is sent.
func TestInvoicesGuideFindsMistakes(t *testing.T) {
	w := newInvoicesGuide(t)
	for text, phrase := range map[string]string{
		`{gateway: paykeeper, amount: "1.00", for: x, emial: anna@example.com}`: "emial is no name of a paykeeper invoice",
		`{gateway: p2p, amount: "1.00", email: anna@example.com}`:               "email is no name of a p2p invoice",
		`{gateway: paykeper, amount: "1.00", for: x}`:                           "gateway must be one of p2p, paykeeper",
		`{amount: "1.00"}`: "gateway must be one of p2p, paykeeper",
		`{gateway: paykeeper, amuont: "1.00", for: x}`:                                               "amuont is no name of a paykeeper invoice; amount is missing",
		`{gateway: paykeeper, amount: "1.00"}`:                                                       "for is missing",
		`{gateway: paykeeper, amount: "1.00", for: x, cart: [{name: x, price: "1.00", taxx: none}]}`: "taxx is no name of a line of the cart (line 1)",
		"gateway: paykeeper\n\tamount: 1":                                                            "this is no YAML of an invoice",
		"":                                                                                           "this is no YAML of an invoice",
		"# later":                                                                                    "this is no YAML of an invoice",
	} {
		w.WriteFile("invoices/invoices-1050.yaml", text+"\n")
		w.Apply().Fails("invoices/invoices-1050.yaml: ", phrase)
	}
	w.SentNoChange()
}

// An invoice is mailed later, in place. A P2P invoice that has expired is issued again with
// "renew" only. One of IntellectMoney is shown beside the others.
func TestInvoicesGuideGoesOn(t *testing.T) {
	w := newInvoicesGuide(t)
	later := "gateway: paykeeper\namount: \"990.00\"\nfor: Ремонт\nemail: boris@example.com\n"
	w.WriteFile("invoices/invoices-1047.yaml", later)
	w.Apply().Succeeds().SaysNothing()
	w.Mailed(1)
	// The shorter name of the file is the same invoice, and both names are one too many.
	w.Must(os.Rename(filepath.Join(w.Dir, "invoices/invoices-1047.yaml"), filepath.Join(w.Dir, "invoices/invoices-1047.yml")))
	w.Plan().Succeeds().ChangesNothing()
	w.WriteFile("invoices/invoices-1047.yaml", later)
	w.Plan().Fails("Duplicate object key")
	w.Must(os.Remove(filepath.Join(w.Dir, "invoices/invoices-1047.yml")))
	w.WriteFile("invoices/invoices-1047.yaml", later+"send: true\n")
	w.Apply().Succeeds().Changes(map[string]string{`invoice_invoice.order["invoices-1047"]`: "update"})
	w.Mailed(2)

	for _, one := range w.P2PInvoices() {
		w.Must(w.Sandbox.P2P.SetStatus(one.ID, "expired"))
	}
	w.Apply().Succeeds().Warns("can no longer be paid").Changes(map[string]string{`invoice_invoice.order["invoices-1043"]`: "replace"})

	elsewhere, err := w.Sandbox.IntellectMoney.Add(intellectmoney.Invoice{Amount: "4206.00", State: "PartPaid"})
	w.Must(err)
	w.Env = append(w.Env, `TF_VAR_intellectmoney={"invoices-1046"="`+elsewhere.ID+`"}`)
	w.Apply().Succeeds().ChangesNothing()
	table := outputOf(w, "-raw", "table")
	for order, status := range map[string]string{"invoices-1043": "created", "invoices-1045": "expired", "invoices-1046": "partially_paid", "invoices-1047": "sent"} {
		if !slices.ContainsFunc(strings.Split(table, "\n"), func(line string) bool {
			return strings.HasPrefix(line, order) && strings.Contains(line, " "+status+" ")
		}) {
			t.Errorf("%s is not %s:\n%s", order, status, table)
		}
	}
}
