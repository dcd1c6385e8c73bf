package main

import (
	"sync"
	"time"
)

// spread is the sandbox's clock. PayKeeper's invoices carry their time in their id. So that
// some are of many days, the clock shows the past while an invoice is made, another moment for
// each. Otherwise it shows what time it is: tokens grow old by it.
type spread struct {
	making sync.RWMutex // held by what is served: alone where the clock shows the past

	mu    sync.Mutex
	shown time.Time // zero when it is right
	next  time.Time // zero when invoices are made now
	step  time.Duration
}

// begin lets invoices be made on so many days, up to today. No days let them be made now.
func (s *spread) begin(days, count int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next = time.Time{}
	if days > 0 {
		period := time.Duration(days) * 24 * time.Hour
		s.next, s.step = time.Now().Add(-period), period/time.Duration(max(count, 1))
	}
}

// serve serves a call, which makes an invoice or does not.
func (s *spread) serve(isMaking bool, call func()) {
	if !isMaking || !s.isOn() {
		s.making.RLock()
		defer s.making.RUnlock()
		call()
		return
	}
	s.making.Lock()
	defer s.making.Unlock()
	s.show(s.next)
	call()
	s.show(time.Time{})
}

func (s *spread) isOn() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.next.IsZero()
}

func (s *spread) show(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shown = at
	if !at.IsZero() {
		s.next = at.Add(s.step)
	}
}

func (s *spread) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shown.IsZero() {
		return time.Now()
	}
	return s.shown
}
