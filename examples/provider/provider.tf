terraform {
  required_providers {
    invoice = {
      source = "invoice-iac/invoice"
    }
  }
}

# Leave the API key to the environment: INVOICE_API_KEY. INVOICE_BASE_URL leads to a sandbox.
provider "invoice" {
  invoice = {
    merchant_id = "c24360cfac0a0c40c518405f6bc68cb0"
  }

  requests_per_second = 20
}

# A page that stays: for a branch, a till, a printed QR code.
resource "invoice_terminal" "branch" {
  alias = "docs-mira-12"
  name  = "Кофейня на Мира"
}

# One order, paid once.
resource "invoice_payment_link" "order" {
  terminal_id = invoice_terminal.branch.id
  order_id    = "docs-1041"
  amount      = "990.00"
  receipt     = [{ name = "Воронка V60", price = "990.00", quantity = "1", result_price = "990.00" }]
}

output "link" {
  value = invoice_payment_link.order.url
}
