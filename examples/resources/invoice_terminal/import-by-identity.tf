import {
  to = invoice_terminal.branch
  identity = {
    alias = "mira-12"
  }
}
