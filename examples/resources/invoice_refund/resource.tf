# The order has to be paid before this is applied.
data "invoice_payment" "paid" {
  order_id = "2026-11-web-1040"
}

resource "invoice_refund" "returned" {
  payment_id = data.invoice_payment.paid.id
  amount     = "990.00"
  reason     = "Не подошёл размер"

  receipt = [
    { name = "Воронка V60", price = "990.00", quantity = "1", result_price = "990.00" },
  ]
}
