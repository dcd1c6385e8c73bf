package sandbox

import (
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Moscow is the zone of the gateways. It has had no daylight saving since 2014.
var Moscow = time.FixedZone("МСК", 3*60*60)

// clockSchema keeps how far the clock was moved on, in nanoseconds. Otherwise what
// was made before a restart would be of the future after it.
const clockSchema = `
CREATE TABLE IF NOT EXISTS sandbox_clock (advanced INTEGER NOT NULL);`

// maxAdvance keeps years in four digits, which the gateways' formats have.
const maxAdvance = 100 * 365 * 24 * time.Hour

// clock is the sandbox's time: that of source, moved on by Advance.
type clock struct {
	source func() time.Time // time.Now when nil
	// moving is held while the clock is moved on or stored, mu while offset is used.
	moving sync.Mutex
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
	_ = s.moveClock(func(time.Time) time.Duration { return d }) // a closed sandbox has no more time
}

// moveClock moves the clock on by what by says, and lets the gateways look at it.
func (s *Sandbox) moveClock(by func(now time.Time) time.Duration) error {
	s.moving.Lock()
	defer s.moving.Unlock()
	d, before := by(s.Now()), s.advanced()
	if d < 0 {
		return problem{
			fmt.Errorf("the clock would go back by %v, to before what has happened; POST /sandbox/reset empties the sandbox and starts it again", -d),
			Textf("Часы нельзя перевести назад: что уже случилось, оказалось бы в будущем. Начать заново можно сбросом."),
		}
	}
	if d > maxAdvance-before {
		return problem{
			fmt.Errorf("the clock would be more than %v ahead", maxAdvance),
			Textf("Часы нельзя перевести вперёд больше чем на %d лет.", int(maxAdvance/(365*24*time.Hour))),
		}
	}
	if err := s.Transact(func(tx *sql.Tx) error { return storeClock(tx, before+d) }); err != nil {
		return err
	}
	s.setAdvanced(before + d)
	s.tick()
	return nil
}

func (c *clock) advanced() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset
}

func (c *clock) setAdvanced(offset time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset = offset
}

func storeClock(tx *sql.Tx, advanced time.Duration) error {
	_, deleted := tx.Exec(`DELETE FROM sandbox_clock`)
	_, inserted := tx.Exec(`INSERT INTO sandbox_clock (advanced) VALUES (?)`, int64(advanced))
	return errors.Join(deleted, inserted)
}

// loadClock goes on where a restart has ended the clock.
func (s *Sandbox) loadClock() error {
	var advanced int64
	err := s.db.QueryRow(`SELECT COALESCE(MAX(advanced), 0) FROM sandbox_clock`).Scan(&advanced)
	s.setAdvanced(time.Duration(advanced))
	return err
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
	s.outbox.look()
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
