package sandbox

import (
	"database/sql"
	"io"
	"net/http"
)

// maxFixtures bounds what POST /sandbox/fixtures takes: histories are long.
const maxFixtures = 256 << 20

// Reset makes the sandbox as it is at its start without a database: empty, with
// the clock, the dialect, the tokens and the ids of the beginning, and without
// faults and recorded calls.
func (s *Sandbox) Reset() error {
	s.moving.Lock()
	defer s.moving.Unlock()
	if err := s.Transact(emptyTables); err != nil {
		return err
	}
	s.setAdvanced(0)
	s.SetDialect(s.options.Dialect)
	s.mu.Lock()
	s.faults, s.requests, s.journal = nil, nil, journal{}
	s.mu.Unlock()
	s.forget()
	return nil
}

// forget lets the gateways forget what they have not in the database.
func (s *Sandbox) forget() {
	for _, g := range s.gateways {
		if g.Forget != nil {
			g.Forget()
		}
	}
	s.outbox.look()
}

// emptyTables empties all tables. Numbers start again.
func emptyTables(tx *sql.Tx) error {
	tables, err := Column[string](tx, `SELECT name FROM sqlite_master WHERE type = 'table' AND (name NOT LIKE 'sqlite_%' OR name = 'sqlite_sequence')`)
	if err != nil {
		return err
	}
	for _, table := range tables {
		if _, err := tx.Exec(`DELETE FROM ` + table); err != nil { //nolint:gosec // the database has named it
			return err
		}
	}
	return nil
}

// resetRoutes mounts /sandbox/reset and /sandbox/fixtures.
func (s *Sandbox) resetRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /sandbox/reset", func(w http.ResponseWriter, _ *http.Request) {
		if err := s.Reset(); err != nil {
			Fail(w, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /sandbox/fixtures", func(w http.ResponseWriter, _ *http.Request) { s.sendFixtures(w) })
	mux.HandleFunc("POST /sandbox/fixtures", func(w http.ResponseWriter, r *http.Request) {
		document, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxFixtures))
		if err == nil {
			err = s.LoadFixtures(document)
		}
		if err != nil {
			refuse(w, "load the fixtures", err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

func (s *Sandbox) sendFixtures(w http.ResponseWriter) {
	document, err := s.Fixtures()
	if err != nil {
		Fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(document)
}
