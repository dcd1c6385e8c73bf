import {
  to = invoice_payment_link.order
  identity = {
    id = "2245bf86877afc315813aeac84717fe9"
  }
}
