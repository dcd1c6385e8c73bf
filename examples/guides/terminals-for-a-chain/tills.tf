# The file of tills, checked. Excel begins a file with an invisible mark (BOM), which is not part of the first name.

variable "file" {
  description = "The CSV file of the tills: alias, name, description, price. A till without a price takes any amount."
  type        = string
  default     = "tills.csv"

  validation {
    condition     = try(sort(keys(csvdecode(trimprefix(file(var.file), "\ufeff"))[0])) == sort(["alias", "name", "description", "price"]), false)
    error_message = "${var.file} has the columns alias, name, description and price, with commas between them, in UTF-8, and one till at least."
  }

  validation {
    condition = try(alltrue([for alias in csvdecode(trimprefix(file(var.file), "\ufeff"))[*].alias :
    can(regex("^[a-z0-9-]+$", alias))]), true)
    error_message = "An alias has small Latin letters, digits and hyphens, and no space around them."
  }

  validation {
    condition = try(length(distinct(csvdecode(trimprefix(file(var.file), "\ufeff"))[*].alias)) ==
    length(csvdecode(trimprefix(file(var.file), "\ufeff"))), true)
    error_message = "Two tills of ${var.file} have the same alias."
  }
}

locals {
  tills = { for till in csvdecode(trimprefix(file(var.file), "\ufeff")) : till.alias => till }
}
