# Whoever mistypes a name in a file gets an error. Without this, "emial" would be no
# e-mail address at all: try() takes it for one that was left out, and in an object the
# CLI drops a name that it does not know.

locals {
  names = {
    paykeeper = ["gateway", "amount", "customer", "when_unpayable", "for", "email", "phone", "expires", "send", "cart"]
    p2p       = ["gateway", "amount", "customer", "when_unpayable", "max_amount", "bank"]
  }
  needed = {
    paykeeper = ["amount", "for"]
    p2p       = ["amount"]
  }
  line_names = ["name", "price", "quantity", "sum", "tax", "item_type", "payment_type", "measure"]

  # The mistakes of each file, in words.
  mistakes = { for order, invoice in local.invoices : order => !can(keys(invoice)) ? ["this is no YAML of an invoice: is the file empty, or is there a tab in it?"] : concat(
    contains(keys(local.names), try(invoice.gateway, "")) ? [] : ["gateway must be one of ${join(", ", keys(local.names))}"],
    [for name in keys(invoice) : "${name} is no name of a ${invoice.gateway} invoice" if !contains(try(local.names[invoice.gateway], keys(invoice)), name)],
    [for name in try(local.needed[invoice.gateway], []) : "${name} is missing" if !contains(keys(invoice), name)],
    flatten([for index, line in try(invoice.cart, []) : [for name in keys(line) : "${name} is no name of a line of the cart (line ${index + 1})" if !contains(local.line_names, name)]]),
  ) }
}
