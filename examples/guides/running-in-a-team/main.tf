# One configuration that a team and its jobs share: two merchants, orders in a YAML file.
# The folders beside this file hold a backend each: copy backend.tf of one of them here.

terraform {
  required_providers {
    invoice = {
      source  = "invoice-iac/invoice"
      version = "~> 0.1.0"
    }
  }
}

# The shop is the merchant whose credentials are in the job's environment. A preview must not
# adopt what production has made: destroying the preview would close it.
provider "invoice" {
  adopt_existing = !local.is_preview
}

# The café is another merchant. What is not set here comes from the environment: so its
# variables have no default, and may be neither null nor empty.
provider "invoice" {
  alias          = "cafe"
  adopt_existing = !local.is_preview
  invoice = {
    merchant_id = var.cafe_merchant_id
    api_key     = var.cafe_api_key
  }
}

locals {
  # Production is the workspace "default"; every other one is a preview, such as pr-17. Nobody
  # can forget to say so.
  is_preview = terraform.workspace != "default"
  suffix     = local.is_preview ? "-${terraform.workspace}" : ""

  orders = { for order in yamldecode(file("${path.module}/orders.yaml")) : order.order_id => order }
}

# A terminal can never be deleted, so a preview makes none: it uses that of production.
resource "invoice_terminal" "shop" {
  count = local.is_preview ? 0 : 1

  alias = "team-shop"
  name  = "Интернет-магазин"
  type  = "dynamic"
}

data "invoice_terminal" "shop" {
  count = local.is_preview ? 1 : 0

  alias = "team-shop"
}

resource "invoice_payment_link" "order" {
  for_each = local.orders

  terminal_id = one(concat(invoice_terminal.shop[*].id, data.invoice_terminal.shop[*].id))
  order_id    = "${each.key}${local.suffix}"
  amount      = each.value.amount
  description = each.value.description
  receipt = [{
    name         = each.value.description
    price        = each.value.amount
    quantity     = 1
    result_price = each.value.amount
  }]

  lifecycle {
    precondition {
      condition     = length(setsubtract(keys(each.value), local.order_keys)) == 0
      error_message = "orders.yaml, ${each.key}: unknown ${join(", ", setsubtract(keys(each.value), local.order_keys))}. Known are ${join(", ", local.order_keys)}."
    }
  }
}

locals {
  order_keys = ["order_id", "amount", "description"]
}

resource "invoice_terminal" "cafe" {
  provider = invoice.cafe
  count    = local.is_preview ? 0 : 1

  alias = "team-cafe"
  name  = "Кофейня"
  type  = "dynamic"
}

output "links" {
  value = { for order, link in invoice_payment_link.order : order => link.url }
}
