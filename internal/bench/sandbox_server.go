package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// sandboxServer is the sandbox in a process of its own, and what the benchmark asks of it.
type sandboxServer struct {
	box     *gateways.Sandbox
	latency atomic.Int64 // of each call, in nanoseconds
	spread  spread

	mu       sync.Mutex
	counters counters
}

// counters are what the gateways saw since they were set back.
type counters struct {
	// Requests are counted by operation. The name of PayKeeper's starts with "paykeeper.".
	Requests    map[string]int `json:"requests"`
	Connections int            `json:"connections"`
}

// addresses is what the sandbox's process prints when it listens.
type addresses struct {
	API     string            `json:"api"`
	Control string            `json:"control"`
	Env     map[string]string `json:"env"`
}

// serveSandbox serves until standard input ends, so that the process ends with the benchmark.
func serveSandbox() error {
	s := &sandboxServer{counters: counters{Requests: map[string]int{}}}
	var err error
	s.box, err = gateways.Open(gateways.Options{
		Options:    sandbox.Options{Now: s.spread.now, OnRequest: s.count},
		InvoiceAPI: invoiceapi.Options{LinkLifetime: 30 * 24 * time.Hour},
	})
	if err != nil {
		return err
	}
	api, err := serve(http.HandlerFunc(s.serveAPI), s.countConnection)
	if err != nil {
		return err
	}
	control, err := serve(http.HandlerFunc(s.serveControl), nil)
	if err != nil {
		return err
	}
	where := addresses{API: api, Control: control, Env: map[string]string{}}
	for _, variable := range s.box.Environment(api) {
		where.Env[variable.Name] = variable.Value
	}
	if err := json.NewEncoder(os.Stdout).Encode(where); err != nil {
		return err
	}
	for rest := make([]byte, 1); err == nil; {
		_, err = os.Stdin.Read(rest)
	}
	return nil
}

func serve(handler http.Handler, onState func(net.Conn, http.ConnState)) (address string, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it ends with the process
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: handler, ConnState: onState, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	return "http://" + listener.Addr().String(), nil
}

func (s *sandboxServer) serveAPI(w http.ResponseWriter, r *http.Request) {
	time.Sleep(time.Duration(s.latency.Load()))
	isMaking := strings.HasSuffix(r.URL.Path, "/change/invoice/preview/")
	s.spread.serve(isMaking, func() { s.box.Handler().ServeHTTP(w, r) })
}

func (s *sandboxServer) count(r sandbox.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counters.Requests[r.Operation]++
}

func (s *sandboxServer) countConnection(_ net.Conn, state http.ConnState) {
	if state == http.StateNew {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.counters.Connections++
	}
}

// order is what the benchmark asks of the sandbox. Only what is set counts.
type order struct {
	Latency time.Duration `json:"latency"`
	Days    int           `json:"days"`
	Count   int           `json:"count"`
	Change  change        `json:"change"`
}

// serveControl does what the path says, and answers in JSON.
func (s *sandboxServer) serveControl(w http.ResponseWriter, r *http.Request) {
	var o order
	err := json.NewDecoder(r.Body).Decode(&o)
	var answer any
	if err == nil {
		answer, err = s.do(strings.TrimPrefix(r.URL.Path, "/"), o)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func (s *sandboxServer) do(what string, o order) (any, error) {
	switch what {
	case "reset":
		s.latency.Store(int64(o.Latency))
		s.box.ResetRequests()
		s.mu.Lock()
		defer s.mu.Unlock()
		s.counters = counters{Requests: map[string]int{}}
		return nil, nil
	case "counters":
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.counters, nil
	case "spread":
		s.spread.begin(o.Days, o.Count)
		return nil, nil
	case "change":
		return o.Change.apply(s.box)
	case "pay":
		return nil, s.payAll()
	case "others":
		return nil, s.box.Transact(func(tx *sql.Tx) error { return addOthers(tx, o.Count) })
	}
	return nil, fmt.Errorf("no such order: %s", what)
}

// payAll lets all payments be paid.
func (s *sandboxServer) payAll() error {
	all, err := s.box.InvoiceAPI.Payments.All()
	for _, one := range all {
		if err == nil {
			err = s.box.InvoiceAPI.SetPaymentStatus(one.ID, "successful", "")
		}
	}
	return err
}

// addOthers stores so many sent invoices of the days on which invoices were made, from
// somebody else's hand.
func addOthers(tx *sql.Tx, count int) error {
	_, err := tx.ExecContext(context.Background(), `
		WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1),
			days AS (SELECT DISTINCT substr(created_datetime, 1, 10) AS day FROM paykeeper_invoices),
			numbered AS (SELECT day, row_number() OVER () - 1 AS nr, count(*) OVER () AS total FROM days),
			times AS (SELECT i, day, (i / total) * 86399999 / (?1 / total + 1) AS ms FROM n JOIN numbered ON nr = i % total)
		INSERT OR IGNORE INTO paykeeper_invoices (id, status, pay_amount, clientid, orderid, paymentid, service_name,
			client_email, client_phone, expiry_datetime, created_datetime, paid_datetime)
		SELECT replace(day, '-', '') || replace(time(ms / 1000, 'unixepoch'), ':', '') || printf('%03d', ms % 1000),
			'sent', '100.00', '', 'other-' || i, '', 'Другой счёт', 'other@example.com', '', '2035-12-31 00:00:00',
			day || ' ' || time(ms / 1000, 'unixepoch'), ''
		FROM times`, count)
	return err
}

// change is what somebody changes at the gateway: the amount of one object.
type change struct {
	Kind kind   `json:"kind"`
	ID   string `json:"id"`
	To   string `json:"to"`
}

// apply makes the change, and answers the one that undoes it.
func (c change) apply(box *gateways.Sandbox) (undo change, err error) {
	undo = c
	if c.Kind == links {
		err = box.InvoiceAPI.Payments.Update(c.ID, func(p *invoiceapi.Payment) { undo.To, p.Amount = p.Amount, c.To })
	} else {
		err = box.PayKeeper.Invoices.Update(c.ID, func(i *paykeeper.Invoice) { undo.To, i.PayAmount = i.PayAmount, c.To })
	}
	return undo, err
}
