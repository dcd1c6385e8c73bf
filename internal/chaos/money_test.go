//go:build unix

package chaos

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// money is one refund or payout. It must be carried out once.
type money struct {
	// number makes a refund's reason and a payout's order id. It stays, whatever happens
	// to the block in the configuration.
	number int
	// payment and sequence are a refund's. A payout has none.
	payment  string
	sequence int
	// module is the prefix of its address; "" is the root. key is its key in for_each.
	module, key string
	amount      int
	// provisionerFails is set when the provisioner after its creation is to fail.
	provisionerFails bool
	// isUnprotected is set when deletion_protection is false.
	isUnprotected bool
	// isForgotten is set when it is to be in neither the configuration nor the state.
	isForgotten bool
}

const (
	moneyBack = `invoice_refund.back`
	moneyOut  = `invoice_invoice.out`
	inBranch  = "module.branch."
)

func (m *money) resource() string {
	if m.payment != "" {
		return moneyBack
	}
	return moneyOut
}

func (m *money) address() string { return fmt.Sprintf("%s%s[%q]", m.module, m.resource(), m.key) }

// name identifies it at the gateway.
func (m *money) name() string { return fmt.Sprintf("money-%04d", m.number) }

// operator is a person who moves money with Terraform, and makes mistakes.
type operator struct {
	*workspace
	dice *rand.Rand
	all  []*money
	// payments are paid. Each has two refunds.
	payments []string
	// nextAction counts the actions so far.
	nextAction, nextKey int
	createBeforeDestroy bool
	// config is the text of the resources.
	config func(createBeforeDestroy bool) string
	// keepsUnknown is set when every refresh looks for what has an unknown outcome: then it
	// is kept until that finds it.
	keepsUnknown bool
	// moved and imports are the blocks of the day: from and to, to and id.
	moved, imports [][2]string
	// actions are what the operator does today.
	actions []*action
	tally   *moneyTally
}

// managed are the refunds and payouts in the configuration.
func (o *operator) managed() []*money {
	return slices.DeleteFunc(slices.Clone(o.all), func(m *money) bool { return m.isForgotten })
}

func (o *operator) newKey() string {
	o.nextKey++
	return fmt.Sprintf("key%04d", o.nextKey)
}

// add adds so many refunds and payouts, half of each.
func (o *operator) add(count int) {
	for range count {
		m := &money{number: len(o.all), key: o.newKey(), amount: 100 + o.dice.IntN(300), provisionerFails: o.dice.IntN(8) == 0}
		if m.number%2 == 0 {
			// Two refunds of one payment and amount are told apart by their sequence.
			m.payment, m.sequence = o.payments[m.number/4], 1+m.number/2%2
			if m.sequence == 2 {
				m.amount = o.all[m.number-2].amount
			}
		}
		if o.dice.IntN(4) == 0 {
			m.module = inBranch
		}
		o.all = append(o.all, m)
	}
}

// makePaidPayments fills the gateway with paid payments, for refunds.
func (o *operator) makePaidPayments(count int) {
	o.t.Helper()
	var terminal, payment struct{ ID string }
	o.callSandbox("CreateTerminal", `{"name":"Касса","alias":"till","type":"dynamic"}`, &terminal)
	for number := range count {
		o.callSandbox("CreatePayment", fmt.Sprintf(`{"order":{"currency":"RUB","amount":1000,"id":"order-%d"},"settings":{"terminal_id":%q},"receipt":[]}`,
			number, terminal.ID), &payment)
		check(o.t, o.box.InvoiceAPI.Pay(payment.ID, invoiceapi.TestCard))
		o.payments = append(o.payments, payment.ID)
	}
}

// moneyEnd ends the block of a resource. A provisioner can fail after the creation.
func moneyEnd(createBeforeDestroy bool) string {
	return fmt.Sprintf(`
  deletion_protection = each.value.protected
  lifecycle {
    create_before_destroy = %t
  }
  provisioner "local-exec" {
    command = each.value.fails ? "exit 1" : "exit 0"
  }
}
`, createBeforeDestroy)
}

// moneyConfig is both kinds of resources.
func moneyConfig(createBeforeDestroy bool) string {
	rest := moneyEnd(createBeforeDestroy)
	return `
resource "invoice_refund" "back" {
  for_each   = var.refunds
  payment_id = each.value.payment
  sequence   = each.value.sequence
  amount     = each.value.amount
  reason     = each.value.name
  receipt    = ` + receipt("each.value.amount") + rest + `
resource "invoice_invoice" "out" {
  for_each = var.payouts
  order_id = each.value.name
  amount   = each.value.amount
` + p2pPayout("each.value.card") + rest
}

// writeConfig writes the root module and the values of its variables.
func (o *operator) writeConfig() {
	o.t.Helper()
	type objects = map[string]map[string]any
	values := map[string]objects{"refunds": {}, "payouts": {}, "branch_refunds": {}, "branch_payouts": {}}
	for _, m := range o.managed() {
		variable, object := "payouts", map[string]any{"name": m.name(), "amount": strconv.Itoa(m.amount), "fails": m.provisionerFails, "protected": !m.isUnprotected}
		if m.payment != "" {
			variable, object["payment"], object["sequence"] = "refunds", m.payment, m.sequence
		} else {
			// All payouts go to one card: only their order ids tell them apart.
			object["card"] = "2200000000000004"
		}
		if m.module != "" {
			variable = "branch_" + variable
		}
		values[variable][m.key] = object
	}
	var b strings.Builder
	b.WriteString(o.config(o.createBeforeDestroy))
	b.WriteString("\nmodule \"branch\" {\n  source = \"./branch\"\n  refunds = var.branch_refunds\n  payouts = var.branch_payouts\n}\n")
	for _, block := range o.moved {
		fmt.Fprintf(&b, "\nmoved {\n  from = %s\n  to   = %s\n}\n", block[0], block[1])
	}
	for _, block := range o.imports {
		fmt.Fprintf(&b, "\nimport {\n  to = %s\n  id = %q\n}\n", block[0], block[1])
	}
	o.write(b.String() + variables("refunds", "payouts", "branch_refunds", "branch_payouts"))
	text, err := json.MarshalIndent(values, "", "  ")
	check(o.t, err)
	check(o.t, os.WriteFile(filepath.Join(o.dir, "terraform.tfvars.json"), text, 0o600))
}

func variables(names ...string) string {
	var b strings.Builder
	for _, name := range names {
		fmt.Fprintf(&b, "\nvariable %q {\n  type = any\n}\n", name)
	}
	return b.String()
}

// writeModule writes the child module, which some of the money is in.
func (o *operator) writeModule() {
	o.t.Helper()
	dir := filepath.Join(o.dir, "branch")
	check(o.t, os.MkdirAll(dir, 0o700))
	config := o.config(o.createBeforeDestroy) + variables("refunds", "payouts") + providerSource
	check(o.t, os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600))
	o.writeConfig()
	o.run("get")
}

// atGateway returns the ids at the gateways by name.
func (o *operator) atGateway() map[string][]string {
	o.t.Helper()
	made := map[string][]string{}
	refunds, err := o.box.InvoiceAPI.Refunds.All()
	check(o.t, err)
	for _, refund := range refunds {
		made[refund.Reason] = append(made[refund.Reason], refund.ID)
	}
	payouts, err := o.box.P2P.Invoices.All()
	check(o.t, err)
	for _, payout := range payouts {
		made[payout.InternalID] = append(made[payout.InternalID], "p2p/"+payout.ID)
	}
	return made
}

// inState returns the refunds and payouts in the state by address.
func (o *operator) inState() map[string]resource {
	o.t.Helper()
	kept := map[string]resource{}
	for _, r := range o.state("invoice_refund", "invoice_invoice") {
		kept[r.Address] = r
	}
	return kept
}

// audit compares the gateways' tables with the state.
func (o *operator) audit() {
	o.t.Helper()
	made, kept := o.atGateway(), o.inState()
	for _, m := range o.all {
		ids := made[m.name()]
		delete(made, m.name())
		switch inState, isKept := kept[m.address()]; {
		case len(ids) == 0:
			o.t.Errorf("%s was lost", m.address())
			o.tally.lost++
		case len(ids) > 1:
			o.t.Errorf("%s was carried out %d times", m.address(), len(ids))
			o.tally.twice++
		case m.isForgotten && isKept:
			o.t.Errorf("%s was to be forgotten", m.address())
		case !m.isForgotten && strings.TrimPrefix(ids[0], "p2p/") != inState.text("id"):
			o.t.Errorf("%s is %s at the gateway, and %q in the state", m.address(), ids[0], inState.text("id"))
			o.tally.lost++
		default:
			o.tally.once++
		}
		if !m.isForgotten {
			delete(kept, m.address())
		}
	}
	for _, address := range keys(kept) {
		o.t.Errorf("%s is in the state and not wanted", address)
	}
	for _, name := range slices.Sorted(maps.Keys(made)) {
		o.t.Errorf("%s was carried out and not wanted", name)
	}
}
