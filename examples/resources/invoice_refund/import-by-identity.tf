import {
  to = invoice_refund.returned
  identity = {
    id = "7f0c2b9d5e6a4c1f8b3d2e1a0c9f8e7d"
  }
}

import {
  to = invoice_refund.windows
  identity = {
    gateway    = "paykeeper"
    payment_id = "700123"
    id         = "90045"
  }
}
