// Package sandbox imitates payment gateways on loopback, so that a
// configuration can be tried, and the provider tested, without money.
//
// It is an independent reading of the gateways' documents: it shares no code
// with the clients of this project, so that a misreading on either side shows
// up as a failing test. Where the documents speak it is strict; where they are
// silent or contradict each other, a Dialect switches between the readings;
// and Faults make it misbehave the way networks and gateways do.
//
// Each gateway lives in its own files, named after it, and joins through the
// list of gateways below. The rest of the package knows no gateway by name.
package sandbox

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// Options configure a Sandbox. The zero value is a sandbox in memory with the
// guide's demo credentials.
type Options struct {
	// Database is the path of the SQLite file that keeps the state. It is
	// created when absent. "" and ":memory:" keep the state in memory.
	Database string
	// Dialect picks between readings of doubtful points.
	Dialect Dialect
	// PublicURL is put in front of the links in answers, such as
	// "https://sandbox.example.com". "" takes the host of each request.
	PublicURL string
	// MerchantID and APIKey are what Invoice API calls must carry. "" means
	// TestMerchantID and TestAPIKey.
	MerchantID, APIKey string
	// LinkLifetime is how long a payment can be paid after it was created;
	// 24 hours when zero. The guide shows that payments expire (section
	// 7.2.3, expire_date) but not when [?].
	LinkLifetime time.Duration
	// PayKeeperLogin and PayKeeperPassword are what PayKeeper calls must
	// carry. "" means DemoPayKeeperLogin and DemoPayKeeperPassword.
	PayKeeperLogin, PayKeeperPassword string
	// P2PAPIKey and P2PSecretKey identify and sign calls of the merchant
	// invoices API. "" means DemoP2PAPIKey and DemoP2PSecretKey.
	P2PAPIKey, P2PSecretKey string
	// P2PNotificationInterval is the time between the three tries to deliver
	// a notification; 60 seconds when zero.
	P2PNotificationInterval time.Duration
	// P2PRequisites is how many deals can wait for a transfer at the same
	// time; without limit when zero.
	P2PRequisites int
	// Now is the sandbox's clock; time.Now when nil. Advance moves it on.
	Now func() time.Time
	// OnRequest, when set, is told of every API call after it was dealt
	// with. It must be safe for concurrent use.
	OnRequest func(Request)

	// tickInterval is how late something may be noticed that happens by
	// itself while nobody asks; 5 seconds when zero.
	tickInterval time.Duration
}

// Sandbox serves the gateways. All methods are safe for concurrent use.
type Sandbox struct {
	options Options
	db      *sql.DB
	handler http.Handler

	mu       sync.Mutex
	dialect  Dialect
	offset   time.Duration
	faults   []*activeFault
	requests []*Request

	paykeeper paykeeperState
	p2p       p2pState

	// background counts the goroutines that live until stop is called.
	background sync.WaitGroup
	stopped    context.Context
	stop       context.CancelFunc
}

// gateway is one imitated gateway. A new one is a value of this type in its
// own file and a line in the list below.
type gateway struct {
	// schema creates the gateway's tables if they are absent.
	schema string
	// routes mounts the gateway's API and pages.
	routes func(*Sandbox, *http.ServeMux)
	// environment lists what a provider configuration needs, given the
	// address the sandbox is reached at.
	environment func(s *Sandbox, base string) []Variable
	// overview fills the gateway's part of the index page.
	overview func(s *Sandbox, base string) (overview, error)
	// tick, if set, is called every few seconds and after Advance, for what
	// happens by itself as time passes.
	tick func(*Sandbox)
	// operations are the names that faults and Requests go by.
	operations []string
	// switches are the doubtful points of the gateway.
	switches []Switch
}

var gateways = []gateway{invoiceGateway, paykeeperGateway, p2pGateway}

// Variable is an environment variable the provider reads its configuration
// from.
type Variable struct{ Name, Value string }

// Open opens the sandbox's database and makes it ready to serve. It fails on
// an unknown dialect value and when the database cannot be opened.
func Open(options Options) (*Sandbox, error) {
	dialect, err := options.Dialect.complete()
	if err != nil {
		return nil, err
	}
	if options.LinkLifetime < 0 || (options.LinkLifetime > 0 && options.LinkLifetime < time.Millisecond) {
		return nil, fmt.Errorf("link lifetime %v: dates carry milliseconds, so a payment must live for one at least", options.LinkLifetime)
	}
	if options.LinkLifetime == 0 {
		options.LinkLifetime = 24 * time.Hour
	}
	if options.P2PNotificationInterval < 0 || options.P2PRequisites < 0 {
		return nil, errors.New("the notification interval and the number of requisites must not be negative")
	}
	options.P2PNotificationInterval = cmp.Or(options.P2PNotificationInterval, time.Minute)
	options.tickInterval = cmp.Or(options.tickInterval, 5*time.Second)
	options.MerchantID = cmp.Or(options.MerchantID, TestMerchantID)
	options.APIKey = cmp.Or(options.APIKey, TestAPIKey)
	options.PayKeeperLogin = cmp.Or(options.PayKeeperLogin, DemoPayKeeperLogin)
	options.PayKeeperPassword = cmp.Or(options.PayKeeperPassword, DemoPayKeeperPassword)
	options.P2PAPIKey = cmp.Or(options.P2PAPIKey, DemoP2PAPIKey)
	options.P2PSecretKey = cmp.Or(options.P2PSecretKey, DemoP2PSecretKey)
	if options.Now == nil {
		options.Now = time.Now
	}
	db, err := openDatabase(options.Database)
	if err != nil {
		return nil, err
	}
	s := &Sandbox{options: options, db: db, dialect: dialect}
	s.stopped, s.stop = context.WithCancel(context.Background())
	s.handler = s.buildHandler()
	s.spawn(s.tickUntilStopped)
	return s, nil
}

// spawn runs work in the background unless the sandbox is closed. work must
// end soon after s.stopped is done.
func (s *Sandbox) spawn(work func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped.Err() == nil {
		s.background.Go(work)
	}
}

func (s *Sandbox) tickUntilStopped() {
	ticker := time.NewTicker(s.options.tickInterval)
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
	for _, g := range gateways {
		if g.tick != nil {
			g.tick(s)
		}
	}
}

func (s *Sandbox) buildHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.serveIndex)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("ok"))
	})
	s.faultRoutes(mux)
	for _, g := range gateways {
		g.routes(s, mux)
	}
	// A page open in the same browser must not be able to pay an invoice or
	// inject a fault behind the user's back.
	return http.NewCrossOriginProtection().Handler(mux)
}

// Handler serves the API and the pages of all gateways, the index page at /,
// /healthz, and the fault switchboard at /sandbox/faults.
func (s *Sandbox) Handler() http.Handler { return s.handler }

// Close gives up notifications that are under way and closes the database.
// Requests that are served afterwards fail.
func (s *Sandbox) Close() error {
	s.mu.Lock()
	s.stop()
	s.mu.Unlock()
	s.background.Wait()
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("close the sandbox's database: %w", err)
	}
	return nil
}

// SetDialect changes the dialect from the next request on. It panics on a
// value that no switch allows, since that is a mistake in the calling test.
func (s *Sandbox) SetDialect(dialect Dialect) {
	complete, err := dialect.complete()
	if err != nil {
		panic(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dialect = complete
}

func (s *Sandbox) currentDialect() Dialect {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dialect
}

// Advance moves the sandbox's clock on by d, so that payments expire.
func (s *Sandbox) Advance(d time.Duration) {
	s.mu.Lock()
	s.offset += d
	s.mu.Unlock()
	s.tick()
}

func (s *Sandbox) now() time.Time {
	s.mu.Lock()
	offset := s.offset
	s.mu.Unlock()
	return s.options.Now().Add(offset)
}

// Environment lists the environment variables that point the provider at
// this sandbox, where base is the address it is reached at, such as
// "http://127.0.0.1:8085".
func (s *Sandbox) Environment(base string) []Variable {
	if s.options.PublicURL != "" {
		base = s.options.PublicURL
	}
	var variables []Variable
	for _, g := range gateways {
		variables = append(variables, g.environment(s, base)...)
	}
	return variables
}

// base is the address that links in the answer to r start with.
func (s *Sandbox) base(r *http.Request) string {
	if s.options.PublicURL != "" {
		return s.options.PublicURL
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// errNotFound is what direct access answers when there is no such object.
var errNotFound = errors.New("not found")
