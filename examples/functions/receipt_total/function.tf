locals {
  # Lines may be made in any way, with a discount and without.
  receipt = [
    provider::invoice::receipt_line("Эфиопия Иргачефф, кг", 2190, 0.755, "10%"),
    { name = "Доставка", price = "300.00", quantity = 1, result_price = "300.00" },
  ]
}

output "total" {
  value = provider::invoice::receipt_total(local.receipt) # "1788.11"
}

# PayKeeper's cart takes the same lines, and its lines can be added up as well.
locals {
  cart = [for line in local.receipt : {
    name     = line.name
    price    = line.price
    quantity = line.quantity
    sum      = line.result_price
    tax      = "vat20"
  }]
}

resource "invoice_invoice" "order" {
  amount   = provider::invoice::receipt_total(local.cart)
  order_id = "total-1042"

  paykeeper = {
    service_name = "Заказ 1042"
    cart         = local.cart
  }
}
