# A project that finds the provider without a registry. It says nothing of mirrors: where
# providers come from is a matter of each machine.

terraform {
  required_providers {
    invoice = {
      source  = "invoice-iac/invoice"
      version = "~> 0.1"
    }
  }
}

# Merchant id, API key and address come from INVOICE_MERCHANT_ID, INVOICE_API_KEY and
# INVOICE_BASE_URL.
provider "invoice" {}

resource "invoice_terminal" "kiosk" {
  alias = "mirror-kiosk"
  name  = "Киоск"
  type  = "dynamic"
}

output "url" {
  value = invoice_terminal.kiosk.url
}
