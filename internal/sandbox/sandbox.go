// Package sandbox is what the imitated payment gateways share: a database, a
// clock, faults, a record of calls, switches between readings of the documents,
// and pages. The gateways are in the packages below. Package gateways puts them
// together. With them a configuration can be tried, and the provider tested,
// without money.
//
// The sandbox reads the gateways' documents on its own. It shares no code with
// the clients of this project, so a misreading on either side fails a test. Where
// the documents are clear, the sandbox is strict. Where they are silent or
// contradict each other, a Dialect switches between the readings. Faults make the
// sandbox misbehave as networks and gateways do.
package sandbox

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Options configure a Sandbox. The zero value is a sandbox in memory.
type Options struct {
	// Database is the path of the SQLite file that keeps the state. It is
	// created when absent. "" and ":memory:" keep the state in memory.
	Database string
	// Dialect picks between readings of doubtful points.
	Dialect Dialect
	// PublicURL is put in front of the links in answers, such as
	// "https://sandbox.example.com". "" takes the host of each request.
	PublicURL string
	// Mount is the name of a gateway that answers at the root, too; "" is none.
	Mount string
	// Now is the sandbox's clock; time.Now when nil. Advance moves it on.
	Now func() time.Time
	// OnRequest, when set, is called after every API call. It must be safe for
	// concurrent use.
	OnRequest func(Request)
	// ForgetRequests is for a sandbox that runs long: Requests stays empty, and of
	// bodies nothing is kept but what the journal has.
	ForgetRequests bool
	// NotificationInterval is the time between two tries to deliver a notification;
	// 60 seconds when zero.
	NotificationInterval time.Duration
	// NotifyHosts are hosts that notifications may be sent to, besides this machine.
	NotifyHosts []string
	// TickInterval is how often the gateways look at the clock on their own; 5
	// seconds when zero.
	TickInterval time.Duration
}

// Sandbox serves gateways. All methods are safe for concurrent use.
type Sandbox struct {
	clock
	options  Options
	gateways []Gateway
	db       *sql.DB
	handler  http.Handler
	// operations are those that faults can hit, and apiPatterns those of the mux
	// that are calls of an API.
	operations  []string
	apiPatterns map[string]bool
	outbox      *outbox

	mu        sync.Mutex
	dialect   Dialect
	faults    []*activeFault
	lastFault int
	requests  []*Request
	journal   journal

	// background counts the goroutines that run until stop is called.
	background sync.WaitGroup
	stopped    context.Context
	stop       context.CancelFunc
}

// Gateway is one imitated gateway.
type Gateway struct {
	// Name is what the provider calls it. Its API and its pages are below "/" and
	// this name.
	Name string
	// Schema creates the gateway's tables if they are absent.
	Schema string
	// Routes mounts the gateway's API, by HandleAPI, and its pages.
	Routes func(*http.ServeMux)
	// Environment lists what the provider needs. base is the address of the
	// sandbox.
	Environment func(base string) []Variable
	// Overview fills the gateway's part of the index page.
	Overview func(OverviewQuery) (Overview, error)
	// Tick, if set, is called every few seconds and after Advance. It does what
	// happens by itself as time passes.
	Tick func()
	// Seed, if set, makes up n invoices for SeedHistory.
	Seed func(tx *sql.Tx, n int, m MadeUp) error
	// Payment is what FaultDecline calls paying on the gateway's pages. "" stands
	// for pages on which nothing is declined.
	Payment string
	// Account is what the merchant has set at the gateway. nil stands for a gateway
	// that gets the address for notifications with each object, or has none.
	Account *Account
	// Fixtures are the gateway's objects, in the order in which they are stored.
	Fixtures []Fixture
	// Forget, if set, forgets what is not in the database, such as tokens.
	Forget func()
	// Switches are the doubtful points of the gateway.
	Switches Switches
}

// Open opens a sandbox with gateways. Each join takes the sandbox and returns its
// gateway. Open fails on invalid options, and when the database cannot be opened.
func Open(options Options, join ...func(*Sandbox) (Gateway, error)) (*Sandbox, error) {
	s := &Sandbox{options: options, clock: clock{source: options.Now}, apiPatterns: map[string]bool{}}
	s.options.TickInterval = cmp.Or(options.TickInterval, 5*time.Second)
	if options.NotificationInterval < 0 {
		return nil, errors.New("the notification interval must not be negative")
	}
	if err := checkPublicURL(options.PublicURL); err != nil {
		return nil, err
	}
	s.outbox = newOutbox(cmp.Or(options.NotificationInterval, time.Minute), options.NotifyHosts)
	for _, j := range join {
		g, err := j(s)
		if err != nil {
			return nil, err
		}
		s.gateways = append(s.gateways, g)
	}
	for _, g := range s.gateways {
		if g.Account == nil {
			continue
		}
		if err := s.checkNotifyAddress(g.Name, g.Account.NotifyAddress); err != nil {
			return nil, err
		}
	}
	if options.Mount != "" && !slices.Contains(s.gatewayNames(), options.Mount) {
		return nil, fmt.Errorf("mount %q: allowed are %s", options.Mount, Quoted(s.gatewayNames()))
	}
	var err error
	if s.dialect, err = s.switches().complete(options.Dialect); err != nil {
		return nil, err
	}
	schemas := []string{historySchema, clockSchema, notificationSchema}
	for _, g := range s.gateways {
		schemas = append(schemas, g.Schema)
	}
	if s.db, err = openDatabase(options.Database, schemas); err != nil {
		return nil, err
	}
	if err := s.loadClock(); err != nil {
		return nil, errors.Join(fmt.Errorf("read the sandbox's clock: %w", err), s.db.Close())
	}
	s.stopped, s.stop = context.WithCancel(context.Background())
	s.handler = s.buildHandler()
	s.Go(s.tickUntilStopped)
	s.Go(s.deliverUntilStopped)
	return s, nil
}

// Go runs work in the background unless the sandbox is closed. work must end
// soon after Stopped is done.
func (s *Sandbox) Go(work func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped.Err() == nil {
		s.background.Go(work)
	}
}

// Stopped is done once the sandbox is closed.
func (s *Sandbox) Stopped() context.Context { return s.stopped }

// healthPattern is for those who only want to know that the sandbox runs.
const healthPattern = "GET /healthz"

func (s *Sandbox) buildHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.serveIndex)
	mux.HandleFunc(healthPattern, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("ok"))
	})
	s.faultRoutes(mux)
	s.journalRoutes(mux)
	s.clockRoutes(mux)
	s.resetRoutes(mux)
	s.environmentRoutes(mux)
	mux.HandleFunc("GET /sandbox/page.js", serveScript)
	s.notificationRoutes(mux)
	mux.HandleFunc("GET /sandbox/controls", s.serveControls)
	mux.HandleFunc("POST /sandbox/controls", s.controlOnPage)
	for _, g := range s.gateways {
		g.Routes(mux)
	}
	return s.date(s.mount(mux, s.guard(mux)))
}

// Handler serves the API and the pages of all gateways, the index page at /,
// /healthz, and what tests and people steer the sandbox with below /sandbox/.
func (s *Sandbox) Handler() http.Handler { return s.handler }

// Close ends notifications in flight and closes the database. Later requests
// fail.
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

// ErrNotFound means that there is no such object.
var ErrNotFound = errors.New("not found")
