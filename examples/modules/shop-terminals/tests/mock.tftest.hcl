# Without a gateway: what the module sends, and what it refuses.

mock_provider "invoice" {
  mock_resource "invoice_terminal" {
    defaults = {
      url = "https://pay.example.com/mocked"
    }
  }
}

run "makes_pages" {
  variables {
    tills = [
      { alias = "modtill-1", name = "Касса 1" },
      { alias = "modtill-2", name = "Касса 2", description = "У входа", price = "250.00", can_comments = false },
    ]
  }

  assert {
    condition     = invoice_terminal.this["modtill-1"].type == "dynamic" && invoice_terminal.this["modtill-1"].default_price == null
    error_message = "a till without a price does not take any amount"
  }
  assert {
    condition     = invoice_terminal.this["modtill-2"].type == "static" && invoice_terminal.this["modtill-2"].default_price == "250.00"
    error_message = "a till with a price does not take that amount"
  }
  assert {
    condition     = strcontains(output.qr["modtill-1"], "<svg")
    error_message = "there is no QR code"
  }
}

# The next run has the state of this one.
run "says_a_rename" {
  command = plan
  variables {
    tills = [
      { alias = "modtill-1", name = "Касса первая" },
      { alias = "modtill-2", name = "Касса 2", description = "У входа", price = "250.00", can_comments = false },
    ]
  }

  assert {
    condition     = invoice_terminal.this["modtill-1"].name == "Касса 1"
    error_message = "the rename is not ignored"
  }
  expect_failures = [check.names]
}

run "reads_a_csv_file" {
  command = plan
  variables {
    tills = csvdecode("alias,name,description,price\nmodtill-1,Касса 1,,\nmodtill-2,Касса 2,У входа,250.00\n")
  }

  assert {
    condition     = invoice_terminal.this["modtill-1"].description == null && invoice_terminal.this["modtill-2"].default_price == "250.00"
    error_message = "the cells are not what they say"
  }
}

run "refuses_a_mistyped_name" {
  command = plan
  variables {
    tills = [{ alias = "modtill-1", name = "Касса 1", prise = "250.00" }]
  }
  expect_failures = [var.tills]
}

run "refuses_an_alias_twice" {
  command = plan
  variables {
    tills = [{ alias = "modtill-1", name = "Касса 1" }, { alias = "modtill-1", name = "Касса 2" }]
  }
  expect_failures = [var.tills]
}

run "refuses_a_number" {
  command = plan
  variables {
    tills = yamldecode("[{ alias: 007, name: Касса }]")
  }
  expect_failures = [var.tills]
}

run "refuses_a_till_without_name" {
  command = plan
  variables {
    tills = [{ alias = "modtill-1", name = " " }]
  }
  expect_failures = [var.tills]
}
