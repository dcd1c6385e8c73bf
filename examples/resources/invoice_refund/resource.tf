# Pay the order before you apply this.
data "invoice_payment" "paid" {
  order_id = "returned-1040"
}

resource "invoice_refund" "returned" {
  payment_id = data.invoice_payment.paid.id
  amount     = "495.00"
  reason     = "Не подошёл размер"

  receipt = [
    { name = "Воронка V60", price = "495.00", quantity = "1", result_price = "495.00" },
  ]
}

# A further refund of the same payment and amount needs another sequence.
resource "invoice_refund" "rest" {
  payment_id = data.invoice_payment.paid.id
  amount     = "495.00"
  sequence   = 2
  reason     = "Не подошёл размер"

  receipt = [
    { name = "Воронка V60", price = "495.00", quantity = "1", result_price = "495.00" },
  ]
}
