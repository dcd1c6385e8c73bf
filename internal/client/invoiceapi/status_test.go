package invoiceapi

import (
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

func TestWhatAStatusMeans(t *testing.T) {
	tests := []struct {
		status                            string
		open, paid, closed, failed, taken bool
	}{
		{status: "init", open: true},
		{status: "created", open: true},
		{status: "process", open: true},
		{status: "successful", paid: true, taken: true},
		{status: "refunded", taken: true},
		{status: "fail", failed: true},
		{status: "failed", failed: true},
		{status: "error", failed: true},
		{status: "closed", closed: true},
		{status: "INIT"},
		{status: ""},
		{status: "frozen"},
	}
	now := clienttest.Time(t, "2019-07-20T20:00:00Z").Time
	for _, test := range tests {
		p := wantPayment(t)
		p.Status = test.status
		if p.IsOpen(now) != test.open || p.IsPaid() != test.paid || p.IsClosed() != test.closed || p.IsFailed() != test.failed || p.WasPaid() != test.taken || p.IsExpired(now) {
			t.Errorf("%q: open %t, paid %t, was paid %t, closed %t, failed %t, expired %t",
				test.status, p.IsOpen(now), p.IsPaid(), p.WasPaid(), p.IsClosed(), p.IsFailed(), p.IsExpired(now))
		}
		// Past its time only a payment that was still waiting has expired. One that is being paid
		// has not.
		p.Expires = values.Time{Time: p.Created.Add(time.Minute)}
		paying := test.status == PaymentProcess
		if p.IsExpired(now) != (test.open && !paying) || p.IsOpen(now) != paying {
			t.Errorf("%q, past its time: expired %t, open %t", test.status, p.IsExpired(now), p.IsOpen(now))
		}
	}
}

// An expiry without an offset may be hours off, so it decides nothing.
func TestNaiveExpiry(t *testing.T) {
	p := decoded[Payment](t, `{"id":"p","status":"init","create_date":"2019-07-20 10:00:00","expire_date":"2019-07-20 11:00:00"}`)
	if now := clienttest.Time(t, "2019-07-21T20:00:00Z").Time; p.IsExpired(now) || !p.IsOpen(now) {
		t.Error("a payment has expired by a time without an offset")
	}
}

func TestExpiry(t *testing.T) {
	now := clienttest.Time(t, "2019-07-20T20:00:00Z").Time
	created, never := now.Add(-time.Hour), time.Time{}
	tests := []struct {
		name             string
		created, expires time.Time
		expired          bool
	}{
		{"later", created, now.Add(time.Second), false},
		{"now", created, now, false},
		{"a moment ago", created, now.Add(-time.Nanosecond), true},
		{"equal to the creation is none (the guide's sample)", created, created, false},
		{"just after the creation", created, created.Add(time.Millisecond), true},
		{"before the creation is none", created, created.Add(-time.Hour), false},
		{"none", created, never, false},
		{"none, and no creation", never, never, false},
		{"a creation that could not be read", never, now.Add(-time.Second), true},
		{"the same in another zone", created, created.In(time.FixedZone("", 5*3600)), false},
	}
	for _, test := range tests {
		p := &Payment{Status: PaymentInit, Created: values.Time{Time: test.created}, Expires: values.Time{Time: test.expires}}
		if p.IsExpired(now) != test.expired || p.IsOpen(now) == test.expired {
			t.Errorf("%s: expired %t, open %t; want expired %t", test.name, p.IsExpired(now), p.IsOpen(now), test.expired)
		}
	}
}
