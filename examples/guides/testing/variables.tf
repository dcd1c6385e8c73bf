variable "order" {
  description = "id, and lines with name, price and quantity."
  type        = any
  default = {
    id    = "testing-1041"
    lines = [{ name = "Чай", price = "450.50", quantity = "2" }, { name = "Пирог", price = "1200", quantity = "1" }]
  }

  validation {
    condition     = length(setsubtract(keys(var.order), ["id", "lines"])) == 0
    error_message = "An order has id and lines, and no ${join(", ", setsubtract(keys(var.order), ["id", "lines"]))}."
  }

  validation {
    condition     = alltrue([for line in var.order.lines : length(setsubtract(keys(line), ["name", "price", "quantity"])) == 0])
    error_message = "A line has name, price and quantity, and nothing else."
  }
}

variable "deletion_protection" {
  description = "Whether a destroy leaves the payout alone."
  type        = bool
  default     = true
}

# The two below have no default: what production forgets is an error, and the tests have their own.

variable "courier_card" {
  description = "The card that the payout goes to."
  type        = string
  ephemeral   = true
  sensitive   = true
  nullable    = false
}

variable "notification_token" {
  description = "What the gateway's notifications are recognized by."
  type        = string
  ephemeral   = true
  sensitive   = true
  nullable    = false
}
