resource "invoice_terminal" "web" {
  alias = "declined-web"
  name  = "Интернет-магазин"
}

resource "invoice_payment_link" "order" {
  terminal_id = invoice_terminal.web.id
  order_id    = "declined-1041"
  amount      = "2847.50"
  receipt     = []
}

# What the payer can be told, or the gateway's text where it holds no known code.
output "why_declined" {
  value = try(
    provider::invoice::decline_reason(invoice_payment_link.order.status_description).description_ru,
    invoice_payment_link.order.status_description,
  )
}

output "example" {
  value = provider::invoice::decline_reason("2,51").name # "Not sufficient funds"
}
