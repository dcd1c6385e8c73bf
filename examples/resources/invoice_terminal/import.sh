# By the alias.
terraform import invoice_terminal.branch terminal-mira-12
