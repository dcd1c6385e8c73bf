# By the refund's id.
terraform import invoice_refund.returned 7f0c2b9d5e6a4c1f8b3d2e1a0c9f8e7d

# PayKeeper: the payment's id, and the refund's.
terraform import invoice_refund.windows paykeeper/700123/90045
