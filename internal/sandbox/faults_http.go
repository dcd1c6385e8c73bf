package sandbox

import (
	"fmt"
	"io"
	"net/http"
	"time"
)

// faultJSON is a Fault as /sandbox/faults shows it: with snake_case names and
// the delay as a duration such as "1.5s".
type faultJSON struct {
	Operation  string    `json:"operation"`
	Kind       FaultKind `json:"kind"`
	Times      int       `json:"times"`
	Every      int       `json:"every"`
	Delay      string    `json:"delay"`
	Status     int       `json:"status"`
	RetryAfter string    `json:"retry_after"`
}

// faultRoutes mounts /sandbox/faults: POST injects one fault, GET lists those
// in force, DELETE clears them.
func (s *Sandbox) faultRoutes(mux *http.ServeMux) {
	list := func(w http.ResponseWriter) {
		shown := []faultJSON{}
		for _, f := range s.Faults() {
			shown = append(shown, faultJSON{f.Operation, f.Kind, f.Times, f.Every, f.Delay.String(), f.Status, f.RetryAfter})
		}
		answerJSON(w, http.StatusOK, shown)
	}
	mux.HandleFunc("GET /sandbox/faults", func(w http.ResponseWriter, _ *http.Request) { list(w) })
	mux.HandleFunc("DELETE /sandbox/faults", func(w http.ResponseWriter, _ *http.Request) {
		s.ClearFaults()
		list(w)
	})
	mux.HandleFunc("POST /sandbox/faults", func(w http.ResponseWriter, r *http.Request) {
		fault, err := decodeFault(http.MaxBytesReader(w, r.Body, MaxRequestBody))
		if err == nil {
			err = s.validate(fault)
		}
		if err != nil {
			refuse(w, "inject the fault", err)
			return
		}
		s.Inject(fault)
		list(w)
	})
}

// decodeFault reads the body of POST /sandbox/faults.
func decodeFault(body io.Reader) (Fault, error) {
	var sent faultJSON
	if err := decodeStrictly(body, &sent); err != nil {
		return Fault{}, err
	}
	fault := Fault{
		Operation: sent.Operation, Kind: sent.Kind, Times: sent.Times, Every: sent.Every,
		Status: sent.Status, RetryAfter: sent.RetryAfter,
	}
	if sent.Delay != "" {
		delay, err := time.ParseDuration(sent.Delay)
		if err != nil {
			return Fault{}, fmt.Errorf("delay: %w", err)
		}
		fault.Delay = delay
	}
	return fault, nil
}
