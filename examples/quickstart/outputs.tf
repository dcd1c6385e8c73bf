output "pages" {
  description = "The payment page of every branch."
  value       = { for alias, terminal in invoice_terminal.branch : alias => terminal.url }
}

output "links" {
  description = "The payment link of every order."
  value = { for order_id, link in invoice_payment_link.order : order_id => {
    amount = link.amount
    url    = link.url
  } }
}

output "table" {
  description = "The same, as a table."
  value = join("\n", concat(
    [format("%-22s %10s  %s", "ORDER", "RUB", "LINK")],
    [for order_id, link in invoice_payment_link.order : format("%-22s %10s  %s", order_id, link.amount, link.url)],
    [""],
    [format("%-22s %10s  %s", "BRANCH", "RUB", "PAGE")],
    [for alias, terminal in invoice_terminal.branch : format("%-22s %10s  %s", alias, coalesce(terminal.default_price, "any"), terminal.url)],
  ))
}
