variable "invoice_id" {
  description = "An invoice's id, as the gateway gave it."
  type        = string
}

data "invoice_invoice" "order" {
  gateway = "paykeeper"
  id      = var.invoice_id
}

output "is_paid" {
  value = data.invoice_invoice.order.status == "paid"
}
