locals {
  receipt = [
    # 2190.00 × 0.755 less 10% is 1488.11
    provider::invoice::receipt_line("Эфиопия Иргачефф, кг", 2190, 0.755, "10%"),
    provider::invoice::receipt_line("Бразилия Сантос, кг", "1205.00", 1),
    # 50 roubles off the line
    provider::invoice::receipt_line("Воронка", "640.00", 2, "50.00"),
  ]
}

resource "invoice_terminal" "web" {
  alias = "receipt-web"
  name  = "Интернет-магазин"
}

resource "invoice_payment_link" "order" {
  terminal_id = invoice_terminal.web.id
  order_id    = "receipt-1041"
  amount      = provider::invoice::receipt_total(local.receipt)
  receipt     = local.receipt
}
