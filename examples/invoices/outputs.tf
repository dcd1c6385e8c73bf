output "invoices" {
  description = "All invoices, in one shape for both gateways."
  value = { for order, invoice in invoice_invoice.order : order => {
    gateway = invoice.gateway
    amount  = invoice.amount
    status  = invoice.status
    url     = invoice.url
    expires = invoice.expires_at
    is_paid = invoice.status == "paid"
  } }
}

output "table" {
  description = "The same, as a table."
  value = join("\n", concat(
    [format("%-14s %-10s %10s  %-8s %s", "ORDER", "GATEWAY", "AMOUNT", "STATUS", "PAGE")],
    [for order, invoice in invoice_invoice.order : format("%-14s %-10s %10s  %-8s %s", order, invoice.gateway, invoice.amount, invoice.status, invoice.url)],
  ))
}
