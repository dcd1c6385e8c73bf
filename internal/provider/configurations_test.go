package provider

import (
	"fmt"
	"strings"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// The tests share these configurations, and the ways to change them. Each resource stands here
// once.

const branchAddress = "invoice_terminal.branch"

// terminalConfig is a terminal with everything set.
const terminalConfig = `
resource "invoice_terminal" "branch" {
  alias         = "mira-12"
  name          = "Кофейня на Мира"
  description   = "проспект Мира, 12"
  type          = "static"
  default_price = "250"
  can_comments  = true
  logo          = "/logos/mira.png"
}
`

const linkAddress = "invoice_payment_link.order"

// linkTerminal is a terminal for links. linkBody is a link with everything set.
const (
	linkTerminal = `
resource "invoice_terminal" "web" {
  alias = "web"
  name  = "Сайт"
}
`
	linkBody = `
resource "invoice_payment_link" "order" {
  terminal_id = invoice_terminal.web.id
  amount      = "1500.50"
  order_id    = "order-1"
  description = "Заказ 1"
  currency    = "RUB"
  payment_method = "card"
  success_url = "https://example.com/ok"
  fail_url    = "http://example.com/fail"
  custom_parameters = jsonencode({ customer = "42", n = 1 })
  transaction_type  = "payment"
  when_unpayable    = "keep"
  receipt = [
    { name = "Кофе, кг", price = "2001.00", quantity = "0.5", discount = "0%", result_price = "1000.50" },
    { name = "Воронка", price = "500", quantity = 1, result_price = "500" },
  ]
}
`
	linkConfig = linkTerminal + linkBody
)

// autoLink is a link whose order id the provider makes.
var autoLink = withLine(linkConfig, "order_id", "")

// linkTwin is the same link under another name.
var linkTwin = strings.Replace(linkBody, `"order"`, `"twin"`, 1)

const refundAddress = "invoice_refund.back"

// refundConfig refunds a part of a payment.
func refundConfig(paymentID string) string {
	return fmt.Sprintf(`
resource "invoice_refund" "back" {
  payment_id = %q
  amount     = "500"
  currency   = "RUB"
  reason     = "Не подошёл размер"
  receipt = [
    { name = "Воронка", price = "500", quantity = 1, result_price = "500" },
  ]
}
`, paymentID)
}

const invoiceAddress = "invoice_invoice.one"

// dayFromNow is the date in Moscow some days from now.
func dayFromNow(days int) string {
	return time.Now().In(values.Moscow).AddDate(0, 0, days).Format(time.DateOnly)
}

// paykeeperInvoice is an invoice with everything set. The lines go into its block.
func paykeeperInvoice(lines ...string) string {
	return fmt.Sprintf(`
resource "invoice_invoice" "one" {
  amount      = "1500.50"
  order_id    = "order-1"
  customer_id = "Иванов Иван"
  paykeeper = {
    service_name = "Ремонт <окон> & дверей"
    client_email = "buyer@example.com"
    client_phone = "+7 999 123-45-67"
    expiry_date  = %q
    cart = [
      { name = "Окно", price = "500", quantity = "3", sum = "1500", tax = "vat20" },
      { name = "Ручка", price = "5", quantity = "0.1", sum = "0.50", tax = "none" },
    ]
    %s
  }
}
`, dayFromNow(3), strings.Join(lines, "\n    "))
}

// p2pInvoice is an incoming invoice. The lines go into its block.
func p2pInvoice(lines ...string) string {
	return fmt.Sprintf(`
resource "invoice_invoice" "one" {
  amount      = "1000"
  order_id    = "order-1"
  customer_id = "uid-1"
  p2p = {
    direction          = "in"
    notification_url   = "https://shop.example.com/hook"
    notification_token = "the-hook-token"
    payment_method     = "sberbank"
    start_deal         = true
    %s
  }
}
`, strings.Join(lines, "\n    "))
}

// payoutConfig is a payout to a card.
const payoutConfig = `
resource "invoice_invoice" "one" {
  amount   = "700"
  order_id = "payout-1"
  p2p = {
    direction          = "out"
    notification_url   = "https://shop.example.com/hook"
    notification_token = "the-hook-token"
    payment_option     = "TO_CARD"
    payment_method     = "sberbank"
    payment_requisites = { requisites = "2200000000000053", holder = "ИВАН ИВАНОВ" }
  }
}
`

const historyAddress = "data.invoice_history.all"

// historyConfig reads a history. The lines are its arguments.
func historyConfig(lines ...string) string {
	return "data \"invoice_history\" \"all\" {\n  " + strings.Join(lines, "\n  ") + "\n}\n"
}

// mailedInvoice is an invoice that PayKeeper mails.
const mailedInvoice = `
resource "invoice_invoice" "mailed" {
  amount   = "1500.50"
  order_id = "mailed-1"
  paykeeper = {
    client_email = "buyer@example.com"
    send         = true
  }
}
`

// withLine replaces the line that sets an attribute.
func withLine(config, attribute, line string) string {
	lines := strings.Split(config, "\n")
	for i, one := range lines {
		if strings.HasPrefix(strings.TrimSpace(one), attribute+" ") {
			lines[i] = "  " + line
			return strings.Join(lines, "\n")
		}
	}
	panic("no attribute " + attribute)
}

// unprotected sets deletion_protection of a resource to false.
func unprotected(config string) string {
	return strings.Replace(config, "{", "{\n  deletion_protection = false", 1)
}

// renewing lets an invoice of order-1 be issued again when it can no longer be paid.
func renewing(config string) string {
	return withLine(config, "order_id", "order_id = \"order-1\"\n  when_unpayable = \"renew\"")
}

// createFirst adds create_before_destroy to the last resource of a configuration.
func createFirst(config string) string {
	last := strings.LastIndex(config, "\nresource ")
	return config[:last] + inLifecycle(config[last:], "create_before_destroy = true")
}

// linkKinds are the ways in which a link gets its order id and is replaced.
var linkKinds = map[string]string{
	"configured": linkConfig, "made": autoLink,
	"configured, create before destroy": createFirst(linkConfig), "made, create before destroy": createFirst(autoLink),
}

// renamed gives the resource of a configuration another name.
func renamed(config, from, to string) string {
	return strings.Replace(config, `"`+from+`" {`, `"`+to+`" {`, 1)
}

// movedBlock moves an object to another address.
func movedBlock(from, to string) string {
	return "moved {\n  from = " + from + "\n  to   = " + to + "\n}\n"
}

// removedBlock takes an object out of the state and leaves it at the gateway.
func removedBlock(address string) string {
	return "removed {\n  from = " + address + "\n  lifecycle {\n    destroy = false\n  }\n}\n"
}

// inLifecycle adds lines to the lifecycle of a resource.
func inLifecycle(config string, lines ...string) string {
	if len(lines) == 0 {
		return config
	}
	return strings.Replace(config, "{", "{\n  lifecycle {\n    "+strings.Join(lines, "\n    ")+"\n  }", 1)
}

// linkOrderIDs are links whose order id the configuration sets or the provider makes.
var linkOrderIDs = map[string]string{"configured order id": linkConfig, "made order id": autoLink}

// linkReplacements are links that Terraform destroys before it replaces them, or after.
var linkReplacements = map[string]string{"destroyed first": linkConfig, "created first": createFirst(linkConfig)}

// invoiceKinds are incoming invoices of the gateways that issue them.
var invoiceKinds = map[string]string{"paykeeper": paykeeperInvoice(), "p2p": p2pInvoice()}

// refreshes let a plan read what exists, or trust the state.
var refreshes = []string{"-refresh=true", "-refresh=false"}

// orders are the two orders in which Terraform replaces a resource.
var orders = map[string][]string{"destroy first": nil, "create first": {"create_before_destroy = true"}}

// second is the same configuration under another name.
func second(config string) string { return strings.Replace(config, `"one"`, `"two"`, 1) }

// countedLinks are links of a shop, told apart by their index. The lines go into their block.
func countedLinks(name string, count int, lines ...string) string {
	return fmt.Sprintf(`
resource "invoice_payment_link" %q {
  count       = %d
  terminal_id = invoice_terminal.web.id
  amount      = "10"
  receipt     = []
  %s
}
`, name, count, strings.Join(lines, "\n  "))
}

// orderByIndex gives each counted resource an order id of its own.
const orderByIndex = `order_id = "order-${count.index}"`

// providerWith configures the provider for the sandbox, with one more line.
func providerWith(w *clitest.Workspace, line string) string {
	return strings.Replace(clitest.ProviderBlock(w.URL), "max_retries = 2", "max_retries = 2\n  "+line, 1)
}

// importing is an import block.
func importing(address, id string) string {
	return fmt.Sprintf("\nimport {\n  to = %s\n  id = %q\n}\n", address, id)
}
