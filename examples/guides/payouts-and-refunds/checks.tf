# A mistyped name is an error. Without this, the CLI drops it in silence, and "seqence: 2" would
# be a refund like the first one.

locals {
  payout_names  = ["amount", "bank"]
  refund_names  = ["order", "amount", "sequence", "reason", "receipt", "cart"]
  receipt_names = ["name", "price", "quantity", "discount", "result_price"]
  cart_names    = ["name", "price", "quantity", "sum", "tax", "item_type", "payment_type", "measure"]

  payout_mistakes = { for name, payout in local.payouts : name => concat(
    [for key in keys(payout) : "${key} is no name of a payout" if !contains(local.payout_names, key)],
    [for key in local.payout_names : "${key} is missing" if !contains(keys(payout), key)],
  ) }

  refund_mistakes = { for name, refund in local.refunds : name => concat(
    [for key in keys(refund) : "${key} is no name of a refund" if !contains(local.refund_names, key)],
    [for key in ["order", "amount"] : "${key} is missing" if !contains(keys(refund), key)],
    contains(keys(local.orders), try(refund.order, "")) ? [] : ["there is no order ${try(refund.order, "without a number")}"],
    flatten([for line in try(refund.receipt, []) : [for key in keys(line) : "${key} is no name of a line of the receipt" if !contains(local.receipt_names, key)]]),
    flatten([for line in try(refund.cart, []) : [for key in keys(line) : "${key} is no name of a line of the cart" if !contains(local.cart_names, key)]]),
  ) }
}
