# A call that no resource makes: a reminder, sent whenever the day changes. The token goes to
# the script alone. Login and password come from the variables that the provider reads, too.
variable "invoice_id" {
  type = string
}

ephemeral "invoice_paykeeper_token" "reminder" {}

resource "terraform_data" "reminder" {
  triggers_replace = "2026-12-01"

  provisioner "local-exec" {
    interpreter = ["sh", "-c"]
    command     = <<-EOT
      curl --fail --silent --show-error --config - "$BASE_URL/change/invoice/send/" <<END
      user = "$INVOICE_PAYKEEPER_LOGIN:$INVOICE_PAYKEEPER_PASSWORD"
      data-urlencode = "token=$TOKEN"
      data-urlencode = "id=$INVOICE_ID"
      END
    EOT
    environment = {
      BASE_URL   = ephemeral.invoice_paykeeper_token.reminder.base_url
      TOKEN      = ephemeral.invoice_paykeeper_token.reminder.token
      INVOICE_ID = var.invoice_id
    }
  }
}
