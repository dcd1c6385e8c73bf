# Step 1: what is there? This file only reads. It can go once everything is adopted.

variable "first_day" {
  description = "The first day of the period, as YYYY-MM-DD."
  type        = string
}

variable "last_day" {
  description = "Its last day."
  type        = string
}

data "invoice_history" "found" {
  gateway        = "paykeeper"
  statuses       = ["sent", "paid"]
  created_after  = var.first_day
  created_before = var.last_day
}

# terraform output -json found >invoices.json
output "found" {
  sensitive = true # it has the payers' addresses
  value = { for one in data.invoice_history.found.invoices : one.id => {
    amount       = one.amount
    order_id     = one.order_id
    customer_id  = one.customer_id
    service_name = one.description
    client_email = one.customer_email
    client_phone = one.customer_phone
    expiry_date  = one.expires_at == null ? null : formatdate("YYYY-MM-DD", timeadd(one.expires_at, "86399s"))
  } }
}

# terraform output -raw import_blocks >imports.tf
output "import_blocks" {
  value = join("\n", [for one in data.invoice_history.found.invoices : <<-EOT
    import {
      to = invoice_invoice.i${one.id}
      id = "paykeeper/${one.id}"
    }
  EOT
  ])
}
