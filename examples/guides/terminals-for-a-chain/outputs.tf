output "table" {
  description = "Every till with its page."
  value = join("\n", concat(
    [format("%-16s %8s  %s", "TILL", "RUB", "PAGE")],
    [for alias, till in invoice_terminal.till : format("%-16s %8s  %s", alias, coalesce(till.default_price, "any"), till.url)],
  ))
}

# terraform output -raw cards >cards.html
output "cards" {
  description = "A card with a QR code for every till, to print."
  sensitive   = true # no secret, but a plan is easier to read without it
  value = templatefile("${path.module}/cards.html.tftpl", {
    cards = [for alias, till in invoice_terminal.till : {
      alias = alias
      name  = replace(replace(till.name, "&", "&amp;"), "<", "&lt;")
      price = till.default_price != null ? "${replace(till.default_price, ".", ",")} ₽" : "любая сумма"
      url   = till.url
      qr    = provider::invoice::qr_svg(till.url)
    }]
  })
}
