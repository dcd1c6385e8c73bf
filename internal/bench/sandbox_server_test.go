package main

import (
	"database/sql"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// The others are of the same days as those that are there, and are no less than was asked for.
func TestOthersAreOfTheSameDays(t *testing.T) {
	box, err := gateways.Open(gateways.Options{Options: sandbox.Options{}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = box.Close() }()
	for _, day := range []string{"2026-11-01", "2026-11-05"} {
		if _, err := box.PayKeeper.Add(paykeeper.Invoice{PayAmount: "1.00", CreatedDatetime: day + " 12:00:00"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := box.Transact(func(tx *sql.Tx) error { return addOthers(tx, 1001) }); err != nil {
		t.Fatal(err)
	}
	all, err := box.PayKeeper.Invoices.All()
	if err != nil {
		t.Fatal(err)
	}
	days := map[string]int{}
	for _, one := range all {
		days[one.CreatedDatetime[:10]]++
		at, err := time.Parse("20060102150405.000", one.ID[:14]+"."+one.ID[14:])
		if err != nil || at.Format(time.DateTime) != one.CreatedDatetime {
			t.Fatalf("id %s of %s: %v", one.ID, one.CreatedDatetime, err)
		}
	}
	if len(days) != 2 || days["2026-11-01"] != 502 || days["2026-11-05"] != 501 {
		t.Errorf("%v", days)
	}
}

// While invoices are made the clock goes through the days; otherwise it is right.
func TestClockIsBackOnlyWhileAnInvoiceIsMade(t *testing.T) {
	var s spread
	s.begin(100, 10)
	age := func() int { return int(time.Since(s.now()).Hours()/24 + 0.5) }
	var ages []int
	for range 3 {
		s.serve(true, func() { ages = append(ages, age()) })
		s.serve(false, func() { ages = append(ages, age()) })
	}
	want := []int{100, 0, 90, 0, 80, 0}
	for i := range want {
		if ages[i] != want[i] {
			t.Fatalf("%v days, want %v", ages, want)
		}
	}
	s.begin(0, 0)
	s.serve(true, func() {
		if age() != 0 {
			t.Errorf("the clock is %d days back", age())
		}
	})
}
