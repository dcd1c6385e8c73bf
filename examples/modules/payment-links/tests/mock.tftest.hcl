# Without a gateway: what the module sends, and what it refuses.

mock_provider "invoice" {
  mock_resource "invoice_payment_link" {
    defaults = {
      url    = "https://pay.example.com/mocked"
      status = "init"
      paid   = false
    }
  }
}

variables {
  terminal_id = "mocked"
}

run "computes_receipts" {
  variables {
    orders = [{
      order_id          = "modlink-1"
      amount            = "2160"
      description       = "Торт на заказ"
      custom_parameters = { customer = "0081734" }
      receipt           = [{ name = "Торт «Медовик»", price = "1200.00", quantity = "2", discount = "10%" }]
    }]
    success_url = "https://shop.example.com/thanks"
  }

  assert {
    condition     = invoice_payment_link.this["modlink-1"].amount == "2160.00"
    error_message = "amount is ${invoice_payment_link.this["modlink-1"].amount}"
  }
  assert {
    condition     = invoice_payment_link.this["modlink-1"].receipt[0].result_price == "2160.00"
    error_message = "result_price is ${invoice_payment_link.this["modlink-1"].receipt[0].result_price}"
  }
  assert {
    condition     = invoice_payment_link.this["modlink-1"].success_url == "https://shop.example.com/thanks"
    error_message = "the common success_url is not used"
  }
  assert {
    condition     = strcontains(output.qr["modlink-1"], "<svg")
    error_message = "there is no QR code"
  }
}

run "refuses_another_amount" {
  command = plan
  variables {
    orders = [{ order_id = "modlink-1", amount = "2400.00", receipt = [{ name = "Торт", price = "1200.00", quantity = "2", discount = "10%" }] }]
  }
  expect_failures = [invoice_payment_link.this]
}

run "refuses_a_mistyped_name" {
  command = plan
  variables {
    orders = [{ order_id = "modlink-1", descripton = "Торт", receipt = [{ name = "Торт", price = "1200.00", quantity = "2" }] }]
  }
  expect_failures = [var.orders]
}

run "refuses_a_mistyped_name_in_a_line" {
  command = plan
  variables {
    orders = [{ order_id = "modlink-1", receipt = [{ name = "Торт", price = "1200.00", quantity = "2", discout = "10%" }] }]
  }
  expect_failures = [var.orders]
}

run "refuses_a_date_without_quotes" {
  command = plan
  variables {
    orders = yamldecode("[{ order_id: 2026-12-31, receipt: [{ name: Торт, price: 1200, quantity: 2 }] }]")
  }
  expect_failures = [var.orders]
}

run "refuses_a_number" {
  command = plan
  variables {
    orders = [{ order_id = 007, receipt = [{ name = "Торт", price = "1200.00", quantity = "2" }] }]
  }
  expect_failures = [var.orders]
}

run "refuses_an_id_twice" {
  command = plan
  variables {
    orders = [
      { order_id = "modlink-1", receipt = [{ name = "Торт", price = "1200.00", quantity = "1" }] },
      { order_id = "modlink-1", receipt = [{ name = "Торт", price = "1300.00", quantity = "1" }] },
    ]
  }
  expect_failures = [var.orders]
}

run "refuses_an_order_without_receipt" {
  command = plan
  variables {
    orders = [{ order_id = "modlink-1", amount = "1200.00" }]
  }
  expect_failures = [var.orders]
}
