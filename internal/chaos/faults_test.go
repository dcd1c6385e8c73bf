package chaos

import (
	"net/http"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// everyFault is each way of going wrong before the work, and each one after it;
// the short run takes the first few.
// What comes after the work and says 429 is not here: that a gateway says so only
// of what it has not done is what we take its word for.
func everyFault() []sandbox.Fault {
	all := []sandbox.Fault{
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
		all = append(all, sandbox.Fault{Kind: sandbox.FaultStatus, Status: status}, sandbox.Fault{Kind: sandbox.FaultStatusAfter, Status: status})
	}
	return all
}
