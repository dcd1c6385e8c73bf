variable "invoice_id" {
  description = "The id of an invoice at PayKeeper"
  type        = string
}

# By hand: terraform apply -invoke=action.invoice_send.reminder
action "invoice_send" "reminder" {
  config {
    gateway = "paykeeper"
    id      = var.invoice_id
  }
}

# Or from a trigger: each further date mails the invoice once more.
resource "terraform_data" "reminders" {
  triggers_replace = ["2026-12-01"]

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.invoice_send.reminder]
    }
  }
}
