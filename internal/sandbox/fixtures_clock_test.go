package sandbox

import (
	"testing"
	"time"
)

// Fixtures are not loaded while the clock is moved on: they would store the older
// time, to which a restart would go back.
func TestFixturesWaitForTheClock(t *testing.T) {
	s, err := Open(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	loaded := make(chan error, 1)
	err = s.moveClock(func(time.Time) time.Duration {
		go func() { loaded <- s.LoadFixtures([]byte(`{"version":1}`)) }()
		select {
		case <-loaded:
			t.Fatal("loaded meanwhile")
		case <-time.After(100 * time.Millisecond):
		}
		return time.Hour
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-loaded; err != nil {
		t.Fatal(err)
	}
	if err := s.loadClock(); err != nil || s.advanced() != time.Hour {
		t.Errorf("stored: %v, %v", s.advanced(), err)
	}
}
