import {
  to = invoice_invoice.windows
  identity = {
    gateway = "paykeeper"
    id      = "20261122101500123"
  }
}

import {
  to = invoice_invoice.transfer
  identity = {
    gateway = "p2p"
    id      = "991a0e40-8cbd-405a-80fa-c84f2e4d5c6a"
  }
}
