# A monthly report from the history of a gateway: totals by status and by day, and
# what is not paid yet, as outputs and as a Markdown file. Apply it as it stands,
# or use it as a module.

terraform {
  required_providers {
    invoice = {
      source = "invoice-iac/invoice"
    }
  }
}

variable "gateway" {
  description = "paykeeper or intellectmoney."
  type        = string
  default     = "paykeeper"
}

variable "month" {
  description = "The month, as YYYY-MM."
  type        = string

  validation {
    condition     = can(formatdate("YYYY-MM", "${var.month}-01T00:00:00Z"))
    error_message = "The month must be written as YYYY-MM."
  }
}

variable "file" {
  description = "The file to write the report to. Null writes none."
  type        = string
  default     = null
}

locals {
  # 31 days after the first of a month is always in the next one. The last day is
  # the day before that one begins.
  first      = "${var.month}-01"
  in_next    = timeadd("${local.first}T00:00:00Z", "744h")
  next_first = formatdate("YYYY-MM-'01'", local.in_next)
  last       = formatdate("YYYY-MM-DD", timeadd("${local.next_first}T00:00:00Z", "-24h"))
}

data "invoice_history" "month" {
  gateway        = var.gateway
  created_after  = local.first
  created_before = local.last

  intellectmoney = var.gateway == "intellectmoney" ? { holding_search = true } : null
}

locals {
  history = data.invoice_history.month
  open    = ["created", "sent", "partially_paid", "processing", "held"]
  unpaid  = [for invoice in local.history.invoices : invoice if try(contains(local.open, invoice.status), false)]

  # Days are Moscow's. Times keep the offset that the gateway gave them.
  day_of = { for invoice in local.history.invoices : invoice.id => substr(timeadd(invoice.created_at,
  "${3 - try(parseint(regex("([+-][0-9]{2}):[0-9]{2}$", invoice.created_at)[0], 10), 0)}h"), 0, 10) }

  days = { for invoice in local.history.invoices : local.day_of[invoice.id] => invoice... }
  by_day = { for day, invoices in local.days : day => {
    count = length(invoices)
    paid  = format("%.2f", sum(concat([0], [for invoice in invoices : tonumber(invoice.paid_amount) if invoice.paid_amount != null])))
  } }

  markdown = templatefile("${path.module}/report.md.tftpl", {
    gateway = var.gateway
    month   = var.month
    total   = local.history.total_count
    counts  = local.history.count_by_status
    amounts = local.history.amount_by_status
    days    = local.by_day
    unpaid  = local.unpaid
  })
}

# This uses no other provider, so nothing has to be downloaded.
resource "terraform_data" "file" {
  count            = var.file == null ? 0 : 1
  triggers_replace = [local.markdown, var.file]

  provisioner "local-exec" {
    command     = "printf '%s' \"$REPORT\" > \"$FILE\""
    environment = { REPORT = local.markdown, FILE = var.file }
  }
}
