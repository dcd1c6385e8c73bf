package chaos

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// The kinds of things in a shop's configuration.
const (
	kindTerminal = "invoice_terminal.branch" // only in TestEveryFault
	kindLink     = "invoice_payment_link.link"
	kindBill     = "invoice_invoice.bill"    // PayKeeper
	kindDeposit  = "invoice_invoice.deposit" // P2P, money comes in
	kindPayout   = "invoice_invoice.payout"  // P2P, money goes out
	kindRefund   = "invoice_refund.refund"
	kindBack     = "invoice_refund.back" // PayKeeper, only in TestEveryFault
)

// thing is one of them. Its key is its order id.
type thing struct {
	amount  int
	send    bool   // of bills
	payment string // of refunds
}

// shop is what is wanted.
type shop struct {
	dice *rand.Rand
	// things are by kind and key.
	things map[string]map[string]thing
	next   int
	// paid are the payments of the links that are paid, by key. These links do not
	// change any more.
	paid map[string]string
}

func newShop(dice *rand.Rand) *shop {
	s := &shop{dice: dice, things: map[string]map[string]thing{}, paid: map[string]string{}}
	for _, kind := range []string{kindTerminal, kindLink, kindBill, kindDeposit, kindPayout, kindRefund, kindBack} {
		s.things[kind] = map[string]thing{}
	}
	return s
}

func (s *shop) add(kind string, added thing) (key string) {
	s.next++
	key = fmt.Sprintf("n%04d", s.next)
	s.things[kind][key] = added
	return key
}

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// change does a day's work: it adds things, changes amounts, takes things out, and lets
// bills be mailed. busy is how many of a kind it adds at most.
func (s *shop) change(busy int) {
	for _, kind := range []string{kindLink, kindBill, kindDeposit} {
		for _, key := range keys(s.things[kind]) {
			item := s.things[kind][key]
			switch chance := s.dice.IntN(10); {
			case s.paid[key] != "":
			case chance == 0:
				delete(s.things[kind], key)
			case chance == 1 && kind != kindBill:
				item.amount++
				s.things[kind][key] = item
			case chance < 4 && kind == kindBill:
				item.send = true
				s.things[kind][key] = item
			}
		}
		for range s.dice.IntN(busy + 1) {
			s.add(kind, thing{amount: 100 + s.dice.IntN(900), send: s.dice.IntN(2) == 0})
		}
	}
	for range s.dice.IntN(busy/2 + 1) {
		s.add(kindPayout, thing{amount: 100 + s.dice.IntN(900)})
	}
}

// pay pays some of the links that are at the gateway as they are wanted, and refunds a
// part of some.
func (s *shop) pay(t *testing.T, box *gateways.Sandbox) {
	t.Helper()
	payments, err := box.InvoiceAPI.Payments.All()
	check(t, err)
	for _, payment := range payments {
		wanted, ok := s.things[kindLink][payment.OrderID]
		if !ok || payment.Status != "init" || payment.Amount != strconv.Itoa(wanted.amount) || s.dice.IntN(4) != 0 {
			continue
		}
		check(t, box.InvoiceAPI.Pay(payment.ID, invoiceapi.TestCard))
		s.paid[payment.OrderID] = payment.ID
		if s.dice.IntN(2) == 0 {
			s.add(kindRefund, thing{amount: 50, payment: payment.ID})
		}
	}
}

// config is the shop as Terraform reads it.
func (s *shop) config() string {
	var b strings.Builder
	b.WriteString(till)
	for _, kind := range keys(s.things) {
		var entries []string
		for _, key := range keys(s.things[kind]) {
			item := s.things[kind][key]
			entries = append(entries, fmt.Sprintf("%s = { amount = \"%d\", send = %t, payment = %q }", key, item.amount, item.send, item.payment))
		}
		resourceType, name, _ := strings.Cut(kind, ".")
		fmt.Fprintf(&b, "\nresource %q %q {\n  for_each = {\n    %s\n  }\n%s}\n", resourceType, name, strings.Join(entries, "\n    "), bodies[kind])
	}
	return b.String()
}

const p2pInvoice = `
  order_id = each.key
  amount   = each.value.amount
`

var bodies = map[string]string{
	kindTerminal: `
  alias         = each.key
  name          = "Касса ${each.key}"
  type          = "static"
  default_price = each.value.amount
`,
	kindLink: `
  terminal_id = invoice_terminal.till.id
  order_id    = each.key
  amount      = each.value.amount
  receipt     = ` + receipt("each.value.amount") + "\n",
	kindBill: `
  order_id = each.key
  amount   = each.value.amount
  paykeeper = {
    service_name = "Чай"
    client_email = "buyer@example.com"
    send         = each.value.send
  }
`,
	kindDeposit: p2pInvoice + p2pDeposit,
	kindPayout:  p2pInvoice + p2pPayout("each.key"),
	kindRefund: `
  payment_id = each.value.payment
  amount     = each.value.amount
  receipt    = ` + receipt("each.value.amount") + "\n",
	kindBack: `
  gateway    = "paykeeper"
  payment_id = each.value.payment
  amount     = each.value.amount
`,
}
