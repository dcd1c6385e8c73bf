locals {
  refunds = yamldecode(file("${path.module}/refunds.yaml"))
}

resource "invoice_refund" "back" {
  for_each = local.refunds

  gateway     = local.orders[each.value.order].gateway
  payment_id  = local.orders[each.value.order].payment
  amount      = each.value.amount
  sequence    = try(each.value.sequence, 1)
  reason      = try(each.value.reason, null)
  receipt     = try(each.value.receipt, null)
  refund_cart = try(each.value.cart, null)

  lifecycle {
    precondition {
      condition     = length(local.refund_mistakes[each.key]) == 0
      error_message = "refunds.yaml, ${each.key}: ${join("; ", local.refund_mistakes[each.key])}."
    }
    precondition {
      condition     = try(local.orders[each.value.order].paid, true)
      error_message = "refunds.yaml, ${each.key}: order ${try(each.value.order, "")} is not paid, so there is nothing to refund."
    }
  }
}

output "refunds" {
  description = "What became of the refunds."
  value       = { for name, refund in invoice_refund.back : name => { amount = refund.amount, status = refund.status } }
}
