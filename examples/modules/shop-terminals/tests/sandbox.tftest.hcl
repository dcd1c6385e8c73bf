# On the sandbox, whose address INVOICE_BASE_URL has. The merchant is the one of its documents, so that these pages
# are never made in your name. The gateway cannot delete a terminal: the next test finds and adopts these, with a warning.

provider "invoice" {
  invoice = {
    merchant_id = "c24360cfac0a0c40c518405f6bc68cb0"
    api_key     = "1526fec01b5d11f4df4f2160627ce351"
  }
}

run "makes_pages" {
  variables {
    tills = [
      { alias = "modtill-sandbox-1", name = "Касса 1" },
      { alias = "modtill-sandbox-2", name = "Касса 2", description = "У входа", price = "250.00" },
    ]
  }

  assert {
    condition     = alltrue([for page in output.pages : can(regex("^https?://", page))]) && length(output.ids) == 2
    error_message = "not every till has a page"
  }
}

run "keeps_a_renamed_page" {
  variables {
    tills = [
      { alias = "modtill-sandbox-1", name = "Касса первая" },
      { alias = "modtill-sandbox-2", name = "Касса 2", description = "У входа", price = "250.00" },
    ]
  }

  assert {
    condition     = invoice_terminal.this["modtill-sandbox-1"].name == "Касса 1"
    error_message = "the page was renamed"
  }
  expect_failures = [check.names]
}
