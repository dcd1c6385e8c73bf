# terraform query -generate-config-out=found.tf
list "invoice_invoice" "november" {
  provider = invoice
  limit    = 1000 # 100 when unset

  config {
    gateway        = "paykeeper"
    statuses       = ["sent", "paid"]
    created_after  = "2026-11-01"
    created_before = "2026-11-30"
  }
}
