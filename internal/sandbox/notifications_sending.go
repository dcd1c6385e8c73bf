package sandbox

import (
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"
)

// maxSending is how many notifications are on their way at the same time. A shop
// that does not answer must not hold up the others.
const maxSending = 32

// outbox sends what is due.
type outbox struct {
	*messenger
	interval time.Duration
	due      chan struct{}

	mu sync.Mutex
	// busy are the objects of which a notification is on its way.
	busy map[string]bool
}

func newOutbox(interval time.Duration, hosts []string) *outbox {
	return &outbox{messenger: newMessenger(hosts), interval: interval, due: make(chan struct{}, 1), busy: map[string]bool{}}
}

// look makes the outbox look at what is due.
func (o *outbox) look() {
	select {
	case o.due <- struct{}{}:
	default: // It is about to look.
	}
}

// take reports whether a notification about an object may be sent now. If so, free
// must be called at its end.
func (o *outbox) take(object string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.busy[object] || len(o.busy) >= maxSending {
		return false
	}
	o.busy[object] = true
	return true
}

func (o *outbox) free(object string) {
	o.mu.Lock()
	delete(o.busy, object)
	o.mu.Unlock()
	o.look()
}

// deliverUntilStopped sends notifications as they become due by the sandbox's
// clock.
func (s *Sandbox) deliverUntilStopped() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-s.outbox.due:
		case <-s.stopped.Done():
			return
		}
		timer.Reset(s.deliverDue())
	}
}

// waiting is a pending delivery.
type waiting struct {
	id, object, next string
	isUntried        bool
}

// deliverDue sends what is due, and returns how long there is nothing to do.
func (s *Sandbox) deliverDue() time.Duration {
	const long = time.Hour
	var pending []waiting
	err := s.Transact(func(tx *sql.Tx) (err error) {
		pending, err = Collect(tx, func(row *sql.Rows) (w waiting, err error) {
			err = row.Scan(&w.id, &w.object, &w.next, &w.isUntried)
			return w, err
		}, `SELECT id, gateway || '/' || object, next_try, tries = '[]' FROM sandbox_deliveries WHERE state = 'pending' ORDER BY number`)
		return err
	})
	if err != nil {
		return s.outbox.interval
	}
	at := s.Now().UTC()
	now, wait := at.Format(deliveryTime), long
	// What was interrupted at its first try comes before what is about the same
	// object. What was tried does not hold it up.
	first := map[string]string{}
	for _, w := range pending {
		if _, is := first[w.object]; w.isUntried && !is {
			first[w.object] = w.id
		}
		switch next, err := time.Parse(deliveryTime, w.next); {
		case w.isUntried && first[w.object] != w.id:
		case w.next <= now:
			if s.outbox.take(w.object) {
				s.Go(func() {
					defer s.outbox.free(w.object)
					_, err := s.try(w.id, false)
					if err != nil && !errors.Is(err, errNotDue) && !errors.Is(err, ErrNotSent) && !errors.Is(err, ErrNotFound) {
						s.Wait(s.outbox.interval, nil) // The database fails: the next look would be now.
					}
				})
			}
		case err == nil:
			wait = min(wait, max(next.Sub(at), time.Millisecond))
		}
	}
	return wait
}

// errNotDue means that a try has ended between the look at what is due and the next
// one.
var errNotDue = errors.New("not due")

// try sends a notification once, and keeps what came of it. One that is gone, or
// has nowhere to go, is not sent.
func (s *Sandbox) try(id string, isReplay bool) (d Delivery, err error) {
	var address, reason string
	err = s.Transact(func(tx *sql.Tx) (err error) {
		if d, err = deliveries.Get(tx, id); err != nil {
			return err
		}
		if !isReplay && (d.State != statePending || d.NextTry > s.Now().UTC().Format(deliveryTime)) {
			return errNotDue
		}
		address, reason, err = s.destination(tx, d)
		switch {
		case err != nil:
			return err
		case reason != "" && (d.State == statePending || d.State == stateNotSent):
			d.keepBack(reason)
		case d.State == statePending && !isReplay:
			// What cannot be written is not sent either: it would be sent for ever.
			d.NextTry = s.Now().Add(s.outbox.interval).UTC().Format(deliveryTime)
		}
		return deliveries.Update(tx, id, d)
	})
	if err == nil && reason != "" {
		err = fmt.Errorf("%w: %s", ErrNotSent, reasonsInEnglish.Of(reason))
	}
	if err != nil {
		return d, err
	}
	at := s.Now()
	sent := s.outbox.post(s.stopped, address, d)
	sent.At, sent.Replay = at, isReplay
	if err := s.stopped.Err(); err != nil {
		return d, err // It is sent again after the restart.
	}
	err = s.Transact(func(tx *sql.Tx) (err error) {
		if d, err = deliveries.Get(tx, id); err != nil {
			return err
		}
		d.add(sent, s.Now().Add(s.outbox.interval))
		return deliveries.Update(tx, id, d)
	})
	return d, err
}

// add adds a try. What was delivered once stays delivered. A replay that fails does
// not change when the next try is.
func (d *Delivery) add(sent Try, next time.Time) {
	d.Tries = append(d.Tries, sent)
	byItself := 0
	for _, t := range d.Tries {
		if !t.Replay {
			byItself++
		}
	}
	switch {
	case sent.Problem == "":
		d.State, d.NextTry = stateDelivered, ""
	case d.State == stateNotSent || d.State == statePending && byItself >= maxTries:
		d.State, d.NextTry = stateFailed, ""
	case d.State == statePending && !sent.Replay:
		d.NextTry = next.UTC().Format(deliveryTime)
	}
}

// ErrNotSent means that a notification has nowhere to go.
var ErrNotSent = errors.New("not sent")

// Replay sends a notification again, with the same bytes, and returns what has come
// of it.
func (s *Sandbox) Replay(id string) (Delivery, error) {
	d, err := s.try(id, true)
	if err != nil {
		return d, fmt.Errorf("replay notification %s: %w", id, err)
	}
	return d, nil
}

// Deliveries returns all notifications, oldest first.
func (s *Sandbox) Deliveries() ([]Delivery, error) {
	return NewObjects(s, "notification", deliveries, nil).All()
}
