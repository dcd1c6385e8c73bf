output "summary" {
  description = "The report in a few lines."
  value = {
    gateway  = var.gateway
    month    = var.month
    invoices = local.history.total_count
    paid     = lookup(local.history.amount_by_status, "paid", "0.00")
    unpaid   = length(local.unpaid)
  }
}

output "report" {
  description = "The report as Markdown. It is sensitive so that an apply does not print it: terraform output -raw report >report.md."
  value       = local.report
  sensitive   = true
}

output "totals" {
  description = "The number of invoices and their sum, by status."
  value = { for status, count in local.history.count_by_status : status => {
    count  = count
    amount = local.history.amount_by_status[status]
  } }
}

output "by_day" {
  description = "How many invoices were issued on each day, and how much of that is paid."
  value       = local.by_day
}

output "unpaid" {
  description = "The invoices that can still be paid, newest first. No payer is named. It is sensitive so that an apply does not print it."
  sensitive   = true
  value = [for invoice in local.unpaid : {
    id         = invoice.id
    order_id   = invoice.order_id
    amount     = invoice.amount
    status     = invoice.status
    created_at = invoice.created_at
  }]
}
