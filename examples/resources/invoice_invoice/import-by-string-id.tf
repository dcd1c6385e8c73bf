# The gateway, and the invoice's id there.
import {
  to = invoice_invoice.windows
  id = "paykeeper/20261122101500123"
}

import {
  to = invoice_invoice.transfer
  id = "p2p/991a0e40-8cbd-405a-80fa-c84f2e4d5c6a"
}
