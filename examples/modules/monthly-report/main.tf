# A monthly report from the history of a gateway: totals by status and by day, and what is
# not paid yet, as Markdown.

terraform {
  required_version = ">= 1.8"

  required_providers {
    invoice = {
      source = "invoice-iac/invoice"
    }
  }
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

  intellectmoney = var.gateway != "intellectmoney" ? null : {
    eshop_id        = try(var.filters.eshop_id, null)
    holding_search  = try(var.filters.holding_search, null)
    organization_id = try(var.filters.organization_id, null)
    owner_email     = try(var.filters.owner_email, null)
  }

  lifecycle {
    precondition {
      condition     = var.gateway == "intellectmoney" || length(var.filters) == 0
      error_message = "Only IntellectMoney has filters, and the gateway is ${var.gateway}."
    }
  }
}

locals {
  history = data.invoice_history.month
  open    = ["created", "sent", "partially_paid", "processing", "held"]
  unpaid  = [for invoice in local.history.invoices : invoice if try(contains(local.open, invoice.status), false)]

  # Times keep the offset that the gateway gave them. The day is that of the report's zone.
  day_of = { for invoice in local.history.invoices : invoice.id => try(substr(timeadd(invoice.created_at,
  "${var.utc_offset - try(parseint(regex("([+-][0-9]{2}):[0-9]{2}$", invoice.created_at)[0], 10), 0)}h"), 0, 10), "unknown") }

  days = { for invoice in local.history.invoices : local.day_of[invoice.id] => invoice... }
  by_day = { for day, invoices in local.days : day => {
    count = length(invoices)
    paid  = format("%.2f", sum(concat([0], [for invoice in invoices : tonumber(invoice.paid_amount) if invoice.paid_amount != null])))
  } }

  report = templatefile("${path.module}/report.md.tftpl", {
    gateway = var.gateway
    month   = var.month
    total   = local.history.total_count
    counts  = local.history.count_by_status
    amounts = local.history.amount_by_status
    days    = local.by_day
    unpaid  = local.unpaid
  })
}
