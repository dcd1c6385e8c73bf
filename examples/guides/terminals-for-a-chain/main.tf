# A chain keeps its tills in a CSV file: a payment page for each, and a card with its QR code.

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

resource "invoice_terminal" "till" {
  for_each = local.tills

  alias         = each.key
  name          = each.value.name
  description   = each.value.description != "" ? each.value.description : null
  type          = each.value.price != "" ? "static" : "dynamic"
  default_price = each.value.price != "" ? each.value.price : null

  # The gateway cannot rename a page. Without this, a new name in the file would be an error, and hold up all other tills.
  # A price is never ignored: a page that asks for another amount than the file says is an error.
  lifecycle {
    ignore_changes = [name, description]
  }
}

# What is ignored is not forgotten: each plan says which pages show something else than the file.
check "names" {
  assert {
    condition     = length(local.differing) == 0
    error_message = "The gateway cannot change these pages, so they stay as they were made:\n${join("\n", local.differing)}"
  }
}

locals {
  differing = flatten([for alias, till in local.tills : [
    for name in ["name", "description"] : "${alias}: the file has the ${name} \"${till[name]}\", the page was made with \"${coalesce(invoice_terminal.till[alias][name], "-")}\"."
    if coalesce(invoice_terminal.till[alias][name], "-") != coalesce(till[name], "-")
  ]])
}
