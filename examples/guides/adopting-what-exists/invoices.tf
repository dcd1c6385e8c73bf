# Step 2: Terraform takes over what invoices.json has. The file is written once, from the output
# "found": whatever the history shows later, nothing is destroyed because of it.

locals {
  # The first apply has no such file yet. Once it is there, write file(local.file) alone: a run
  # that lacks the file is then an error, and not one that adopts nothing.
  file     = "${path.module}/invoices.json"
  invoices = jsondecode(fileexists(local.file) ? file(local.file) : "{}")
  known    = ["amount", "order_id", "customer_id", "service_name", "client_email", "client_phone", "expiry_date"]
}

import {
  for_each = local.invoices
  to       = invoice_invoice.adopted[each.key]
  id       = "paykeeper/${each.key}"
}

resource "invoice_invoice" "adopted" {
  for_each = local.invoices

  amount      = each.value.amount
  order_id    = each.value.order_id
  customer_id = each.value.customer_id

  paykeeper = {
    service_name = each.value.service_name
    client_email = each.value.client_email
    client_phone = each.value.client_phone
    expiry_date  = each.value.expiry_date
  }

  lifecycle {
    # An invoice that is missing in the file would be revoked.
    prevent_destroy = true

    precondition {
      condition     = length(setsubtract(keys(each.value), local.known)) == 0
      error_message = "invoices.json, ${each.key}: ${join(", ", setsubtract(keys(each.value), local.known))} is no name of an invoice, and would be ignored."
    }
  }
}
