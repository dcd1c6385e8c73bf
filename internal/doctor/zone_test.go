package doctor

import (
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

// Only a time that was just written names the zone. An older one is of this zone, or of one further
// east and older by as many hours: nobody can tell.
func TestZone(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)
	const kaliningrad, moscow, yekaterinburg, vladivostok = "Europe/Kaliningrad", "Europe/Moscow", "Asia/Yekaterinburg", "Asia/Vladivostok"
	for _, one := range []struct {
		server, set string
		age         time.Duration
		value       string
		status      Status
		isAhead     bool
	}{
		{moscow, "", 0, moscow, OK, false},
		{moscow, "", 50 * time.Second, moscow, OK, false},
		{moscow, "", -20 * time.Second, moscow, OK, false}, // the clocks differ a little
		{moscow, "", 20 * time.Minute, "unknown", Unknown, false},
		{moscow, "", 30 * 24 * time.Hour, "unknown", Unknown, false},
		{kaliningrad, "", time.Second, kaliningrad, Warning, false},
		{kaliningrad, "", 5 * time.Minute, "unknown", Unknown, false},
		{yekaterinburg, "", time.Second, yekaterinburg, Warning, true},
		{yekaterinburg, "", 10 * time.Minute, "unknown", Unknown, true},
		{yekaterinburg, "", 190 * time.Minute, "unknown", Unknown, false},
		{yekaterinburg, yekaterinburg, time.Second, yekaterinburg, OK, false},
		{"Asia/Tashkent", "Asia/Tashkent", time.Second, "Asia/Tashkent", OK, false}, // as far east as Yekaterinburg
		{vladivostok, moscow, time.Second, vladivostok, Warning, true},
		{vladivostok, moscow, 26 * time.Hour, "unknown", Unknown, false},
	} {
		k := &payKeeperVisit{visit: newVisit(), client: paykeeper.New("http://127.0.0.1", "demo", "demo", transport.Config{}), serverTime: now}
		k.points = payKeeperPoints
		if one.set != "" {
			k.client.SetZone(must(time.LoadLocation(one.set)))
		}
		written := now.Add(-one.age).In(must(time.LoadLocation(one.server))).Format(time.DateTime)
		k.rows = rowsIn([]byte(`[{"created_datetime":"2025-12-01 00:00:00"},{"created_datetime":"2025-12-02 00:00:00","paid_datetime":"` + written + `"}]`))
		k.seeZone()
		checks := byName(&Report{append(k.dialectChecks(), k.checks...)})
		if got := checks["paykeeper_timezone"]; got.Value != one.value || got.Status != one.status {
			t.Errorf("%+v: got %+v", one, got)
		}
		if _, isAhead := checks["times"]; isAhead != one.isAhead {
			t.Errorf("%+v: in the future: %t", one, isAhead)
		}
	}
}
