package sandbox

import (
	"net/http"
	"time"
)

// exchangeJSON is a call as GET /sandbox/requests shows it, masked.
type exchangeJSON struct {
	Number int `json:"number"`
	// At is when the call came in, by the sandbox's clock. Took is real time.
	At        time.Time `json:"at"`
	Took      string    `json:"took"`
	Gateway   string    `json:"gateway"`
	Operation string    `json:"operation"`
	Method    string    `json:"method"`
	URL       string    `json:"url"`
	Host      string    `json:"host"`
	// Authorized, Done, Status, Answered and Fault are those of Request.
	Authorized bool        `json:"authorized"`
	Done       bool        `json:"done"`
	Status     int         `json:"status"`
	Answered   bool        `json:"answered"`
	Fault      FaultKind   `json:"fault"`
	Request    messageJSON `json:"request"`
	Answer     messageJSON `json:"answer"`
	Curl       string      `json:"curl"`
}

// messageJSON is one side of a call. Cut reports whether the body was longer.
type messageJSON struct {
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
	Cut     bool              `json:"cut"`
}

func (m message) show() messageJSON {
	return messageJSON{maskHeaders(m.header), maskText(maskFiles(m.header, m.body, m.isCut)), m.isCut}
}

// journalRoutes mounts /sandbox/requests: GET shows the newest calls first, DELETE
// forgets them.
func (s *Sandbox) journalRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /sandbox/requests", func(w http.ResponseWriter, r *http.Request) {
		f, err := s.readJournalFilter(r, 100)
		if err != nil {
			refuse(w, "filter the journal", err)
			return
		}
		answerJSON(w, http.StatusOK, s.showJournal(f))
	})
	mux.HandleFunc("DELETE /sandbox/requests", func(w http.ResponseWriter, _ *http.Request) {
		s.clearJournal()
		answerJSON(w, http.StatusOK, []exchangeJSON{})
	})
	mux.HandleFunc("GET /sandbox/journal", s.serveJournal)
}

func (s *Sandbox) showJournal(f journalFilter) []exchangeJSON {
	variables := s.Environment("")
	shown := []exchangeJSON{}
	for _, e := range s.find(f) {
		r := e.record
		one := exchangeJSON{
			Number: e.number, At: r.At, Took: e.took.Round(time.Microsecond).String(), Gateway: e.gateway, Operation: r.Operation,
			Method: r.Method, URL: maskText(e.address), Host: e.host,
			Authorized: r.Authorized, Done: r.Done, Status: r.Status, Answered: r.Answered, Fault: r.Fault,
			Request: e.request.show(), Answer: e.answer.show(),
		}
		one.Curl = e.curl(one, variables)
		shown = append(shown, one)
	}
	return shown
}
