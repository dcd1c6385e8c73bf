# A report of one month: a summary on the screen, and the whole in a file.

terraform {
  required_providers {
    invoice = {
      source = "invoice-iac/invoice"
    }
  }
}

# The settings come from the environment. A report only reads.
provider "invoice" {
  read_only = true
}

variable "month" {
  description = "The month, as YYYY-MM."
  type        = string
}

variable "gateway" {
  description = "paykeeper or intellectmoney."
  type        = string
  default     = "paykeeper"
}

variable "filters" {
  description = "IntellectMoney only: which invoices."
  type        = any
  default     = {}
}

# Once there is a release, name it: ?ref=v0.1.0 at the end of the address.
module "report" {
  source = "github.com/invoice-iac/terraform-provider-invoice//examples/modules/monthly-report"

  gateway = var.gateway
  month   = var.month
  filters = var.filters
}

output "summary" {
  value = module.report.summary
}

output "totals" {
  value = module.report.totals
}

# Sensitive, so that an apply does not print it: terraform output -raw report >report.md
output "report" {
  value     = module.report.report
  sensitive = true
}
