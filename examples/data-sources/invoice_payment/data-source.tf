# Invoice API v2: by the order id.
data "invoice_payment" "order" {
  order_id = "paid-1040"
}

output "is_paid" {
  value = data.invoice_payment.order.status == "successful"
}

output "why_declined" {
  value = try(data.invoice_payment.order.decline_reason.description, null)
}

# PayKeeper: the payment of an invoice. Until somebody pays it, paid is false and refunds is empty.
resource "invoice_invoice" "windows" {
  amount   = "48500.00"
  order_id = "paid-1042"

  paykeeper = {
    service_name = "Остекление балкона"
    language     = "ru"
    result_url   = "https://shop.example.com/orders/paid-1042"
  }
}

data "invoice_payment" "windows" {
  gateway    = "paykeeper"
  invoice_id = invoice_invoice.windows.id
}

output "windows" {
  value = {
    is_paid    = data.invoice_payment.windows.paid
    given_back = data.invoice_payment.windows.refunded_amount
    refunds    = [for one in data.invoice_payment.windows.refunds : "${one.amount} ${one.status}"]
  }
}
