data "invoice_payment" "paid" {
  order_id = "goodwill-1040"
}

# By hand, once: terraform apply -invoke=action.invoice_refund.goodwill
# Each further -invoke sends the money again. The resource invoice_refund does not.
action "invoice_refund" "goodwill" {
  config {
    payment_id = data.invoice_payment.paid.id
    amount     = "100.00"
    reason     = "Задержали доставку"

    receipt = [
      { name = "Доставка", price = "100.00", quantity = "1", result_price = "100.00" },
    ]
  }
}

# PayKeeper finds the refund if it is there already, and sends nothing then.
action "invoice_refund" "windows" {
  config {
    gateway    = "paykeeper"
    payment_id = "700123"
    amount     = "100.00"
  }
}
