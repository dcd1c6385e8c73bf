# A terminal for the tests on the sandbox.

terraform {
  required_providers {
    invoice = {
      source = "invoice-iac/invoice"
    }
  }
}

resource "invoice_terminal" "test" {
  alias = "modlink-test"
  name  = "Проверка модуля"
}

output "id" {
  value = invoice_terminal.test.id
}
