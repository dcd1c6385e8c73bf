locals {
  repair = { # or yamldecode(file("${path.module}/repair.yaml"))
    service_name = "Ремонт окна"
    expiry_date  = "2035-12-31"
    cart = [
      { name = "Ремонт окна", price = "1500.00", quantity = "1", sum = "1500.00", tax = "none" },
    ]
  }

  unknown_names = concat(
    tolist(setsubtract(keys(local.repair), [
      "cart", "client_email", "client_phone", "expiry_date", "language", "result_url", "send", "service_name",
    ])),
    flatten([for line in try(local.repair.cart, []) : tolist(setsubtract(keys(line), [
      "item_type", "measure", "name", "payment_type", "price", "quantity", "sum", "tax",
    ]))]),
  )
}

resource "invoice_invoice" "repair" {
  amount    = "1500.00"
  order_id  = "errors-1001"
  paykeeper = local.repair

  lifecycle {
    precondition {
      condition     = length(local.unknown_names) == 0
      error_message = "The invoice has unknown names: ${join(", ", local.unknown_names)}."
    }
  }
}
