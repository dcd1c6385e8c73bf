data "invoice_payment" "order" {
  order_id = "2026-11-web-1040"
}

output "is_paid" {
  value = data.invoice_payment.order.status == "successful"
}

output "why_declined" {
  value = try(data.invoice_payment.order.decline_reason.description, null)
}
