output "table" {
  description = "Every order with its status and link."
  value = join("\n", concat(
    [format("%-22s %10s  %-10s  %s", "ORDER", "RUB", "STATUS", "LINK")],
    [for id, link in invoice_payment_link.order : format("%-22s %10s  %-10s  %s", id, link.amount, link.status, link.url)],
  ))
}

# terraform output -raw posters >posters.html
output "posters" {
  description = "A page to print for every order that is not paid yet."
  sensitive   = true # no secret, but a plan is easier to read without it
  value = templatefile("${path.module}/posters.html.tftpl", {
    posters = [for id, link in invoice_payment_link.order : {
      order_id    = id
      amount      = replace(link.amount, ".", ",")
      description = coalesce(link.description, id)
      url         = link.url
      qr          = provider::invoice::qr_svg(link.url)
    } if !link.paid]
  })
}
