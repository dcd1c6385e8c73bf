# By the alias.
import {
  to = invoice_terminal.branch
  id = "terminal-mira-12"
}
