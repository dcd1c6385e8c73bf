# On the sandbox: the gateways answer, and check what they are sent.

provider "invoice" {
  # What exists already is an error: a test must not adopt it, since its end closes it.
  adopt_existing = false

  # The sandbox and its merchants, whatever the environment says: a test must never pay.
  invoice = {
    base_url    = "http://127.0.0.1:8085/invoice/api/v2"
    merchant_id = "c24360cfac0a0c40c518405f6bc68cb0"
    api_key     = "1526fec01b5d11f4df4f2160627ce351"
  }
  p2p = {
    base_url   = "http://127.0.0.1:8085/p2p"
    api_key    = "demo-api-key"
    secret_key = "demo-secret-key"
  }
}

variables {
  courier_card       = "4111111111111111"
  notification_token = "a-token-for-tests"

  # Without this, the end of the test fails at the payout, and says so.
  deletion_protection = false
}

run "issue" {
  assert {
    condition     = invoice_payment_link.order.status == "init"
    error_message = "The link cannot be paid: ${invoice_payment_link.order.status}"
  }

  assert {
    condition     = startswith(output.url, "http")
    error_message = "The link has no address: ${output.url}"
  }
}

run "nothing_to_do" {
  command = plan

  # If the plan replaced the link, its address would not be known yet: that fails, too.
  assert {
    condition     = startswith(output.url, "http")
    error_message = "A second plan replaces the link."
  }
}
