import {
  to = invoice_terminal.branch
  identity = {
    alias = "terminal-mira-12"
  }
}
