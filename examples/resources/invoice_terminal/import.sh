# By the alias.
terraform import invoice_terminal.branch mira-12
