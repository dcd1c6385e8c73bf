package chaos

import (
	"net/http"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// everyFault is each way of failing before the work is done, and each one after it.
// The short run takes the first few.
// A 429 after the work is not among them: the provider relies on it that a gateway
// sends 429 only for what it has not done.
func everyFault() []sandbox.Fault {
	faults := []sandbox.Fault{
		{Kind: sandbox.FaultStatusAfter, Status: http.StatusServiceUnavailable, RetryAfter: "0"},
		{Kind: sandbox.FaultCut},
		{Kind: sandbox.FaultHTMLAfter},
		{Kind: sandbox.FaultStatus, Status: http.StatusTooManyRequests},
		{Kind: sandbox.FaultLostAnswer}, {Kind: sandbox.FaultHalfBody}, {Kind: sandbox.FaultHTML},
		{Kind: sandbox.FaultStatus, Status: http.StatusTooManyRequests, RetryAfter: "0"},
		{Kind: sandbox.FaultStatus, Status: http.StatusTooEarly},
		{Kind: sandbox.FaultStatus, Status: http.StatusServiceUnavailable, RetryAfter: "0"},
	}
	const clientClosedRequest = 499 // nginx's own
	for _, status := range []int{
		http.StatusRequestTimeout, http.StatusConflict, clientClosedRequest, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
	} {
		faults = append(faults, sandbox.Fault{Kind: sandbox.FaultStatus, Status: status}, sandbox.Fault{Kind: sandbox.FaultStatusAfter, Status: status})
	}
	return faults
}
