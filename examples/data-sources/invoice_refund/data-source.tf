variable "refund_id" {
  type        = string
  description = "The id that the gateway gave the refund."
}

data "invoice_refund" "returned" {
  id = var.refund_id
}

output "has_arrived" {
  value = data.invoice_refund.returned.status == "successful"
}
