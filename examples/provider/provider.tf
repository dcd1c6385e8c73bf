terraform {
  required_providers {
    invoice = {
      source = "invoice-iac/invoice"
    }
  }
}

# Leave the API key to the environment: INVOICE_API_KEY.
provider "invoice" {
  invoice = {
    merchant_id = "c24360cfac0a0c40c518405f6bc68cb0"
  }

  requests_per_second = 20
}
