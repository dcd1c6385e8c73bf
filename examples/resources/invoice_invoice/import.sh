# The gateway, and the invoice's id there.
terraform import invoice_invoice.windows paykeeper/20261122101500123

# The P2P gateway never gives back notification_url, the token and some other arguments. They come from
# the configuration, and nothing is sent. A configuration that -generate-config-out wrote is valid
# without them.
terraform import invoice_invoice.transfer p2p/991a0e40-8cbd-405a-80fa-c84f2e4d5c6a
