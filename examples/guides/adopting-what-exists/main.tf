# What exists at the gateways becomes Terraform's: invoices of PayKeeper by its history, terminals
# and payment links by a list of your own. Terraform 1.8 or OpenTofu 1.8.

terraform {
  required_providers {
    invoice = {
      source = "invoice-iac/invoice"
    }
  }
}

provider "invoice" {}
