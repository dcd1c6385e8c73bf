# What was paid in November, and what is still open.
data "invoice_history" "november" {
  gateway        = "paykeeper"
  created_after  = "2026-11-01"
  created_before = "2026-11-30"
}

output "paid" {
  value = lookup(data.invoice_history.november.amount_by_status, "paid", "0.00")
}

output "open" {
  value = [for invoice in data.invoice_history.november.invoices : invoice.order_id if invoice.status == "sent"]
}
