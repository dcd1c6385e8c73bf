# On the sandbox: the gateways answer, and check what they are sent.

# What exists already is an error: a test must not adopt it, since its end closes it.
provider "invoice" {
  adopt_existing = false
}

variables {
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
