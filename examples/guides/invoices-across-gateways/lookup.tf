# Invoices of IntellectMoney are made elsewhere. Here they are only looked up. The
# settings come from INVOICE_INTELLECTMONEY_BEARER_TOKEN, _SIGN_SECRET_KEY and _USER_TOKEN.

variable "intellectmoney" {
  description = "The invoices of IntellectMoney to look up: their ids, by the numbers of the orders."
  type        = map(string)
  default     = {}
}

data "invoice_invoice" "elsewhere" {
  for_each = var.intellectmoney

  gateway = "intellectmoney"
  id      = each.value
}
