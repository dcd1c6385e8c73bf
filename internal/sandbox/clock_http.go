package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// clockJSON is what POST /sandbox/clock takes: one of the two.
type clockJSON struct {
	// Advance is a duration such as "25h".
	Advance *string `json:"advance"`
	// Set is a time (RFC 3339).
	Set *time.Time `json:"set"`
}

// clockRoutes mounts /sandbox/clock: GET shows the clock, POST moves it on.
func (s *Sandbox) clockRoutes(mux *http.ServeMux) {
	show := func(w http.ResponseWriter) {
		answerJSON(w, http.StatusOK, map[string]string{"now": s.Now().UTC().Format(time.RFC3339Nano), "advanced": s.advanced().String()})
	}
	mux.HandleFunc("GET /sandbox/clock", func(w http.ResponseWriter, _ *http.Request) { show(w) })
	mux.HandleFunc("POST /sandbox/clock", func(w http.ResponseWriter, r *http.Request) {
		var sent clockJSON
		if err := decodeStrictly(http.MaxBytesReader(w, r.Body, MaxRequestBody), &sent); err != nil {
			refuse(w, "read the clock", err)
			return
		}
		by, err := sent.movement()
		if err == nil {
			err = s.moveClock(by)
		}
		if err != nil {
			refuse(w, "set the clock", err)
			return
		}
		show(w)
	})
}

func (c clockJSON) movement() (by func(now time.Time) time.Duration, err error) {
	switch {
	case (c.Advance == nil) == (c.Set == nil):
		return nil, errors.New(`want {"advance":"25h"} or {"set":"2026-12-31T23:59:59+03:00"}`)
	case c.Set != nil:
		return func(now time.Time) time.Duration { return c.Set.Sub(now) }, nil
	}
	d, err := time.ParseDuration(*c.Advance)
	return func(time.Time) time.Duration { return d }, err
}

// decodeStrictly reads one JSON document. What it does not know is an error: what
// silently does less would let a test pass for the wrong reason.
func decodeStrictly(body io.Reader, into any) error {
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if rest, err := io.ReadAll(io.MultiReader(decoder.Buffered(), body)); err != nil || len(bytes.TrimSpace(rest)) > 0 {
		return errors.New("something follows the document")
	}
	return nil
}

// refuse answers a call below /sandbox/ that was wrong.
func refuse(w http.ResponseWriter, what string, err error) {
	answerJSON(w, http.StatusBadRequest, map[string]string{"error": fmt.Sprintf("%s: %v", what, err)})
}

// date lets answers carry the sandbox's time. Clients judge by it what has expired.
func (s *Sandbox) date(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", s.Now().UTC().Format(http.TimeFormat))
		next.ServeHTTP(w, r)
	})
}
