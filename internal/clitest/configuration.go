package clitest

import (
	"fmt"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// RequiredProviders names the provider to the CLI.
const RequiredProviders = `
terraform {
  required_providers {
    invoice = { source = "invoice-iac/invoice" }
  }
}
`

// ProviderBlock configures the provider for the sandbox at an address.
func ProviderBlock(baseURL string) string {
	return fmt.Sprintf(`
provider "invoice" {
  max_retries = 2
  invoice = {
    merchant_id = %[1]q
    api_key     = %[2]q
    base_url    = "%[3]s/invoice/api/v2"
  }
  paykeeper = {
    login    = %[4]q
    password = %[5]q
    base_url = "%[3]s/paykeeper"
  }
  p2p = {
    api_key    = %[6]q
    secret_key = %[7]q
    base_url   = "%[3]s/p2p"
  }
  intellectmoney = {
    bearer_token    = %[8]q
    sign_secret_key = %[9]q
    user_token      = %[10]q
    base_url        = "%[3]s/intellectmoney"
  }
}
`, invoiceapi.TestMerchantID, invoiceapi.TestAPIKey, baseURL, paykeeper.DemoLogin, paykeeper.DemoPassword,
		p2p.DemoAPIKey, p2p.DemoSecretKey,
		intellectmoney.DemoBearerToken, intellectmoney.DemoSignSecretKey, intellectmoney.DemoUserToken)
}
