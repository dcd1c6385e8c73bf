# One page for any amount, for a branch.
resource "invoice_terminal" "branch" {
  alias        = "terminal-mira-12"
  name         = "Кофейня на Мира"
  description  = "проспект Мира, 12, вход со двора"
  type         = "dynamic"
  can_comments = true
}

# A printed QR code: one fixed amount, many payers.
resource "invoice_terminal" "entrance" {
  alias         = "terminal-museum"
  name          = "Входной билет"
  type          = "static"
  default_price = "350.00"
  logo          = "https://example.com/museum.png"
}
