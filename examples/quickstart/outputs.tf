locals {
  # The gateway calls an open link "init".
  status = { for order_id, link in invoice_payment_link.order : order_id =>
    link.paid ? "paid" : link.status == "init" ? "open" : link.status
  }
}

output "pages" {
  description = "The payment page of every branch."
  value       = { for alias, terminal in invoice_terminal.branch : alias => terminal.url }
}

output "links" {
  description = "The payment link of every order."
  value = { for order_id, link in invoice_payment_link.order : order_id => {
    amount = link.amount
    status = local.status[order_id]
    url    = link.url
  } }
}

output "table" {
  description = "The same, as a table."
  value = join("\n", concat(
    [format("%-20s %10s  %-8s  %s", "ORDER", "RUB", "STATUS", "LINK")],
    [for order_id, link in invoice_payment_link.order : format("%-20s %10s  %-8s  %s", order_id, link.amount, local.status[order_id], link.url)],
    [""],
    [format("%-20s %10s  %-8s  %s", "BRANCH", "RUB", "", "PAGE")],
    [for alias, terminal in invoice_terminal.branch : format("%-20s %10s  %-8s  %s", alias, coalesce(terminal.default_price, "any"), "", terminal.url)],
  ))
}
