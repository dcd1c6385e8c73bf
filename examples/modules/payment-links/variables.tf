variable "terminal_id" {
  description = "The id of the terminal that takes the payments."
  type        = string
}

# The type is any: a type that lists the attributes would drop a mistyped one, and say nothing.
variable "orders" {
  description = "The orders: a list of objects with order_id and receipt (lines with name, price, quantity and discount), and amount, currency, description, custom_parameters, success_url and fail_url if need be. An amount is compared with the receipt."
  type        = any

  validation {
    condition     = alltrue([for order in var.orders : can(keys(order)) && can(coalesce(order.order_id)) && can(length(order.receipt))])
    error_message = "Every order has an order_id and a receipt."
  }

  validation {
    condition = length(setsubtract(flatten([for order in var.orders : try(keys(order), [])]),
    ["order_id", "receipt", "amount", "currency", "description", "custom_parameters", "success_url", "fail_url"])) == 0
    error_message = "An order has no ${join(", ", setsubtract(flatten([for order in var.orders : try(keys(order), [])]),
    ["order_id", "receipt", "amount", "currency", "description", "custom_parameters", "success_url", "fail_url"]))}."
  }

  validation {
    condition = length(setsubtract(flatten([for order in var.orders : [for line in try(order.receipt, []) : keys(line)]]),
    ["name", "price", "quantity", "discount"])) == 0
    error_message = "A line of a receipt has no ${join(", ", setsubtract(flatten([for order in var.orders : [for line in try(order.receipt, []) : keys(line)]]),
    ["name", "price", "quantity", "discount"]))}."
  }

  validation {
    # A text is JSON in quotes. YAML makes a number of 007, and a time of 2026-12-31, both without quotes.
    condition = alltrue([for order in var.orders :
    !can(regex("^([^\"]|\"\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z\")", jsonencode(order.order_id)))])
    error_message = "An order_id is a text. Put quotes around those that YAML or HCL takes for something else: ${join(", ", [for order in var.orders :
    try(tostring(order.order_id), "an object") if can(regex("^([^\"]|\"\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z\")", jsonencode(order.order_id)))])}."
  }

  validation {
    condition     = length(distinct([for order in var.orders : try(order.order_id, "")])) == length(var.orders)
    error_message = "Two orders have the same order_id."
  }
}

variable "success_url" {
  description = "Where payers go after paying, unless an order says otherwise."
  type        = string
  default     = null
}

variable "fail_url" {
  description = "Where payers go after a payment that failed, unless an order says otherwise."
  type        = string
  default     = null
}

variable "when_unpayable" {
  description = "What to do with a link that failed or expired: keep it, or renew it with the next apply."
  type        = string
  default     = "renew"

  validation {
    condition     = contains(["keep", "renew"], var.when_unpayable)
    error_message = "when_unpayable is keep or renew."
  }
}
