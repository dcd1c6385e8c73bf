resource "invoice_terminal" "museum" {
  alias         = "png-museum"
  name          = "Входной билет"
  type          = "static"
  default_price = "350"
}

# terraform output -raw qr | base64 -d > qr.png
output "qr" {
  value = provider::invoice::qr_png_base64(invoice_terminal.museum.url)
}

output "html" {
  value = "<img alt=\"QR\" src=\"data:image/png;base64,${provider::invoice::qr_png_base64(invoice_terminal.museum.url)}\">"
}
