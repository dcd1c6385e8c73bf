variable "payment_id" {
  description = "The paid payment, as the gateway calls it."
  type        = string
}

locals {
  returned = [ # or yamldecode(file("${path.module}/returned.yaml"))
    { name = "Воронка V60", price = "495.00", quantity = "1", result_price = "495.00" },
  ]

  # For refund_cart: item_type, measure, name, payment_type, price, quantity, sum, tax.
  unknown_names = flatten([for line in local.returned : tolist(setsubtract(keys(line), [
    "discount", "name", "price", "quantity", "result_price",
  ]))])
}

resource "invoice_refund" "returned" {
  payment_id = var.payment_id
  amount     = "495.00"
  receipt    = local.returned

  lifecycle {
    precondition {
      condition     = length(local.unknown_names) == 0
      error_message = "The receipt has unknown names: ${join(", ", local.unknown_names)}."
    }
  }
}
