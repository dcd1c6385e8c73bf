output "ids" {
  description = "By alias: the terminal's id, for payment links."
  value       = { for alias, till in invoice_terminal.this : alias => till.id }
}

output "pages" {
  description = "By alias: the address of the payment page."
  value       = { for alias, till in invoice_terminal.this : alias => till.url }
}

output "qr" {
  description = "By alias: an SVG image of the page's QR code."
  sensitive   = true # no secret, but a plan is easier to read without it
  value       = { for alias, till in invoice_terminal.this : alias => provider::invoice::qr_svg(till.url) }
}
