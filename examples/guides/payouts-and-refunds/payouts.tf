locals {
  payouts = yamldecode(file("${path.module}/payouts.yaml"))
}

# Ephemeral: what is given here is in no state and in no plan. So it is given twice, to the
# plan and to the apply. From the environment: TF_VAR_cards and TF_VAR_notification_token.
variable "cards" {
  description = "The cards that payouts go to, by the names of the payouts."
  type        = map(string)
  ephemeral   = true
  sensitive   = true
  default     = {}
}

variable "notification_token" {
  description = "The secret by which the shop recognises the gateway's notifications."
  type        = string
  ephemeral   = true
  sensitive   = true
}

resource "invoice_invoice" "payout" {
  for_each = local.payouts

  amount   = each.value.amount
  order_id = each.key

  p2p = {
    direction                     = "out"
    notification_url              = "https://shop.example.com/payments/hook"
    notification_token_wo         = var.notification_token
    notification_token_wo_version = 1
    payment_option                = "TO_CARD"
    payment_method                = each.value.bank
    payment_requisites_wo         = { requisites = lookup(var.cards, each.key, null) }
    payment_requisites_wo_version = 1
  }

  lifecycle {
    precondition {
      condition     = length(local.payout_mistakes[each.key]) == 0
      error_message = "payouts.yaml, ${each.key}: ${join("; ", local.payout_mistakes[each.key])}."
    }
  }
}

output "payouts" {
  description = "What became of the payouts."
  value       = { for name, payout in invoice_invoice.payout : name => { amount = payout.amount, status = payout.status } }
}
