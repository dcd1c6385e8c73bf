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
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

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

	paykeeper      paykeeperState
	p2p            p2pState
	intellectmoney intellectmoneyState

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
	// seed, if set, is the gateway's part of SeedHistory: n invoices.
	seed func(s *Sandbox, tx *sql.Tx, n int, m madeUp) error
	// operations are the names that faults and Requests go by.
	operations []string
	// switches are the doubtful points of the gateway.
	switches []Switch
}

var gateways = []gateway{invoiceGateway, paykeeperGateway, p2pGateway, intellectmoneyGateway}

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
	if err := options.complete(); err != nil {
		return nil, err
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
