# A script that keeps an answer of the gateway as XML, which no data source gives. The call is
# signed here, so the script never sees the key.
variable "sign_secret_key" {
  type      = string
  ephemeral = true
}

ephemeral "invoice_intellectmoney_user_token" "export" {}

locals {
  take   = "100"
  signed = ["", local.take, "", "", "", "", "", "", "", "", "", "", ""]
}

resource "terraform_data" "export" {
  triggers_replace = "2026-12-01"

  provisioner "local-exec" {
    interpreter = ["sh", "-c"]
    command     = <<-EOT
      curl --fail --silent --show-error --config - --output invoices.xml "$BASE_URL/personal/payment/getInvoicesHistory" <<END
      header = "Accept: application/xml"
      header = "Authorization: Bearer $INVOICE_INTELLECTMONEY_BEARER_TOKEN"
      header = "Sign: $SIGN"
      data-urlencode = "UserToken=$USER_TOKEN"
      data-urlencode = "Take=$TAKE"
      END
    EOT
    environment = {
      BASE_URL   = ephemeral.invoice_intellectmoney_user_token.export.base_url
      USER_TOKEN = ephemeral.invoice_intellectmoney_user_token.export.token
      TAKE       = local.take
      SIGN       = sha256(join("::", concat([ephemeral.invoice_intellectmoney_user_token.export.token], local.signed, [var.sign_secret_key])))
    }
  }
}
