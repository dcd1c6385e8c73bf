# What is given wrongly is an error before any gateway is asked. The provider is a mock, so
# this needs no settings.

mock_provider "invoice" {}

variables {
  month = "2026-10"
}

run "an_empty_month" {
  command = plan

  assert {
    condition     = data.invoice_history.month.created_after == "2026-10-01" && data.invoice_history.month.created_before == "2026-10-31"
    error_message = "The period is not the month."
  }
}

run "february" {
  command = plan

  variables {
    month = "2028-02"
  }

  assert {
    condition     = data.invoice_history.month.created_before == "2028-02-29"
    error_message = "The last day of February is wrong."
  }
}

run "december" {
  command = plan

  variables {
    month = "2026-12"
  }

  assert {
    condition     = data.invoice_history.month.created_before == "2026-12-31"
    error_message = "The last day of December is wrong."
  }
}

run "no_month" {
  command = plan

  variables {
    month = "2026-13"
  }

  expect_failures = [var.month]
}

run "a_gateway_without_a_history" {
  command = plan

  variables {
    gateway = "p2p"
  }

  expect_failures = [var.gateway]
}

run "half_an_hour" {
  command = plan

  variables {
    utc_offset = 5.5
  }

  expect_failures = [var.utc_offset]
}

run "a_mistyped_filter" {
  command = plan

  variables {
    gateway = "intellectmoney"
    filters = { holding_serch = true }
  }

  expect_failures = [var.filters]
}

run "filters_of_another_gateway" {
  command = plan

  variables {
    filters = { holding_search = true }
  }

  expect_failures = [data.invoice_history.month]
}
