package provider

import "time"

// hurriedPatience and hurriedSettleTime are set by the fault harness alone, with
// go build -ldflags -X: it runs the built program, and has no minutes to wait.
var hurriedPatience, hurriedSettleTime string

func (p *invoiceProvider) hurry() {
	if patience, err := time.ParseDuration(hurriedPatience); err == nil {
		p.patience = patience
	}
	if settleTime, err := time.ParseDuration(hurriedSettleTime); err == nil {
		p.settleTime = settleTime
	}
}
