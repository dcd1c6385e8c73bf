# What was sold. A shop that issues its orders elsewhere looks the payments up instead
# (data "invoice_payment").

resource "invoice_terminal" "shop" {
  alias = "payouts-shop"
  name  = "Магазин «Окна»"
}

resource "invoice_payment_link" "order" {
  terminal_id = invoice_terminal.shop.id
  order_id    = "payouts-1040"
  amount      = "1980.00"
  receipt     = [{ name = "Воронка V60", price = "990.00", quantity = "2", result_price = "1980.00" }]
}

resource "invoice_invoice" "windows" {
  amount   = "90000.00"
  order_id = "payouts-1041"

  paykeeper = {
    service_name = "Остекление балкона"
  }
}

locals {
  # What can be refunded, by the numbers of the orders.
  orders = {
    payouts-1040 = { gateway = "invoice", paid = invoice_payment_link.order.paid, payment = invoice_payment_link.order.id }
    payouts-1041 = { gateway = "paykeeper", paid = invoice_invoice.windows.paid, payment = invoice_invoice.windows.payment_id }
  }
}

output "pages" {
  description = "Where the orders are paid."
  value       = { payouts-1040 = invoice_payment_link.order.url, payouts-1041 = invoice_invoice.windows.url }
}
