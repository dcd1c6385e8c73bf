# The gateway, and the invoice's id there.
terraform import invoice_invoice.windows paykeeper/20261122101500123

# A P2P invoice never gives back its notification_url, its token and other arguments: they come from
# the configuration, and nothing is sent. In what -generate-config-out writes, set notification_url,
# notification_token, payment_requisites and payment_requisites_wo (null for direction "in").
terraform import invoice_invoice.transfer p2p/991a0e40-8cbd-405a-80fa-c84f2e4d5c6a
