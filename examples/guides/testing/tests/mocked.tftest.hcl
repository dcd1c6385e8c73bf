# Without a gateway: computed attributes are made up by the CLI. This tests what the
# configuration makes of its variables.

mock_provider "invoice" {}

variables {
  courier_card       = "4111111111111111"
  notification_token = "a-token-for-tests"
}

run "a_mistyped_name_fails" {
  command = plan

  variables {
    order = { id = "testing-1", lines = [{ name = "Чай", price = "10", quantity = "1", discont = "5%" }] }
  }

  expect_failures = [var.order]
}

run "the_link" {
  # What a gateway would answer, where the configuration goes on with it.
  override_resource {
    target = invoice_payment_link.order
    values = {
      url    = "https://pay.example.com/1"
      status = "init"
    }
  }

  assert {
    condition     = invoice_payment_link.order.amount == "2101.00"
    error_message = "Two teas and a pie come to 2101.00, not to ${invoice_payment_link.order.amount}."
  }

  assert {
    condition     = output.url == "https://pay.example.com/1"
    error_message = "The output is not the link's address: ${output.url}"
  }
}
