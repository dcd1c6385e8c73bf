resource "invoice_terminal" "museum" {
  alias         = "svg-museum"
  name          = "Входной билет"
  type          = "static"
  default_price = "350"
}

# terraform output -raw qr > qr.svg
output "qr" {
  value = provider::invoice::qr_svg(invoice_terminal.museum.url)
}
