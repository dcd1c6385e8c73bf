# The type is any: a type that lists the attributes would drop a mistyped one, and say nothing.
variable "tills" {
  description = "The tills: a list of objects with alias and name, and description, price, logo and can_comments if need be, or rows of csvdecode. A till without a price takes any amount."
  type        = any

  validation {
    condition     = alltrue([for till in var.tills : can(regex("^[a-z0-9-]{1,50}$", till.alias)) && can(coalesce(trimspace(till.name)))])
    error_message = "Every till has a name, and an alias of small Latin letters, digits and hyphens, 50 at most."
  }

  validation {
    condition = length(setsubtract(flatten([for till in var.tills : try(keys(till), [])]),
    ["alias", "name", "description", "price", "logo", "can_comments"])) == 0
    error_message = "A till has no ${join(", ", setsubtract(flatten([for till in var.tills : try(keys(till), [])]),
    ["alias", "name", "description", "price", "logo", "can_comments"]))}. It has alias, name, description, price, logo, can_comments."
  }

  validation {
    # YAML makes a number of 007 without quotes, which is another alias.
    condition     = alltrue([for till in var.tills : !can(till.alias) || can(regex("^\"", jsonencode(till.alias)))])
    error_message = "An alias is a text: put it in quotes."
  }

  validation {
    condition     = length(distinct([for till in var.tills : try(till.alias, "")])) == length(var.tills)
    error_message = "Two tills have the same alias."
  }
}
