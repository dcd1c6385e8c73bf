package paykeeper

import (
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

func TestExpiryDate(t *testing.T) {
	for _, c := range []struct{ expires, want string }{
		{"2026-12-01T00:00:00+03:00", "2026-12-01"}, {"2026-11-30T23:59:59+03:00", "2026-12-01"}, {"2026-11-30T21:00:00Z", "2026-12-01"},
		{"2026-12-01T00:00:01+03:00", "2026-12-02"}, {"2026-12-31T12:00:00+03:00", "2027-01-01"},
	} {
		expires, err := time.Parse(time.RFC3339, c.expires)
		if err != nil {
			t.Fatal(err)
		}
		if got := expiryDate(expires, values.Moscow); got != c.want {
			t.Errorf("%s: %s, want %s", c.expires, got, c.want)
		}
	}
	if got := expiryDate(time.Time{}, values.Moscow); got != "" {
		t.Errorf("%s: %s, want %s", "none", got, "")
	}
}
