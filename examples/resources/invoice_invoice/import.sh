# The gateway, and the invoice's id there.
terraform import invoice_invoice.windows paykeeper/20261122101500123

terraform import invoice_invoice.transfer p2p/991a0e40-8cbd-405a-80fa-c84f2e4d5c6a
