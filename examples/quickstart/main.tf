# A chain of coffee shops: a terminal for every branch, a payment link for every
# order. People edit and review the lists as files. "make demo" applies this.

terraform {
  required_providers {
    invoice = {
      source = "invoice-iac/invoice"
    }
  }
}

# Merchant id, API key and address come from INVOICE_MERCHANT_ID,
# INVOICE_API_KEY and INVOICE_BASE_URL.
provider "invoice" {}

locals {
  branches = { for row in csvdecode(file("${path.module}/branches.csv")) : row.alias => row }
  orders   = { for order in yamldecode(file("${path.module}/products.yaml")) : order.order_id => order }
}

resource "invoice_terminal" "branch" {
  for_each = local.branches

  alias         = each.key
  name          = each.value.name
  description   = each.value.description
  type          = each.value.type
  default_price = each.value.default_price != "" ? each.value.default_price : null
  can_comments  = tobool(each.value.can_comments)
}

resource "invoice_payment_link" "order" {
  for_each = local.orders

  terminal_id    = invoice_terminal.branch[each.value.branch].id
  order_id       = each.key
  amount         = each.value.amount
  description    = each.value.description
  when_unpayable = "renew"

  custom_parameters = can(each.value.customer) ? jsonencode({ customer = each.value.customer }) : null

  receipt = [for line in each.value.receipt : {
    name         = line.name
    price        = line.price
    quantity     = line.quantity
    discount     = try(line.discount, null)
    result_price = line.result_price
  }]
}
