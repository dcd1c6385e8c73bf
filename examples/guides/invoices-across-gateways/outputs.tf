locals {
  all = merge(invoice_invoice.order, data.invoice_invoice.elsewhere)
}

output "invoices" {
  description = "All invoices, in one shape for all gateways."
  value = { for order, invoice in local.all : order => {
    gateway        = invoice.gateway
    amount         = invoice.amount
    status         = invoice.status
    gateway_status = invoice.gateway_status
    url            = invoice.url
    expires        = invoice.expires_at
    is_paid        = invoice.paid
  } }
}

output "table" {
  description = "The same, as a table."
  value = join("\n", concat(
    [format("%-14s %-14s %10s  %-14s %s", "ORDER", "GATEWAY", "AMOUNT", "STATUS", "PAGE")],
    [for order, invoice in local.all : format("%-14s %-14s %10s  %-14s %s", order, invoice.gateway, invoice.amount, invoice.status, coalesce(invoice.url, "–"))],
  ))
}
