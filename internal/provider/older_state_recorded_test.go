package provider

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// The files in testdata/versionN are states that version N of the schemas has stored: whole, with
// their private data. Only ids, addresses and moments are those of a test.

// everyKind has an object of each kind: open, paid, mailed, imported, with a made order id.
func everyKind() string {
	link := func(name, order string) string {
		return strings.Replace(withLine(linkBody, "order_id", order), `"order"`, `"`+name+`"`, 1)
	}
	invoice := func(config, name string) string {
		return strings.NewReplacer(`"one"`, `"`+name+`"`, `"order-1"`, `"`+name+`"`, `"payout-1"`, `"`+name+`"`).Replace(config)
	}
	return terminalConfig + linkTerminal + linkBody + link("made", "") + link("paid", `order_id = "paid"`) + link("imported", `order_id = "imported"`) +
		invoice(paykeeperInvoice(), "paykeeper") + invoice(paykeeperInvoice(), "paykeeper-paid") + invoice(paykeeperInvoice(), "paykeeper-imported") + mailedInvoice +
		invoice(p2pInvoice(), "p2p") + invoice(p2pInvoice(`max_amount = "1001"`), "p2p-paid") + invoice(p2pInvoice(), "p2p-imported") +
		invoice(payoutConfig, "payout") + invoice(payoutConfig, "payout-paid") + invoice(unprotected(payoutConfig), "payout-free")
}

// refundOfPaid refunds a part of the paid link.
var refundOfPaid = strings.Replace(refundConfig("x"), `"x"`, "invoice_payment_link.paid.id", 1)

// secretKind keeps its secrets out of the state.
const secretKind = `
resource "invoice_invoice" "token" {
  amount = "1000"
  p2p = {
    direction                     = "in"
    notification_url              = "https://shop.example.com/hook"
    notification_token_wo         = "the-hook-token"
    notification_token_wo_version = 1
    start_deal                    = true
  }
}

resource "invoice_invoice" "receiver" {
  amount   = "700"
  order_id = "receiver"
  p2p = {
    direction             = "out"
    notification_url      = "https://shop.example.com/hook"
    notification_token    = "the-hook-token"
    payment_option        = "TO_CARD"
    payment_method        = "sberbank"
    payment_requisites_wo = { requisites = "2200000000000053", holder = "ИВАН ИВАНОВ" }
  }
}
`

// unclearKind are objects whose creation is never answered. The payment is one of the gateway's.
func unclearKind(payment string) string {
	return linkTerminal + refundConfig(payment) + payoutConfig
}

// makeUnclear loses the answers to all creations.
func makeUnclear(w *clitest.Workspace, payment string) {
	w.T.Helper()
	w.MustApply(linkTerminal)
	for _, operation := range []string{"CreateRefund", "p2p.create"} {
		w.FailOnce(operation, sandbox.Fault{Kind: sandbox.FaultLostAnswer})
	}
	w.Write(unclearKind(payment))
	w.Apply().Fails()
}

// makeEveryKind makes the objects, and pays and imports those that are to be.
func makeEveryKind(w *clitest.Workspace) {
	w.T.Helper()
	w.Write(everyKind())
	w.Apply().Succeeds()
	for _, one := range w.Payments() {
		if one.OrderID == "paid" {
			w.Must(w.Sandbox.InvoiceAPI.Pay(one.ID, invoiceapi.TestCard))
		}
	}
	for _, one := range w.PayKeeperInvoices() {
		if one.OrderID == "paykeeper-paid" {
			w.Must(w.Sandbox.PayKeeper.Pay(one.ID))
		}
	}
	for _, one := range w.P2PInvoices() {
		if strings.HasSuffix(one.InternalID, "-paid") {
			w.Must(w.Sandbox.P2P.SetStatus(one.ID, "paid"))
		}
	}
	w.Write(everyKind() + refundOfPaid)
	w.Apply().Succeeds()
	for address, id := range map[string]string{
		"invoice_payment_link.imported":      "",
		"invoice_invoice.paykeeper-imported": "paykeeper/",
		"invoice_invoice.p2p-imported":       "p2p/",
	} {
		id += fmt.Sprint(w.Attributes(address)["id"])
		w.Forget(address)
		w.MustExec("import", address, id)
	}
	w.Apply().Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
}

func readState(w *clitest.Workspace, file string) map[string]any {
	w.T.Helper()
	text, err := os.ReadFile(file)
	w.Must(err)
	var state map[string]any
	w.Must(json.Unmarshal(text, &state))
	return state
}

// instancesOf returns the objects in a state by their addresses.
func instancesOf(state map[string]any) map[string]map[string]any {
	all := map[string]map[string]any{}
	for _, one := range state["resources"].([]any) {
		one := one.(map[string]any)
		all[fmt.Sprint(one["type"], ".", one["name"])] = one["instances"].([]any)[0].(map[string]any)
	}
	return all
}

// restore puts objects that a version has recorded into the state of the workspace, which has the
// same objects.
func restore(w *clitest.Workspace, version float64, recorded string) {
	w.T.Helper()
	file := filepath.Join(w.Dir, "terraform.tfstate")
	state, older := readState(w, file), instancesOf(readState(w, filepath.Join("testdata", fmt.Sprint("version", version), recorded)))
	for address, instance := range instancesOf(state) {
		old := older[address]
		if old == nil || old["schema_version"] != version {
			w.T.Fatalf("%s has no %s of version %v", recorded, address, version)
		}
		replaced := map[string]string{}
		old["attributes"] = renewed(old["attributes"], instance["attributes"], replaced)
		old["private"] = renewedPrivate(w, old["private"], replaced)
		if old["identity"] != nil {
			old["identity"] = renewed(old["identity"], instance["identity"], replaced)
		}
		clear(instance)
		maps.Copy(instance, old)
	}
	text, err := json.Marshal(state)
	w.Must(err)
	w.Must(os.WriteFile(file, text, 0o600))
}

// renewed returns what was recorded, with the texts of today: ids, addresses, moments. It notes
// what it replaced.
func renewed(recorded, today any, replaced map[string]string) any {
	switch recorded := recorded.(type) {
	case map[string]any:
		today, _ := today.(map[string]any)
		for name, value := range recorded {
			recorded[name] = renewed(value, today[name], replaced)
		}
	case []any:
		today, _ := today.([]any)
		for i := range min(len(recorded), len(today)) {
			recorded[i] = renewed(recorded[i], today[i], replaced)
		}
	case string:
		if today, isText := today.(string); isText && today != recorded {
			replaced[recorded] = today
			if day := len(time.DateOnly); len(recorded) > day && len(today) > day {
				replaced[recorded[:day]] = today[:day] // private data may have the day alone
			}
			return today
		}
	}
	return recorded
}

// renewedPrivate replaces the same in private data.
func renewedPrivate(w *clitest.Workspace, recorded any, replaced map[string]string) any {
	w.T.Helper()
	text, _ := recorded.(string)
	encoded, err := base64.StdEncoding.DecodeString(text)
	w.Must(err)
	data := map[string][]byte{}
	if len(encoded) == 0 {
		return recorded
	}
	w.Must(json.Unmarshal(encoded, &data))
	for key, value := range data {
		for old, today := range replaced {
			value = bytes.ReplaceAll(value, []byte(`"`+old+`"`), []byte(`"`+today+`"`))
		}
		data[key] = value
	}
	encoded, err = json.Marshal(data)
	w.Must(err)
	return encoded
}

// versionsAre checks the version of every object in the state: of refunds, and of all others.
func versionsAre(w *clitest.Workspace, refunds, others float64) {
	w.T.Helper()
	for address, instance := range instancesOf(readState(w, filepath.Join(w.Dir, "terraform.tfstate"))) {
		want := others
		if strings.HasPrefix(address, "invoice_refund.") {
			want = refunds
		}
		if instance["schema_version"] != want {
			w.T.Errorf("%s is of version %v, want %v", address, instance["schema_version"], want)
		}
	}
}

func TestStatesOfVersion0OpenWithAnEmptyPlan(t *testing.T) {
	w := newWorkspace(t)
	makeEveryKind(w)
	restore(w, 0, "every-kind.json")
	versionsAre(w, 0, 0)
	w.Sandbox.ResetRequests()
	for _, refresh := range refreshes {
		w.Plan(refresh).Succeeds().SaysNothing().ChangesNothing()
	}
	w.Write(everyKind() + refundOfPaid + providerWith(w, "refresh_paid = false"))
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Write(everyKind() + refundOfPaid)
	w.Apply("-refresh=false").Succeeds().SaysNothing().ChangesNothing()
	sums := func() {
		t.Helper()
		own, _ := w.Attributes("invoice_invoice.p2p-paid")["p2p"].(map[string]any)
		if fee, _ := own["service_fee"].(map[string]any); fee["amount"] != "10.00" || fee["currency"] != "RUB" {
			t.Errorf("service_fee is %v", own["service_fee"])
		}
	}
	sums()
	w.Apply().Succeeds().SaysNothing().ChangesNothing()
	versionsAre(w, 2, 1)
	sums()
	for _, operation := range []string{"CreateTerminal", "CreatePayment", "CreateRefund", "ClosePayment", "paykeeper.preview", "paykeeper.send", "paykeeper.revoke", "p2p.create", "p2p.cancel"} {
		w.Sent(operation, 0)
	}
}

func TestStatesOfVersion0WithoutSecretsOpenWithAnEmptyPlan(t *testing.T) {
	clitest.NeedCLI(t, clitest.WriteOnlyArguments)
	w := newWorkspace(t)
	w.MustApply(secretKind)
	restore(w, 0, "secrets.json")
	for _, refresh := range refreshes {
		w.Plan(refresh).Succeeds().SaysNothing().ChangesNothing()
	}
	w.Sent("p2p.create", 2)
}

// What is unclear in a state of version 0 stays so: it is neither sent again nor destroyed.
func TestUnclearStatesOfVersion0StayUnclear(t *testing.T) {
	w := newWorkspace(t, "p2p_internal_id=false")
	w.MustApply(linkConfig)
	payment := w.OnlyPayment().ID
	w.Must(w.Sandbox.InvoiceAPI.Pay(payment, invoiceapi.TestCard))
	w.Forget(linkAddress)
	makeUnclear(w, payment)
	restore(w, 0, "unclear.json")
	for _, args := range [][]string{nil, {"-refresh=false"}, {"-refresh=false", "-replace=" + refundAddress}, {"-refresh=false", "-replace=" + invoiceAddress}} {
		w.Apply(args...).Fails("The outcome of an earlier refund is unknown", "it may have been made").Fails("The outcome of an earlier payout is unknown", "it may have been made")
	}
	w.Destroy().Fails("it may have been made")
	w.Destroy("-refresh=false").Fails("it may have been made")
	versionsAre(w, 0, 0) // the CLI shows no state of an older version than the schema's
	w.Sent("CreateRefund", 1)
	w.Sent("p2p.create", 1)
}
