resource "invoice_invoice" "order" {
  amount   = "1500.00"
  order_id = "sbp-1042"

  paykeeper = {
    service_name = "Заказ 1042"
  }
}

# …/bill/…/?pstype=sbp_default: the payer comes straight to the Faster Payments System.
output "pay_by_sbp" {
  value = provider::invoice::with_payment_system(invoice_invoice.order.url, "sbp_default")
}
