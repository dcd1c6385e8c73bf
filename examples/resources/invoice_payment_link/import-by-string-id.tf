# By the payment's id, or by the merchant's order id: id = "order/link-1041".
import {
  to = invoice_payment_link.order
  id = "2245bf86877afc315813aeac84717fe9"
}
