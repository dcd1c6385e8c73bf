# By the payment's id.
terraform import invoice_payment_link.order 2245bf86877afc315813aeac84717fe9

# By the merchant's order id.
terraform import invoice_payment_link.order order/link-1041
