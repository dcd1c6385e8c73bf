# A reminder, mailed whenever the day changes. On Terraform 1.14, the action invoice_send does it
# without a script. The token goes to the script alone; login and password come from the variables
# that the provider reads, too. PayKeeper reports errors with the HTTP status 200, so the script
# looks at the answer.
variable "invoice_id" {
  type = string
}

ephemeral "invoice_paykeeper_token" "reminder" {}

resource "terraform_data" "reminder" {
  triggers_replace = "2026-12-01"

  provisioner "local-exec" {
    interpreter = ["sh", "-c"]
    command     = <<-EOT
      answer=$(curl --fail --silent --show-error --config - "$BASE_URL/change/invoice/send/" <<END
      user = "$INVOICE_PAYKEEPER_LOGIN:$INVOICE_PAYKEEPER_PASSWORD"
      data-urlencode = "token=$TOKEN"
      data-urlencode = "id=$INVOICE_ID"
      END
      ) || exit 1
      case "$answer" in
      *'"success"'*) ;;
      *) echo "PayKeeper did not mail the invoice: $answer" >&2; exit 1 ;;
      esac
    EOT
    environment = {
      BASE_URL   = ephemeral.invoice_paykeeper_token.reminder.base_url
      TOKEN      = ephemeral.invoice_paykeeper_token.reminder.token
      INVOICE_ID = var.invoice_id
    }
  }
}
