variable "gateway" {
  description = "The gateway: paykeeper or intellectmoney. The others have no history."
  type        = string
  default     = "paykeeper"

  validation {
    condition     = contains(["paykeeper", "intellectmoney"], var.gateway)
    error_message = "The gateway must be paykeeper or intellectmoney: the others have no history."
  }
}

variable "month" {
  description = "The month, as YYYY-MM."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{4}-(0[1-9]|1[0-2])$", var.month))
    error_message = "The month must be written as YYYY-MM, such as 2026-11."
  }
}

variable "utc_offset" {
  description = "The hours that the days of the report are ahead of UTC: 3 for Moscow. Where paykeeper.timezone of the provider is another zone, give that one's."
  type        = number
  default     = 3

  validation {
    condition     = var.utc_offset == floor(var.utc_offset) && abs(var.utc_offset) <= 14
    error_message = "The offset must be whole hours from -14 to 14."
  }
}

# Not an object: the CLI would drop a mistyped name in silence, and the report would be of
# other invoices.
variable "filters" {
  description = "IntellectMoney only: eshop_id, holding_search, organization_id, owner_email, as in the data source."
  type        = any
  default     = {}

  validation {
    condition     = can(keys(var.filters)) && length(setsubtract(try(keys(var.filters), []), ["eshop_id", "holding_search", "organization_id", "owner_email"])) == 0
    error_message = "The filters are eshop_id, holding_search, organization_id and owner_email. There is another name among them."
  }
}
