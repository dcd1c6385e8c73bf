# A shop keeps each invoice in a file of its own, for two gateways. The name of a
# file is the number of the order. To change an invoice, open a pull request.

terraform {
  required_providers {
    invoice = {
      source = "invoice-iac/invoice"
    }
  }
}

# The settings of both gateways come from INVOICE_PAYKEEPER_BASE_URL, _LOGIN and
# _PASSWORD, and from INVOICE_P2P_BASE_URL, _API_KEY and _SECRET_KEY.
provider "invoice" {}

variable "notification_url" {
  description = "The address that the P2P gateway posts notifications to."
  type        = string
  default     = "https://shop.example.com/payments/hook"
}

variable "notification_token" {
  description = "The secret by which the shop recognises these notifications."
  type        = string
  sensitive   = true
}

locals {
  # The files, by the numbers of the orders. Two for one order are an error.
  files = { for name in fileset("${path.module}/invoices", "*.{yaml,yml}") : trimsuffix(trimsuffix(name, ".yml"), ".yaml") => "invoices/${name}" }
  # The error of yamldecode names no file, so one that it cannot read is null here, and a mistake in checks.tf.
  invoices = { for order, name in local.files : order => try(yamldecode(file("${path.module}/${name}")), null) }
}

resource "invoice_invoice" "order" {
  for_each = local.invoices

  amount         = each.value.amount
  order_id       = each.key
  customer_id    = try(each.value.customer, null)
  when_unpayable = try(each.value.when_unpayable, "keep")

  paykeeper = each.value.gateway != "paykeeper" ? null : {
    service_name = each.value.for
    client_email = try(each.value.email, null)
    client_phone = try(each.value.phone, null)
    expiry_date  = try(each.value.expires, null)
    send         = try(each.value.send, false)
    cart         = try(each.value.cart, null)
  }

  p2p = each.value.gateway != "p2p" ? null : {
    direction          = "in"
    notification_url   = var.notification_url
    notification_token = var.notification_token
    max_amount         = try(each.value.max_amount, null)
    payment_method     = try(each.value.bank, null)
    start_deal         = true
  }

  lifecycle {
    precondition {
      condition     = length(local.mistakes[each.key]) == 0
      error_message = "${local.files[each.key]}: ${join("; ", local.mistakes[each.key])}."
    }
  }
}
