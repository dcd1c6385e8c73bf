package chaos

import "fmt"

const providerSource = `
terraform {
  required_providers {
    invoice = { source = "invoice-iac/invoice" }
  }
}
`

// till is the terminal of all payment links.
const till = `
resource "invoice_terminal" "till" {
  alias = "till"
  name  = "Касса"
  type  = "dynamic"
}
`

// linksConfig has so many payment links. Without an order id, the provider makes one.
func linksConfig(count int, orderID string) string {
	if orderID != "" {
		orderID = fmt.Sprintf("order_id    = %q", orderID)
	}
	return till + fmt.Sprintf(`
resource "invoice_payment_link" "order" {
  count       = %d
  terminal_id = invoice_terminal.till.id
  amount      = "1500.50"
  receipt     = %s
  %s
}
`, count, receipt(`"1500.50"`), orderID)
}

// receipt has one line of that amount, which is an expression.
func receipt(amount string) string {
	return fmt.Sprintf(`[{ name = "Чай", price = %[1]s, quantity = 1, result_price = %[1]s }]`, amount)
}

const p2pNotification = `
    notification_url   = "https://shop.example.com/hook"
    notification_token = "the-hook-token"
    payment_method     = "sberbank"`

// p2pDeposit is the block of an invoice that brings money in.
const p2pDeposit = `
  p2p = {
    direction          = "in"` + p2pNotification + `
  }
`

// p2pPayout is the block of an invoice that sends money to a card, which is an
// expression.
func p2pPayout(card string) string {
	return fmt.Sprintf(`
  p2p = {
    direction          = "out"`+p2pNotification+`
    payment_option     = "TO_CARD"
    payment_requisites = { requisites = %s, holder = "ИВАН ИВАНОВ" }
  }
`, card)
}
