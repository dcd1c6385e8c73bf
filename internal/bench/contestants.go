package main

import "fmt"

// kind is what a configuration has many of.
type kind string

const (
	links    kind = "payment links"
	invoices kind = "PayKeeper invoices"
	// The others need no gateway, and are what ours is compared with.
	builtIn kind = "terraform_data"
	random  kind = "random_id"
	empty   kind = "empty_thing"
)

// isOurs reports whether the kind is one of this provider.
func (k kind) isOurs() bool { return k == links || k == invoices }

// configuration is that of count objects.
func (k kind) configuration(count int, terminal string) string {
	switch k {
	case links:
		return requiring("invoice", "invoice-iac/invoice") + linksOf("order", count, terminal)
	case invoices:
		return requiring("invoice", "invoice-iac/invoice") + fmt.Sprintf(`
resource "invoice_invoice" "order" {
  count    = %d
  amount   = "1000.00"
  order_id = "order-${count.index}"
  paykeeper = {
    service_name = "Order ${count.index}"
    client_email = "payer@example.com"
    expiry_date  = "2035-12-31"
    send         = true
  }
}
`, count)
	case builtIn:
		return fmt.Sprintf(`
resource "terraform_data" "order" {
  count = %d
  input = "Order ${count.index}"
}
`, count)
	case random:
		return requiring("random", "hashicorp/random") + fmt.Sprintf(`
resource "random_id" "order" {
  count       = %d
  byte_length = 8
  prefix      = "Order ${count.index} "
}
`, count)
	default:
		return requiring("empty", "invoice-iac/empty") + fmt.Sprintf(`
resource "empty_thing" "order" {
  count = %d
  name  = "Order ${count.index}"
}
`, count)
	}
}

// linksOf are payment links without order ids.
func linksOf(name string, count int, terminal string) string {
	return fmt.Sprintf(`
resource "invoice_payment_link" %q {
  count       = %d
  terminal_id = %q
  amount      = "1000.00"
  description = "Order ${count.index}"
  receipt     = [{ name = "Чай", price = "1000.00", quantity = "1", result_price = "1000.00" }]
}
`, name, count, terminal)
}

func requiring(name, source string) string {
	return fmt.Sprintf("terraform {\n  required_providers {\n    %s = { source = %q }\n  }\n}\n", name, source)
}
