# By the alias.
import {
  to = invoice_terminal.branch
  id = "mira-12"
}
