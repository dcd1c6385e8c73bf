output "totals" {
  description = "The number of invoices and their sum, by status."
  value = { for status, count in local.history.count_by_status : status => {
    count  = count
    amount = local.history.amount_by_status[status]
  } }
}

output "by_day" {
  description = "How many invoices were issued on each day in Moscow, and how much of that is paid."
  value       = local.by_day
}

output "unpaid" {
  description = "The invoices that can still be paid, newest first."
  value = [for invoice in local.unpaid : {
    id         = invoice.id
    order_id   = invoice.order_id
    amount     = invoice.amount
    status     = invoice.status
    created_at = invoice.created_at
    email      = invoice.customer_email
  }]
}

output "markdown" {
  description = "The report as Markdown."
  value       = local.markdown
}
