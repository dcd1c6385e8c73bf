package sandbox

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"time"
)

// A delivery is in the transaction of the change that it tells of. So none is lost
// by a restart, and none tells of what did not happen.
const notificationSchema = `
CREATE TABLE IF NOT EXISTS sandbox_deliveries (
	number INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL UNIQUE, gateway TEXT NOT NULL, object TEXT NOT NULL, about TEXT NOT NULL, own_address TEXT NOT NULL,
	headers TEXT NOT NULL, body TEXT NOT NULL, wanted_answer TEXT NOT NULL,
	state TEXT NOT NULL, reason TEXT NOT NULL, created_at TEXT NOT NULL, next_try TEXT NOT NULL, tries TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS sandbox_deliveries_state ON sandbox_deliveries (state, number);
CREATE INDEX IF NOT EXISTS sandbox_deliveries_gateway ON sandbox_deliveries (gateway, number);
CREATE TABLE IF NOT EXISTS sandbox_notify_addresses (
	number INTEGER PRIMARY KEY AUTOINCREMENT,
	gateway TEXT NOT NULL UNIQUE, address TEXT NOT NULL
);`

// maxTries is how often a notification is sent by itself at most: at first, and
// twice more. That is known of P2P [V], and not of the others [?].
const maxTries = 3

// The states of a delivery. Pending ones are sent by themselves.
const (
	statePending   = "pending"
	stateDelivered = "delivered"
	stateFailed    = "failed"
	stateNotSent   = "not_sent"
)

var deliveryStates = []string{statePending, stateDelivered, stateFailed, stateNotSent}

// Account is what a merchant has set at a gateway.
type Account struct {
	// NotifyAddress is where notifications go while nobody has set another address
	// on the page. "" is nowhere.
	NotifyAddress string
}

// Notification is what a gateway tells a merchant about an object.
type Notification struct {
	// Object is the id that it is about. Those about the same object are sent in
	// their order.
	Object string
	// About says in the API's words what has happened, such as "paid".
	About string
	// Address is that of the object. "" takes the one of the gateway's Account.
	Address string
	Headers map[string]string
	Body    string
	// WantedAnswer is the body of the answer that takes the notification. Spaces
	// around it do not count. With "" any 2xx takes it.
	WantedAnswer string
}

// Delivery is a notification as it is stored, and what has come of it.
type Delivery struct {
	ID      string `json:"id"`
	Gateway string `json:"gateway"`
	// The fields from here to WantedAnswer are those of Notification.
	Object       string            `json:"object"`
	About        string            `json:"about"`
	OwnAddress   string            `json:"own_address"`
	Headers      map[string]string `json:"headers"`
	Body         string            `json:"body"`
	WantedAnswer string            `json:"wanted_answer"`
	State        string            `json:"state"`
	// Reason is why it was not sent, one of the reasons, else "".
	Reason string `json:"reason"`
	// CreatedAt and NextTry are in deliveryTime, by the sandbox's clock. NextTry is
	// "" when nothing is sent by itself any more.
	CreatedAt string `json:"created_at"`
	NextTry   string `json:"next_try"`
	Tries     []Try  `json:"tries"`
}

// Try is one attempt to deliver a notification.
type Try struct {
	// At is by the sandbox's clock.
	At      time.Time `json:"at"`
	Address string    `json:"address"`
	// Replay reports whether somebody has asked for it.
	Replay bool `json:"replay"`
	// Status is that of the answer, and 0 if none came. Answer is its beginning.
	Status int    `json:"status"`
	Answer string `json:"answer"`
	// Problem is why the merchant has not taken the notification: one of the
	// problems, and "" if it was taken. Detail is the error of the connection.
	Problem string `json:"problem"`
	Detail  string `json:"detail"`
}

// deliveryTime sorts. Times are in UTC.
const deliveryTime = "2006-01-02T15:04:05.000000Z"

var deliveries = Table[Delivery]{
	Name: "sandbox_deliveries", Key: "id",
	Columns: `id, gateway, object, about, own_address, headers, body, wanted_answer, state, reason, created_at, next_try, tries`,
	Fields: func(d *Delivery) []any {
		return []any{&d.ID, &d.Gateway, &d.Object, &d.About, &d.OwnAddress, jsonColumn[map[string]string]{&d.Headers}, &d.Body, &d.WantedAnswer,
			&d.State, &d.Reason, &d.CreatedAt, &d.NextTry, jsonColumn[[]Try]{&d.Tries}}
	},
}

// notifyAddress is the address that somebody has set for a gateway.
type notifyAddress struct {
	Gateway string `json:"gateway"`
	Address string `json:"address"`
}

var notifyAddresses = Table[notifyAddress]{
	Name: "sandbox_notify_addresses", Key: "gateway", Columns: `gateway, address`,
	Fields: func(a *notifyAddress) []any { return []any{&a.Gateway, &a.Address} },
}

// jsonColumn writes and reads a column of JSON.
type jsonColumn[T any] struct{ value *T }

// Value implements driver.Valuer.
func (c jsonColumn[T]) Value() (driver.Value, error) {
	data, err := json.Marshal(c.value)
	return string(data), err
}

// Scan implements sql.Scanner.
func (c jsonColumn[T]) Scan(stored any) error {
	text, ok := stored.(string)
	if !ok {
		return fmt.Errorf("JSON is stored as %T", stored)
	}
	return json.Unmarshal([]byte(text), c.value)
}

// Notify keeps a notification of a gateway. It is sent once tx is committed.
func (s *Sandbox) Notify(tx *sql.Tx, gateway string, n Notification) error {
	now := s.Now().UTC().Format(deliveryTime)
	d := Delivery{
		ID: HexID(), Gateway: gateway, Object: n.Object, About: n.About, OwnAddress: n.Address, Headers: n.Headers, Body: n.Body,
		WantedAnswer: n.WantedAnswer, State: statePending, CreatedAt: now, NextTry: now, Tries: []Try{},
	}
	_, reason, err := s.destination(tx, d)
	if err != nil {
		return err
	}
	if reason != "" {
		d.keepBack(reason)
	}
	if err := deliveries.Insert(tx, d); err != nil {
		return err
	}
	s.outbox.look() // The database is free for it once tx has ended.
	return nil
}

// keepBack marks a delivery as not sent.
func (d *Delivery) keepBack(reason string) { d.State, d.Reason, d.NextTry = stateNotSent, reason, "" }

// destination is where a delivery goes, and the reason why it does not, or "".
func (s *Sandbox) destination(tx *sql.Tx, d Delivery) (address, reason string, err error) {
	if address = d.OwnAddress; address == "" {
		address, err = s.notifyAddressOf(tx, d.Gateway)
	}
	return address, s.outbox.reasonAgainst(address), err
}

// account is the account of a gateway, and nil if it has none with an address.
func (s *Sandbox) account(gateway string) *Account {
	for _, g := range s.gateways {
		if g.Name == gateway {
			return g.Account
		}
	}
	return nil
}

// notifyAddressOf is where a gateway sends what has no address of its own.
func (s *Sandbox) notifyAddressOf(tx *sql.Tx, gateway string) (string, error) {
	set, err := notifyAddresses.Get(tx, gateway)
	if account := s.account(gateway); errors.Is(err, ErrNotFound) && account != nil {
		return account.NotifyAddress, nil
	}
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return set.Address, err
}

// NotifyAddresses are the addresses of all gateways that have one in the merchant's
// account.
func (s *Sandbox) NotifyAddresses() (map[string]string, error) {
	all := map[string]string{}
	return all, s.Transact(func(tx *sql.Tx) (err error) {
		for _, g := range s.gateways {
			if g.Account == nil {
				continue
			}
			if all[g.Name], err = s.notifyAddressOf(tx, g.Name); err != nil {
				return err
			}
		}
		return nil
	})
}

// SetNotifyAddresses sets where gateways send notifications, all or none. "" is
// nowhere. What is pending goes there, too. An address that is set as it is shown,
// with *** in it, stays what it is.
func (s *Sandbox) SetNotifyAddresses(addresses map[string]string) error {
	addresses, err := s.unmaskAddresses(addresses)
	if err != nil {
		return err
	}
	for gateway, address := range addresses {
		if err := s.checkNotifyAddress(gateway, address); err != nil {
			return err
		}
	}
	return s.Transact(func(tx *sql.Tx) error {
		for gateway, address := range addresses {
			if err := notifyAddresses.Delete(tx, gateway); err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
			if err := notifyAddresses.Insert(tx, notifyAddress{gateway, address}); err != nil {
				return err
			}
		}
		return nil
	})
}

// unmaskAddresses puts the present addresses in the place of those that are shown
// for them.
func (s *Sandbox) unmaskAddresses(addresses map[string]string) (map[string]string, error) {
	present, err := s.NotifyAddresses()
	if err != nil {
		return nil, err
	}
	whole := maps.Clone(addresses)
	for gateway, address := range whole {
		if address == maskAddress(present[gateway]) {
			whole[gateway] = present[gateway]
		}
	}
	return whole, nil
}

func (s *Sandbox) checkNotifyAddress(gateway, address string) error {
	var with []string
	for _, g := range s.gateways {
		if g.Account != nil {
			with = append(with, g.Name)
		}
	}
	if s.account(gateway) == nil {
		return problem{
			fmt.Errorf("gateway %q has no address for notifications in its account: allowed are %s", gateway, Quoted(with)),
			Textf("У шлюза «%s» нет адреса для уведомлений в личном кабинете. Он есть у %s.", gateway, Quoted(with)),
		}
	}
	if reason := s.outbox.reasonAgainstSetting(address); reason != "" {
		return fmt.Errorf("notifications of %s to %q: %s", gateway, maskAddress(address), reasonsInEnglish.Of(reason))
	}
	return nil
}

// JSONHeaders are those of a notification in JSON.
func JSONHeaders() map[string]string { return map[string]string{"Content-Type": "application/json"} }

// canonical are headers as they are sent.
func canonical(headers map[string]string) http.Header {
	sent := http.Header{}
	for name, value := range headers {
		sent.Set(name, value)
	}
	return sent
}
