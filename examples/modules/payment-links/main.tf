terraform {
  required_version = ">= 1.8"

  required_providers {
    invoice = {
      source = "invoice-iac/invoice"
    }
  }
}

locals {
  orders = { for order in var.orders : order.order_id => merge(order, {
    lines = [for line in order.receipt : provider::invoice::receipt_line(line.name, line.price, line.quantity, try(line.discount, null))]
  }) }
}

resource "invoice_payment_link" "this" {
  for_each = local.orders

  terminal_id       = var.terminal_id
  order_id          = each.key
  amount            = provider::invoice::receipt_total(each.value.lines)
  currency          = try(each.value.currency, null)
  description       = try(each.value.description, null)
  custom_parameters = can(each.value.custom_parameters) ? jsonencode(each.value.custom_parameters) : null
  success_url       = try(each.value.success_url, var.success_url)
  fail_url          = try(each.value.fail_url, var.fail_url)
  receipt           = each.value.lines
  when_unpayable    = var.when_unpayable

  lifecycle {
    precondition {
      condition     = try(each.value.amount, null) == null || try(tonumber(each.value.amount) == tonumber(provider::invoice::receipt_total(each.value.lines)), false)
      error_message = "Order ${each.key}: the receipt comes to ${provider::invoice::receipt_total(each.value.lines)}, and amount is not that."
    }
  }
}
