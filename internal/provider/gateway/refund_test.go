package gateway_test

import (
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

func TestStatusesOfARefund(t *testing.T) {
	t.Parallel()
	for status, want := range map[string][2]bool{
		"init": {false, true}, "created": {false, true}, "process": {false, true},
		"successful": {}, "fail": {true, false}, "error": {true, false}, "frozen": {}, "": {},
	} {
		if got := [2]bool{gateway.IsFailedRefund(status), gateway.IsPendingRefund(status)}; got != want {
			t.Errorf("%q: failed and pending are %v, want %v", status, got, want)
		}
	}
}
