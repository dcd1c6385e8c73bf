package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The journal keeps the newest calls of the APIs in memory, and a part of bodies
// that are very long. So it never grows, and no secret gets to the disk. It shows
// nothing unmasked.
const (
	maxExchanges   = 1000
	maxJournalBody = 64 << 10
)

// journal has API calls in the order of their arrival. The sandbox's mu guards it.
type journal struct {
	exchanges []*exchange
	last      int
}

// exchange is an API call and its answer.
type exchange struct {
	number          int
	gateway         string
	record          *Request
	address, host   string
	request, answer message
	began           time.Time
	took            time.Duration
}

// message is one side of a call, unmasked.
type message struct {
	header http.Header
	body   string
	isCut  bool
}

func newMessage(header http.Header, body string) message {
	if len(body) <= maxJournalBody {
		return message{header, body, false}
	}
	return message{header, strings.Clone(body[:maxJournalBody]), true}
}

// add adds a call that has just come in.
func (j *journal) add(c *Call, gateway string) *exchange {
	j.last++
	added := &exchange{
		number: j.last, gateway: gateway, record: c.record, address: c.Base + c.RequestURI, host: c.Host,
		request: newMessage(c.Request.Header, c.record.Body), began: time.Now(),
	}
	if len(j.exchanges) == maxExchanges {
		j.exchanges[0] = nil
		j.exchanges = j.exchanges[1:]
	}
	j.exchanges = append(j.exchanges, added)
	return added
}

// keepAnswer keeps the answer to a call, whether it reaches the caller or not. The
// sandbox's mu is held.
func (c *Call) keepAnswer(header http.Header, body string) {
	c.exchange.answer, c.exchange.took = newMessage(header, body), time.Since(c.exchange.began)
}

// gatewayOf is the gateway of a path, and "" if it is none's.
func (s *Sandbox) gatewayOf(path string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if slices.Contains(s.gatewayNames(), name) {
		return name
	}
	return ""
}

func (s *Sandbox) gatewayNames() []string {
	var names []string
	for _, g := range s.gateways {
		names = append(names, g.Name)
	}
	return names
}

// journalFilter picks calls of the journal.
type journalFilter struct {
	// "" is any.
	gateway, operation string
	// status is a status such as 404, a class such as 4xx, "none" for calls that
	// got none, and "" for any.
	status string
	limit  int
}

func (f journalFilter) fits(e *exchange) bool {
	status := strconv.Itoa(e.record.Status)
	if e.record.Status == 0 {
		status = noStatus
	}
	class := status[:1] + "xx"
	return (f.gateway == "" || f.gateway == e.gateway) && (f.operation == "" || f.operation == e.record.Operation) &&
		(f.status == "" || f.status == status || f.status == class)
}

// noStatus stands for the status of a call that got none.
const noStatus = "none"

// find finds calls, newest first. They are copies, which nobody changes any more.
func (s *Sandbox) find(f journalFilter) []exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []exchange
	for _, e := range slices.Backward(s.journal.exchanges) {
		if len(found) == f.limit {
			break
		}
		if f.fits(e) {
			copied, record := *e, *e.record
			copied.record = &record
			found = append(found, copied)
		}
	}
	return found
}

func (s *Sandbox) clearJournal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.journal.exchanges = nil
}

// readJournalFilter reads a query. It refuses what it does not know: a misspelt
// filter would show everything.
func (s *Sandbox) readJournalFilter(r *http.Request, limit int) (journalFilter, error) {
	f := journalFilter{limit: limit}
	for name, values := range r.URL.Query() {
		value := values[len(values)-1]
		if value == "" {
			continue
		}
		var err error
		switch name {
		case "gateway":
			if f.gateway = value; !slices.Contains(s.gatewayNames(), value) {
				err = s.noSuchGateway(value)
			}
		case "operation":
			f.operation = value
		case "status":
			if f.status = value; !isStatusFilter(value) {
				err = problem{
					fmt.Errorf("status %q: want a status such as 404, a class such as 4xx, or %q for calls that got none", value, noStatus),
					Textf("Статус «%s» не подходит. Нужен статус, например 404, класс, например 4xx, или %s, если ответа не было.", value, noStatus),
				}
			}
		case "limit":
			if f.limit, err = strconv.Atoi(value); err != nil || f.limit < 1 || f.limit > maxExchanges {
				err = wrongLimit(value, maxExchanges)
			}
		default:
			err = noSuchFilter(name, "gateway, operation, status, limit")
		}
		if err != nil {
			return f, err
		}
	}
	return f, nil
}

func isStatusFilter(value string) bool {
	if value == noStatus {
		return true
	}
	digits := strings.TrimSuffix(value, "xx")
	number, err := strconv.Atoi(digits)
	if len(value) != 3 || err != nil {
		return false
	}
	return (len(digits) == 1 && number >= 1 && number <= 5) || (number >= 100 && number <= 599)
}
