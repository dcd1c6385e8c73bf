package provider

import "time"

// The fault harness shortens the provider's pauses with go build -ldflags -X, since it
// runs the built program and cannot wait for minutes.
var hurriedPatience, hurriedSettleTime string

func (p *invoiceProvider) hurry() {
	if patience, err := time.ParseDuration(hurriedPatience); err == nil {
		p.patience = patience
	}
	if settleTime, err := time.ParseDuration(hurriedSettleTime); err == nil {
		p.settleTime = settleTime
	}
}
