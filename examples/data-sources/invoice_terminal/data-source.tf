data "invoice_terminal" "museum" {
  alias = "museum-shop"
}

output "page" {
  value = data.invoice_terminal.museum.url
}
