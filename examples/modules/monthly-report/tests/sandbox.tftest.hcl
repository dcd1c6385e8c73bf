# The report of a history that is known. It needs the sandbox, with history.json in it:
# curl -fsS --data-binary @tests/history.json http://127.0.0.1:8085/sandbox/fixtures

variables {
  month = "2026-10"
}

run "paykeeper" {
  assert {
    condition = jsonencode(output.summary) == jsonencode({
      gateway = "paykeeper", month = "2026-10", invoices = 5, paid = "49700.30", unpaid = 1
    })
    error_message = "The summary is ${jsonencode(output.summary)}."
  }

  assert {
    condition = jsonencode(output.by_day) == jsonencode({
      "2026-10-01" = { count = 2, paid = "49700.10" }
      "2026-10-14" = { count = 1, paid = "0.00" }
      "2026-10-20" = { count = 1, paid = "0.00" }
      "2026-10-31" = { count = 1, paid = "0.20" }
    })
    error_message = "The days are ${jsonencode(output.by_day)}."
  }

  assert {
    condition     = jsonencode(output.totals.expired) == jsonencode({ count = 1, amount = "990.00" })
    error_message = "The totals are ${jsonencode(output.totals)}."
  }

  assert {
    condition     = strcontains(output.report, "| month-1004 | 5000.00 | sent |")
    error_message = "The report does not show what is not paid."
  }

  assert {
    condition     = !strcontains(output.report, "month-1005") && !strcontains(output.report, "@example.com")
    error_message = "The report shows an invoice that was never sent, or a payer."
  }
}

# 21:00 UTC on the last day is the next month in Moscow.
run "intellectmoney" {
  variables {
    gateway = "intellectmoney"
    filters = { holding_search = true }
  }

  assert {
    condition = jsonencode(output.by_day) == jsonencode({
      "2026-10-01" = { count = 1, paid = "20.00" }
      "2026-10-15" = { count = 1, paid = "0.00" } # given back
      "2026-10-31" = { count = 1, paid = "0.00" }
    })
    error_message = "The days are ${jsonencode(output.by_day)}."
  }
}

run "another_payer" {
  variables {
    gateway = "intellectmoney"
    filters = { owner_email = "nobody@example.com" }
  }

  assert {
    condition     = output.summary.invoices == 0 && output.summary.paid == "0.00"
    error_message = "The summary is ${jsonencode(output.summary)}."
  }
}
