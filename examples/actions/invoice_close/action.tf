variable "invoice_id" {
  description = "The id of an invoice at PayKeeper, which an older system has issued"
  type        = string
}

# By hand: terraform apply -invoke=action.invoice_close.stale
action "invoice_close" "stale" {
  config {
    gateway = "paykeeper"
    id      = var.invoice_id
  }
}

# Or from a trigger, once.
resource "terraform_data" "switched_over" {
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.invoice_close.stale]
    }
  }
}
