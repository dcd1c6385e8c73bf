# A link for an order, and the payout for its delivery: small enough to test in a minute.

terraform {
  required_providers {
    invoice = {
      source  = "invoice-iac/invoice"
      version = "~> 0.1.0"
    }
  }
}

provider "invoice" {}

locals {
  receipt = [for line in var.order.lines : provider::invoice::receipt_line(line.name, line.price, line.quantity)]
}

resource "invoice_terminal" "shop" {
  alias = "testing-shop"
  name  = "Интернет-магазин"
  type  = "dynamic"
}

resource "invoice_payment_link" "order" {
  terminal_id = invoice_terminal.shop.id
  order_id    = var.order.id
  amount      = provider::invoice::receipt_total(local.receipt)
  receipt     = local.receipt
}

resource "invoice_invoice" "courier" {
  order_id            = "${var.order.id}-courier"
  amount              = "250"
  deletion_protection = var.deletion_protection
  p2p = {
    direction                     = "out"
    notification_url              = "https://shop.example.com/payouts"
    notification_token_wo         = var.notification_token
    notification_token_wo_version = 1
    payment_method                = "sberbank"
    payment_option                = "TO_CARD"
    payment_requisites_wo         = { requisites = var.courier_card }
    payment_requisites_wo_version = 1
  }
}

output "url" {
  value = invoice_payment_link.order.url
}
