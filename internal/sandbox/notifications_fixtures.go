package sandbox

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// notificationFixtures are deliveries and addresses. Their values are checked: a
// delivery of a misspelt state would never be sent, and nobody would know.
func (s *Sandbox) notificationFixtures() []Fixture {
	return []Fixture{
		checked(notifyAddresses.Fixture("notify_addresses"), func(a notifyAddress) error {
			if s.account(a.Gateway) == nil {
				return fmt.Errorf("gateway %q has no address", a.Gateway)
			}
			return nil
		}),
		checked(deliveries.Fixture("deliveries"), s.checkDelivery),
	}
}

func checked[T any](f Fixture, check func(T) error) Fixture {
	add := f.add
	f.add = func(tx *sql.Tx, to Execer, row json.RawMessage) error {
		if err := add(tx, to, row); err != nil {
			return err
		}
		var object T
		if err := json.Unmarshal(row, &object); err != nil {
			return err
		}
		return check(object)
	}
	return f
}

func (s *Sandbox) checkDelivery(d Delivery) error {
	_, created := time.Parse(deliveryTime, d.CreatedAt)
	_, next := time.Parse(deliveryTime, d.NextTry)
	switch isPending := d.State == statePending; {
	case d.ID == "":
		return errors.New("id is empty")
	case !slices.Contains(s.gatewayNames(), d.Gateway):
		return fmt.Errorf("gateway %q: allowed are %s", d.Gateway, Quoted(s.gatewayNames()))
	case !slices.Contains(deliveryStates, d.State):
		return fmt.Errorf("state %q: allowed are %s", d.State, Quoted(deliveryStates))
	case created != nil:
		return fmt.Errorf("created_at %q: want a time such as %q", d.CreatedAt, deliveryTime)
	case isPending && next != nil:
		return fmt.Errorf("next_try %q: what is pending needs a time such as %q", d.NextTry, deliveryTime)
	case !isPending && d.NextTry != "":
		return fmt.Errorf("next_try %q: only what is pending has a time", d.NextTry)
	}
	return nil
}
