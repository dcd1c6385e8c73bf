resource "invoice_terminal" "web" {
  alias = "link-web"
  name  = "Интернет-магазин"
}

resource "invoice_payment_link" "order" {
  terminal_id = invoice_terminal.web.id
  amount      = "2847.50"
  order_id    = "link-1041"
  description = "Заказ 1041"

  success_url       = "https://example.com/thanks"
  fail_url          = "https://example.com/again"
  custom_parameters = jsonencode({ customer = "81734" })

  # Issue a new link when this one expires or a payment fails.
  when_unpayable = "renew"

  receipt = [
    { name = "Эфиопия Иргачефф, кг", price = "2190.00", quantity = "0.75", result_price = "1642.50" },
    { name = "Бразилия Сантос, кг", price = "1205.00", quantity = "1", result_price = "1205.00" },
  ]

  # Shorter bounds than max_wait.
  timeouts {
    create = "1m"
    read   = "20s"
    delete = "1m"
  }
}

output "link" {
  value = invoice_payment_link.order.url
}
