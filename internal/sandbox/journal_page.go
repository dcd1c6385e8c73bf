package sandbox

import (
	"net/http"
	"slices"
	"strconv"
)

// maxPageBody is how much of a body the journal's page shows.
const maxPageBody = 4 << 10

// serveJournal shows the journal to a person, with the filters of
// /sandbox/requests.
func (s *Sandbox) serveJournal(w http.ResponseWriter, r *http.Request) {
	f, err := s.readJournalFilter(r, 50)
	var why any
	if err != nil {
		why = problemText(err)
		f = journalFilter{limit: 50}
	}
	var calls []map[string]any
	for _, e := range s.showJournal(f) {
		calls = append(calls, map[string]any{
			"Call": e, "Status": statusOf(e),
			"Request": shorten(e.Request), "Answer": shorten(e.Answer),
		})
	}
	operations := slices.Compact(slices.Sorted(slices.Values(s.operations)))
	allowOwnScript(w)
	shared.Render(w, r, http.StatusOK, "journal", map[string]any{
		"Title": "Журнал вызовов", "Problem": why, "Calls": calls, "Max": maxExchanges,
		"Gateways": options(f.gateway, s.gatewayNames()...), "Operations": options(f.operation, operations...),
		"Statuses": options(f.status, "2xx", "3xx", "4xx", "5xx", noStatus), "Limits": options(strconv.Itoa(f.limit), "10", "50", "200"),
	})
}

// statusOf is the status that a caller has seen, and "" if it has got no answer.
func statusOf(e exchangeJSON) string {
	if e.Answered {
		return strconv.Itoa(e.Status)
	}
	return ""
}

func shorten(m messageJSON) messageJSON {
	if len(m.Body) > maxPageBody {
		m.Body, m.Cut = m.Body[:maxPageBody], true
	}
	return m
}

// option is a choice of a list on a page.
type option struct {
	Value    string
	Selected bool
}

// options are choices. The one in force is among them, even if it is none of
// those that are offered.
func options(selected string, values ...string) []option {
	if selected != "" && !slices.Contains(values, selected) {
		values = append(slices.Clone(values), selected)
	}
	var all []option
	for _, value := range values {
		all = append(all, option{value, value == selected})
	}
	return all
}
