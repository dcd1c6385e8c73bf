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

// The kinds of things that a shop keeps in its configuration.
const (
	kindTerminal = "invoice_terminal.branch" // in the tables of faults only
	kindLink     = "invoice_payment_link.link"
	kindBill     = "invoice_invoice.bill"    // PayKeeper
	kindDeposit  = "invoice_invoice.deposit" // P2P, money comes in
	kindPayout   = "invoice_invoice.payout"  // P2P, money goes out
	kindRefund   = "invoice_refund.refund"
)

// thing is one of them. Its number is its order id, or a refund's payment.
type thing struct {
	amount int
	send   bool   // bills only
	refers string // refunds only: the payment
}

// shop is what is wanted: things by kind and key. It changes from step to step.
type shop struct {
	dice   *rand.Rand
	things map[string]map[string]thing
	next   int
	// paid are orders that are paid; nobody changes them any more.
	paid map[string]bool
}

func newShop(dice *rand.Rand) *shop {
	s := &shop{dice: dice, things: map[string]map[string]thing{}, paid: map[string]bool{}}
	for _, kind := range []string{kindTerminal, kindLink, kindBill, kindDeposit, kindPayout, kindRefund} {
		s.things[kind] = map[string]thing{}
	}
	return s
}

func (s *shop) add(kind string, one thing) (key string) {
	s.next++
	key = fmt.Sprintf("n%04d", s.next)
	s.things[kind][key] = one
	return key
}

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// change is a day's work: new things, other amounts, things that are taken out,
// bills that are to be mailed.
func (s *shop) change(busy int) {
	for _, kind := range []string{kindLink, kindBill, kindDeposit} {
		for _, key := range keys(s.things[kind]) {
			one := s.things[kind][key]
			switch chance := s.dice.IntN(10); {
			case s.paid[key]:
			case chance == 0:
				delete(s.things[kind], key)
			case chance == 1 && kind != kindBill:
				one.amount++
				s.things[kind][key] = one
			case chance < 4 && kind == kindBill:
				one.send = true
				s.things[kind][key] = one
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

// pay lets buyers pay some of the links that are at the gateway as they are
// wanted, and takes a part of the money back.
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
		s.paid[payment.OrderID] = true
		if s.dice.IntN(2) == 0 {
			s.add(kindRefund, thing{amount: 50, refers: payment.ID})
		}
	}
}

// config is the shop as Terraform reads it.
func (s *shop) config() string {
	var b strings.Builder
	b.WriteString(`
resource "invoice_terminal" "till" {
  alias = "till"
  name  = "Касса"
  type  = "dynamic"
}
`)
	for _, kind := range keys(s.things) {
		var entries []string
		for _, key := range keys(s.things[kind]) {
			one := s.things[kind][key]
			entries = append(entries, fmt.Sprintf("%s = { amount = \"%d\", send = %t, refers = %q }", key, one.amount, one.send, one.refers))
		}
		resourceType, name, _ := strings.Cut(kind, ".")
		fmt.Fprintf(&b, "\nresource %q %q {\n  for_each = {\n    %s\n  }\n%s}\n", resourceType, name, strings.Join(entries, "\n    "), bodies[kind])
	}
	return b.String()
}

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
  receipt     = [{ name = "Чай", price = each.value.amount, quantity = 1, result_price = each.value.amount }]
`,
	kindBill: `
  order_id = each.key
  amount   = each.value.amount
  paykeeper = {
    service_name = "Чай"
    client_email = "buyer@example.com"
    send         = each.value.send
  }
`,
	kindDeposit: `
  order_id = each.key
  amount   = each.value.amount
  p2p = {
    direction          = "in"
    notification_url   = "https://shop.example.com/hook"
    notification_token = "the-hook-token"
    payment_method     = "sberbank"
  }
`,
	kindPayout: `
  order_id = each.key
  amount   = each.value.amount
  p2p = {
    direction          = "out"
    notification_url   = "https://shop.example.com/hook"
    notification_token = "the-hook-token"
    payment_option     = "TO_CARD"
    payment_method     = "sberbank"
    payment_requisites = { requisites = each.key, holder = "ИВАН ИВАНОВ" }
  }
`,
	kindRefund: `
  payment_id = each.value.refers
  amount     = each.value.amount
  receipt    = [{ name = "Чай", price = each.value.amount, quantity = 1, result_price = each.value.amount }]
`,
}
