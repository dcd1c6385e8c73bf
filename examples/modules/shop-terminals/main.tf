terraform {
  required_version = ">= 1.8"

  required_providers {
    invoice = {
      source = "invoice-iac/invoice"
    }
  }
}

locals {
  # A cell of a CSV file is never null, so an empty one stands for nothing.
  tills = { for till in var.tills : till.alias => { for name in ["name", "description", "price", "logo", "can_comments"] :
  name => try(coalesce(till[name]), null) } }

  differing = flatten([for alias, till in local.tills : [for name in ["name", "description"] :
    "${alias}: the ${name} is now \"${coalesce(till[name], "-")}\", the page was made with \"${coalesce(invoice_terminal.this[alias][name], "-")}\"."
    if coalesce(till[name], "-") != coalesce(invoice_terminal.this[alias][name], "-")
  ]])
}

resource "invoice_terminal" "this" {
  for_each = local.tills

  alias         = each.key
  name          = each.value.name
  description   = each.value.description
  type          = each.value.price != null ? "static" : "dynamic"
  default_price = each.value.price
  logo          = each.value.logo
  can_comments  = each.value.can_comments

  # The gateway cannot change a page. A new name is said below; a new price is an error.
  lifecycle {
    ignore_changes = [name, description, logo]
  }
}

check "names" {
  assert {
    condition     = length(local.differing) == 0
    error_message = "The gateway cannot change these pages, so they stay as they were made:\n${join("\n", local.differing)}"
  }
}
