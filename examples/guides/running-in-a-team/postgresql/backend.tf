terraform {
  backend "pg" {
    # The address and the password come from PG_CONN_STR, so that neither is in Git.
    schema_name = "invoice_links"
  }
}
