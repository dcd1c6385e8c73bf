# PayKeeper: an invoice with a fiscal receipt, mailed to the payer.
resource "invoice_invoice" "windows" {
  amount      = "48500.00"
  order_id    = "invoice-1042"
  customer_id = "Петрова Анна"

  paykeeper = {
    service_name = "Остекление балкона"
    client_email = "anna@example.com"
    expiry_date  = "2035-12-31"
    send         = true
    cart = [
      { name = "Оконный блок", price = "21000.00", quantity = "2", sum = "42000.00", tax = "vat20" },
      { name = "Монтаж", price = "6500.00", quantity = "1", sum = "6500.00", tax = "none" },
    ]
  }
}

variable "notification_token" {
  description = "The secret by which the shop recognises the gateway's notifications."
  type        = string
  sensitive   = true
}

# The merchant invoices API: the payer transfers the money to the requisites shown.
resource "invoice_invoice" "transfer" {
  amount   = "5000.00"
  order_id = "invoice-1043"

  # Such an invoice expires after an hour. The next plan issues another.
  when_unpayable = "renew"

  p2p = {
    direction          = "in"
    notification_url   = "https://shop.example.com/payments/hook"
    notification_token = var.notification_token
    max_amount         = "5010.00"
    payment_method     = "sberbank"
    start_deal         = true
  }
}

variable "card" {
  description = "The card or phone number that the payout goes to."
  type        = string
  sensitive   = true
}

# A payout: money that leaves, once. Its order_id finds it again. The card number
# stays out of plan and state (Terraform 1.11 or OpenTofu 1.11).
resource "invoice_invoice" "salary" {
  amount   = "15000.00"
  order_id = "invoice-salary-7"

  p2p = {
    direction                     = "out"
    notification_url              = "https://shop.example.com/payments/hook"
    notification_token            = var.notification_token
    payment_option                = "TO_CARD"
    payment_method                = "sberbank"
    payment_requisites_wo         = { requisites = var.card }
    payment_requisites_wo_version = 1
  }
}

output "pages" {
  value = {
    windows  = invoice_invoice.windows.url
    transfer = invoice_invoice.transfer.url
  }
}
