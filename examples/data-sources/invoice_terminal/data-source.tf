data "invoice_terminal" "museum" {
  alias = "museum-entrance"
}

output "page" {
  value = data.invoice_terminal.museum.url
}
