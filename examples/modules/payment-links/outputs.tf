output "links" {
  description = "By order id: url, amount, status, whether it is paid, and until when it can be paid."
  value = { for id, link in invoice_payment_link.this : id => {
    url        = link.url
    amount     = link.amount
    status     = link.status
    paid       = link.paid
    expires_at = link.expires_at
  } }
}

output "qr" {
  description = "By order id: an SVG image of the QR code, for links that are not paid yet."
  sensitive   = true # no secret, but a plan is easier to read without it
  value       = { for id, link in invoice_payment_link.this : id => provider::invoice::qr_svg(link.url) if !link.paid }
}
