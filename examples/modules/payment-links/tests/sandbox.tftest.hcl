# On the sandbox, whose address INVOICE_BASE_URL has. The merchant is the one of its documents, so that these links
# are never issued in your name.

provider "invoice" {
  invoice = {
    merchant_id = "c24360cfac0a0c40c518405f6bc68cb0"
    api_key     = "1526fec01b5d11f4df4f2160627ce351"
  }
}

run "terminal" {
  module {
    source = "./tests/terminal"
  }
}

run "issues" {
  variables {
    terminal_id = run.terminal.id
    orders = [
      { order_id = "modlink-sandbox-1", receipt = [{ name = "Воронка V60", price = 990, quantity = 1 }] },
      { order_id = "modlink-sandbox-2", amount = "1478.25", receipt = [{ name = "Зерно, кг", price = "2190.00", quantity = "0.75", discount = "10%" }] },
    ]
  }

  assert {
    condition     = output.links["modlink-sandbox-1"].amount == "990.00" && output.links["modlink-sandbox-2"].amount == "1478.25"
    error_message = "the amounts are not those of the receipts"
  }
  assert {
    condition     = alltrue([for link in output.links : link.status == "init" && can(regex("^https?://", link.url))])
    error_message = "not every link waits for its payment"
  }
}

run "changes_one_alone" {
  variables {
    terminal_id = run.terminal.id
    orders = [
      { order_id = "modlink-sandbox-1", receipt = [{ name = "Воронка V60", price = 1090, quantity = 1 }] },
      { order_id = "modlink-sandbox-2", receipt = [{ name = "Зерно, кг", price = "2190.00", quantity = "0.75", discount = "10%" }] },
    ]
  }

  assert {
    condition     = output.links["modlink-sandbox-1"].amount == "1090.00" && output.links["modlink-sandbox-2"].amount == "1478.25"
    error_message = "the amounts are not those of the receipts"
  }
}
