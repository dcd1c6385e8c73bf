# A folder of YAML files, reviewed as pull requests, becomes payment links and sheets with QR codes.

terraform {
  required_version = ">= 1.8"

  required_providers {
    invoice = {
      source = "invoice-iac/invoice"
    }
  }
}

# Merchant id, API key and address come from INVOICE_MERCHANT_ID, INVOICE_API_KEY and INVOICE_BASE_URL.
provider "invoice" {}

resource "invoice_terminal" "shop" {
  alias = "poster-shop"
  name  = "Интернет-магазин"
}

resource "invoice_payment_link" "order" {
  for_each = local.orders

  terminal_id       = invoice_terminal.shop.id
  order_id          = each.key
  amount            = each.value[0].amount
  description       = try(each.value[0].description, null)
  custom_parameters = can(each.value[0].customer) ? jsonencode({ customer = each.value[0].customer }) : null
  receipt           = local.receipts[each.key]
  when_unpayable    = "renew"

  lifecycle {
    precondition {
      condition     = length(local.mistakes[each.key]) == 0
      error_message = join("\n", local.mistakes[each.key])
    }
  }
}
