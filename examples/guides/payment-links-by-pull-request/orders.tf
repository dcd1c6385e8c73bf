# The folder orders, read and checked. A file has one order, or a list of them.

locals {
  files = fileset("${path.module}/orders", "**/*.{yaml,yml}")
  read = flatten([for name in local.files : [
    # The error of yamldecode names no file, so a file that it cannot read is one order of null.
    for number, order in flatten([try(yamldecode(file("${path.module}/orders/${name}")), null)]) : merge(try(merge(order), {}), {
      place = "orders/${name}, order ${number + 1}"
      keys  = try(keys(order), null)
    })
  ]])

  # By id, each with a list: of one order, or of several that have the same id by mistake.
  orders = { for order in local.read : coalesce(try(tostring(order.order_id), null), order.place) => order... }

  lines = { for id, orders in local.orders : id => try([for line in orders[0].receipt : line], []) }
  receipts = { for id, orders in local.orders : id => try([
    for line in orders[0].receipt : provider::invoice::receipt_line(line.name, line.price, line.quantity, try(line.discount, null))
  ], null) }
  totals = { for id, lines in local.receipts : id => try(provider::invoice::receipt_total(lines), null) }
}

# The CLI drops a name that nothing reads, a mistyped one too, and says nothing. So every name is compared with these.
locals {
  needed     = ["order_id", "amount", "receipt"]
  known      = concat(local.needed, ["description", "customer"])
  known_line = ["name", "price", "quantity", "discount"]
  texts      = ["order_id", "description", "customer"]

  # A Russian Excel and people write 990,00 and 1 990.00. HCL takes neither.
  numbers = { for id, orders in local.orders : id => concat(
    [{ name = "amount", value = try(orders[0].amount, null) }],
    flatten([for index, line in local.lines[id] : [for name in ["price", "quantity"] :
    { name = "${name} in line ${index + 1} of the receipt", value = try(line[name], null) }]]),
  ) }
  misspelled = { for id, numbers in local.numbers : id => [for number in numbers :
    "${jsonencode(number.value)} is no number for ${number.name}: write a point, not a comma, and no spaces, such as \"1990.50\"."
  if number.value != null && !can(tonumber(number.value))] }

  mistakes = { for id, orders in local.orders : id => [for mistake in orders[0].keys == null ? ["This is no YAML of an order. Is the file empty, or is there a tab in it?"] : concat(
    [for other in slice(orders, 1, length(orders)) : "${other.place} has the same order_id."],
    [for name in setsubtract(orders[0].keys, local.known) : "There is no \"${name}\". There are ${join(", ", local.known)}."],
    [for name in local.needed : "${name} is missing." if !can(coalesce(orders[0][name]))],
    [for name in setsubtract(flatten([for line in local.lines[id] : try(keys(line), [])]), local.known_line) :
    "A line of a receipt has no \"${name}\". It has ${join(", ", local.known_line)}."],
    # YAML makes a number of 007, and a moment in time of 2026-12-31. A text in quotes stays what it is.
    [for name in local.texts : "Put ${name} in quotes: YAML made ${jsonencode(orders[0][name])} of it."
    if try(orders[0][name], null) != null && can(regex("^([^\"]|\"\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z\")", jsonencode(orders[0][name])))],
    local.misspelled[id],
    # What is missing or no number has been said above.
    length(local.misspelled[id]) > 0 || !can(coalesce(orders[0].receipt)) ? [] :
    local.totals[id] == null ? ["The receipt cannot be computed: each line needs name, price and quantity, such as \"990.00\" and \"0.75\"."] :
    try(tonumber(orders[0].amount) != tonumber(local.totals[id]), false) ? ["The receipt comes to ${local.totals[id]}, and amount is not that."] : [],
  ) : "${orders[0].place}: ${mistake}"] }
}
