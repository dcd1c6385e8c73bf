# The gateway of terminals and payment links has no list: their ids come from a file. Write yours
# into terminals.csv and links.csv first, or delete this file.

locals {
  terminals = { for row in csvdecode(file("${path.module}/terminals.csv")) : row.alias => row }
  links     = { for row in csvdecode(file("${path.module}/links.csv")) : row.order_id => row }

  # A mistyped column is an error. Without this, nobody would ever read it.
  unknown_columns = setunion(
    setsubtract(flatten([for row in local.terminals : keys(row)]), ["alias", "name"]),
    setsubtract(flatten([for row in local.links : keys(row)]), ["order_id", "terminal", "amount"]),
  )
}

import {
  for_each = local.terminals
  to       = invoice_terminal.adopted[each.key]
  id       = each.key
}

resource "invoice_terminal" "adopted" {
  for_each = local.terminals

  alias = each.key
  name  = each.value.name

  lifecycle {
    precondition {
      condition     = length(local.unknown_columns) == 0
      error_message = "There is no column ${join(", ", local.unknown_columns)} in terminals.csv or links.csv."
    }
  }
}

import {
  for_each = local.links
  to       = invoice_payment_link.adopted[each.key]
  id       = "order/${each.key}"
}

resource "invoice_payment_link" "adopted" {
  for_each = local.links

  terminal_id = invoice_terminal.adopted[each.value.terminal].id
  amount      = each.value.amount
  order_id    = each.key
  receipt     = [] # the gateway never returns it, and nothing is sent
}
