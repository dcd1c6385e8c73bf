# PayKeeper: half of what was paid for an invoice. An invoice that is not paid has no payment,
# so add the refund once it is paid.
variable "paid_invoice_id" {
  type        = string
  description = "The invoice's id at PayKeeper. It has to be paid."
}

data "invoice_payment" "windows" {
  gateway    = "paykeeper"
  invoice_id = var.paid_invoice_id
}

resource "invoice_refund" "windows" {
  gateway    = "paykeeper"
  payment_id = data.invoice_payment.windows.id
  amount     = "45000.00"
  reason     = "Отказались от половины окон"

  refund_cart = [
    { name = "Окно", price = "22500.00", quantity = "2", sum = "45000.00", tax = "vat20" },
  ]
}
