# Money that leaves: payouts of P2P, and refunds of Invoice API v2 and of PayKeeper, each
# in a file that people review. Terraform 1.11 or OpenTofu 1.11, for write-only arguments.

terraform {
  required_providers {
    invoice = {
      source = "invoice-iac/invoice"
    }
  }
}

# Credentials and limits come from the environment: INVOICE_READ_ONLY where pull requests
# are planned, INVOICE_MAX_OUTGOING where they are applied.
provider "invoice" {}
