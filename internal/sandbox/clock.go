package sandbox

import (
	"sync"
	"time"
)

// Moscow is the zone of the gateways. It has had no daylight saving since 2014.
var Moscow = time.FixedZone("МСК", 3*60*60)

// clock is the sandbox's time: that of source, moved on by Advance.
type clock struct {
	source func() time.Time // time.Now when nil
	mu     sync.Mutex
	offset time.Duration
}

// Now is the time in the sandbox.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.source == nil {
		return time.Now().Add(c.offset)
	}
	return c.source().Add(c.offset)
}

// Advance moves the sandbox's clock on by d, so that payments expire.
func (s *Sandbox) Advance(d time.Duration) {
	s.clock.mu.Lock()
	s.offset += d
	s.clock.mu.Unlock()
	s.tick()
}

// tickUntilStopped lets the gateways look at the clock now and then.
func (s *Sandbox) tickUntilStopped() {
	ticker := time.NewTicker(s.options.TickInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			s.tick()
		case <-s.stopped.Done():
			return
		}
	}
}

func (s *Sandbox) tick() {
	for _, g := range s.gateways {
		if g.Tick != nil {
			g.Tick()
		}
	}
}

// Wait waits for d in real time, whatever the sandbox's clock does. It returns
// false at once when the sandbox or hungUp is closed.
func (s *Sandbox) Wait(d time.Duration, hungUp <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-hungUp:
		return false
	case <-s.stopped.Done():
		return false
	}
}

// Moment shows a time to a person.
func Moment(at time.Time) string { return at.In(Moscow).Format("02.01.2006 15:04 МСК") }
