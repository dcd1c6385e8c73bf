package provider

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// A gateway may work for as long as an answer may take, while a proxy in front of it has given
// up.
func TestPatienceFollowsTheRequestTimeout(t *testing.T) {
	for timeout, want := range map[string]time.Duration{"": 30 * time.Second, "5s": 30 * time.Second, "2m": 2 * time.Minute} {
		model := providerModel{RequestTimeout: types.StringNull()}
		if timeout != "" {
			model.RequestTimeout = types.StringValue(timeout)
		}
		var diags diag.Diagnostics
		if got := newProvider("test").transportConfig(model, &diags).Patience; got != want || diags.HasError() {
			t.Errorf("request_timeout %q: patience %s, want %s (%v)", timeout, got, want, diags)
		}
	}
}
