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

// money is one refund or payout that is to be carried out once.
type money struct {
	// number is what a refund's reason and a payout's order id are made of: it stays
	// whatever happens to the block in the configuration.
	number   int
	payment  string // of a refund; "" is a payout
	sequence int
	// place is the module it is in, "" is the root, and key its key there.
	place, key string
	amount     int
	// failsBeside lets the provisioner fail that runs after its creation.
	failsBeside bool
	// unprotected may be forgotten: deletion_protection is false.
	unprotected bool
	// isForgotten is no longer in the configuration, nor in the state.
	isForgotten bool
}

const (
	moneyBack = `invoice_refund.back`
	moneyOut  = `invoice_invoice.out`
	branch    = "module.branch."
)

func (m *money) resource() string {
	if m.payment != "" {
		return moneyBack
	}
	return moneyOut
}

func (m *money) address() string { return fmt.Sprintf("%s%s[%q]", m.place, m.resource(), m.key) }

// name is what it can be found by at the gateway.
func (m *money) name() string { return fmt.Sprintf("money-%04d", m.number) }

// cashier is a person who lets money go by a configuration.
type cashier struct {
	*workspace
	dice *rand.Rand
	all  []*money
	// payments are paid; two refunds are made of each.
	payments []string
	// dealt is how many of the deeds it has done.
	dealt                   int
	nextKey                 int
	createsBeforeDestroying bool
	// moved, imports and wishes are what is under way: blocks of the configuration,
	// and what the person means to do today, by the address it is done to.
	moved, imports [][2]string
	wishes         []*wish
	tally          *moneyTally
}

// managed are the refunds and payouts in the configuration.
func (c *cashier) managed() []*money {
	return slices.DeleteFunc(slices.Clone(c.all), func(m *money) bool { return m.isForgotten })
}

func (c *cashier) newKey() string {
	c.nextKey++
	return fmt.Sprintf("key%04d", c.nextKey)
}

// add lets so many more go, half of them back.
func (c *cashier) add(count int) {
	for range count {
		m := &money{number: len(c.all), key: c.newKey(), amount: 100 + c.dice.IntN(300), failsBeside: c.dice.IntN(8) == 0}
		if m.number%2 == 0 {
			// Two refunds of one payment and amount are told apart by their sequence.
			m.payment, m.sequence = c.payments[m.number/4], 1+m.number/2%2
			if m.sequence == 2 {
				m.amount = c.all[m.number-2].amount
			}
		}
		if c.dice.IntN(4) == 0 {
			m.place = branch
		}
		c.all = append(c.all, m)
	}
}

// pay makes paid payments at the gateway, for refunds.
func (c *cashier) pay(count int) {
	c.t.Helper()
	var terminal, payment struct{ ID string }
	c.call("CreateTerminal", `{"name":"Касса","alias":"till","type":"dynamic"}`, &terminal)
	for number := range count {
		c.call("CreatePayment", fmt.Sprintf(`{"order":{"currency":"RUB","amount":1000,"id":"order-%d"},"settings":{"terminal_id":%q},"receipt":[]}`,
			number, terminal.ID), &payment)
		check(c.t, c.box.InvoiceAPI.Pay(payment.ID, invoiceapi.TestCard))
		c.payments = append(c.payments, payment.ID)
	}
}

const moneyResources = `
resource "invoice_refund" "back" {
  for_each            = var.refunds
  payment_id          = each.value.payment
  sequence            = each.value.sequence
  amount              = each.value.amount
  reason              = each.value.name
  receipt             = [{ name = "Чай", price = each.value.amount, quantity = 1, result_price = each.value.amount }]
  deletion_protection = each.value.protected
  lifecycle {
    create_before_destroy = %[1]t
  }
  provisioner "local-exec" {
    command = each.value.fails ? "exit 1" : "exit 0"
  }
}

resource "invoice_invoice" "out" {
  for_each            = var.payouts
  order_id            = each.value.name
  amount              = each.value.amount
  deletion_protection = each.value.protected
  p2p = {
    direction          = "out"
    notification_url   = "https://shop.example.com/hook"
    notification_token = "the-hook-token"
    payment_option     = "TO_CARD"
    payment_method     = "sberbank"
    payment_requisites = { requisites = each.value.card, holder = "ИВАН ИВАНОВ" }
  }
  lifecycle {
    create_before_destroy = %[1]t
  }
  provisioner "local-exec" {
    command = each.value.fails ? "exit 1" : "exit 0"
  }
}
`

// save writes the configuration.
func (c *cashier) save() {
	c.t.Helper()
	// Many equal payouts go to one card: nothing but the order id tells them apart.
	type values = map[string]map[string]any
	maps := map[string]values{"refunds": {}, "payouts": {}, "branch_refunds": {}, "branch_payouts": {}}
	for _, m := range c.managed() {
		name, one := "payouts", map[string]any{"name": m.name(), "amount": strconv.Itoa(m.amount), "fails": m.failsBeside, "protected": !m.unprotected}
		if m.payment != "" {
			name, one["payment"], one["sequence"] = "refunds", m.payment, m.sequence
		} else {
			one["card"] = "2200000000000004"
		}
		if m.place != "" {
			name = "branch_" + name
		}
		maps[name][m.key] = one
	}
	var b strings.Builder
	fmt.Fprintf(&b, moneyResources, c.createsBeforeDestroying)
	b.WriteString("\nmodule \"branch\" {\n  source = \"./branch\"\n  refunds = var.branch_refunds\n  payouts = var.branch_payouts\n}\n")
	for _, one := range c.moved {
		fmt.Fprintf(&b, "\nmoved {\n  from = %s\n  to   = %s\n}\n", one[0], one[1])
	}
	for _, one := range c.imports {
		fmt.Fprintf(&b, "\nimport {\n  to = %s\n  id = %q\n}\n", one[0], one[1])
	}
	c.write(b.String() + variables("refunds", "payouts", "branch_refunds", "branch_payouts"))
	text, err := json.MarshalIndent(maps, "", "  ")
	check(c.t, err)
	check(c.t, os.WriteFile(filepath.Join(c.dir, "terraform.tfvars.json"), text, 0o600))
}

func variables(names ...string) string {
	var b strings.Builder
	for _, name := range names {
		fmt.Fprintf(&b, "\nvariable %q {\n  type = any\n}\n", name)
	}
	return b.String()
}

// build makes the module that a part of it is in.
func (c *cashier) build() {
	c.t.Helper()
	dir := filepath.Join(c.dir, "branch")
	check(c.t, os.MkdirAll(dir, 0o700))
	config := fmt.Sprintf(moneyResources, c.createsBeforeDestroying) + variables("refunds", "payouts") + providerSource
	check(c.t, os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600))
	c.save()
	c.must("get")
}

// made are the ids at the gateways, by name.
func (c *cashier) made() map[string][]string {
	c.t.Helper()
	made := map[string][]string{}
	refunds, err := c.box.InvoiceAPI.Refunds.All()
	check(c.t, err)
	for _, one := range refunds {
		made[one.Reason] = append(made[one.Reason], one.ID)
	}
	payouts, err := c.box.P2P.Invoices.All()
	check(c.t, err)
	for _, one := range payouts {
		made[one.InternalID] = append(made[one.InternalID], "p2p/"+one.ID)
	}
	return made
}

// kept are the refunds and payouts in the state, by address.
func (c *cashier) kept() map[string]resource {
	c.t.Helper()
	kept := map[string]resource{}
	for _, one := range append(c.state("invoice_refund"), c.state("invoice_invoice")...) {
		kept[one.Address] = one
	}
	return kept
}

// audit compares the gateways' tables with the state.
func (c *cashier) audit() {
	c.t.Helper()
	made, kept := c.made(), c.kept()
	for _, m := range c.all {
		ids := made[m.name()]
		delete(made, m.name())
		switch inState, isKept := kept[m.address()]; {
		case len(ids) == 0:
			c.t.Errorf("%s was lost", m.address())
			c.tally.lost++
		case len(ids) > 1:
			c.t.Errorf("%s was carried out %d times", m.address(), len(ids))
			c.tally.twice++
		case m.isForgotten && isKept:
			c.t.Errorf("%s was to be forgotten", m.address())
		case !m.isForgotten && strings.TrimPrefix(ids[0], "p2p/") != inState.text("id"):
			c.t.Errorf("%s is %s at the gateway, and %q in the state", m.address(), ids[0], inState.text("id"))
			c.tally.lost++
		default:
			c.tally.once++
		}
		if !m.isForgotten {
			delete(kept, m.address())
		}
	}
	for _, address := range keys(kept) {
		c.t.Errorf("%s is in the state, and nobody wants it", address)
	}
	for _, name := range slices.Sorted(maps.Keys(made)) {
		c.t.Errorf("%s was carried out, and nobody wanted it", name)
	}
}
