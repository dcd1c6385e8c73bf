locals {
  lines = [ # or yamldecode(file("${path.module}/lines.yaml"))
    { name = "Пуровер", price = "1980.00", quantity = "1", result_price = "1980.00" },
  ]

  unknown_names = flatten([for line in local.lines : tolist(setsubtract(keys(line), [
    "discount", "name", "price", "quantity", "result_price",
  ]))])
}

resource "invoice_terminal" "web" {
  alias = "errors-web"
  name  = "Интернет-магазин"
}

resource "invoice_payment_link" "order" {
  terminal_id = invoice_terminal.web.id
  amount      = "1980.00"
  order_id    = "errors-1002"
  receipt     = local.lines

  lifecycle {
    precondition {
      condition     = length(local.unknown_names) == 0
      error_message = "The receipt has unknown names: ${join(", ", local.unknown_names)}."
    }
  }
}
