package sandbox

import (
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxDeliveries is how many deliveries one answer has at most.
const maxDeliveries = 1000

// deliveryJSON is a delivery as GET /sandbox/notifications shows it, masked.
type deliveryJSON struct {
	ID      string `json:"id"`
	Gateway string `json:"gateway"`
	Object  string `json:"object"`
	About   string `json:"about"`
	// Address is the one that the next try goes to.
	Address string `json:"address"`
	State   string `json:"state"`
	// Reason is null unless the state is not_sent.
	Reason    any    `json:"reason"`
	CreatedAt string `json:"created_at"`
	// NextTry is null when nothing is sent by itself any more.
	NextTry any         `json:"next_try"`
	Request messageJSON `json:"request"`
	Tries   []Try       `json:"tries"`

	reason string
}

// show masks a delivery.
func (d Delivery) show(address string) deliveryJSON {
	shown := deliveryJSON{
		ID: d.ID, Gateway: d.Gateway, Object: d.Object, About: d.About, Address: maskAddress(address), State: d.State, CreatedAt: d.CreatedAt,
		NextTry: OrNull(d.NextTry), Request: newMessage(canonical(d.Headers), d.Body).show(), Tries: []Try{}, reason: d.Reason,
	}
	if d.State == stateNotSent {
		shown.Reason = reasonsInEnglish.Of(d.Reason)
	}
	hide := d.hideSecrets(address)
	for _, t := range d.Tries {
		t.Address, t.Answer, t.Detail = maskAddress(t.Address), hide.Replace(maskText(t.Answer)), hide.Replace(maskText(t.Detail))
		shown.Tries = append(shown.Tries, t)
	}
	return shown
}

// hideSecrets hides what is secret in what was sent. A shop's page of an error may
// have the whole request.
func (d Delivery) hideSecrets(address string) *strings.Replacer {
	var pairs []string
	hide := func(secret string) {
		if secret != "" {
			pairs = append(pairs, secret, masked)
		}
	}
	for name, value := range d.Headers {
		if secretHeader.MatchString(name) {
			hide(value)
		}
	}
	addresses := []string{address}
	for _, t := range d.Tries {
		addresses = append(addresses, t.Address)
	}
	for _, one := range addresses {
		if parsed, err := url.Parse(one); err == nil && parsed.User != nil {
			password, _ := parsed.User.Password()
			hide(base64.StdEncoding.EncodeToString([]byte(parsed.User.Username() + ":" + password)))
			hide(password)
		}
	}
	return strings.NewReplacer(pairs...)
}

// maskAddress masks what may be secret in an address.
func maskAddress(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return masked
	}
	return maskText(parsed.String())
}

// deliveryFilter picks deliveries. "" is any.
type deliveryFilter struct {
	gateway, state string
	limit          int
}

// readDeliveryFilter reads a query. It refuses what it does not know: a misspelt
// filter would show everything.
func (s *Sandbox) readDeliveryFilter(r *http.Request, limit int) (deliveryFilter, error) {
	f := deliveryFilter{limit: limit}
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
		case "state":
			if f.state = value; !slices.Contains(deliveryStates, value) {
				allowed := Quoted(deliveryStates)
				err = problem{fmt.Errorf("state %q: allowed are %s", value, allowed), Textf("Состояния «%s» нет. Есть %s.", value, allowed)}
			}
		case "limit":
			if f.limit, err = strconv.Atoi(value); err != nil || f.limit < 1 || f.limit > maxDeliveries {
				err = wrongLimit(value, maxDeliveries)
			}
		default:
			err = noSuchFilter(name, "gateway, state, limit")
		}
		if err != nil {
			return f, err
		}
	}
	return f, nil
}

// findDeliveries finds deliveries, newest first, masked.
func (s *Sandbox) findDeliveries(f deliveryFilter) ([]deliveryJSON, error) {
	shown := []deliveryJSON{}
	return shown, s.Transact(func(tx *sql.Tx) error {
		var selected Selection
		if f.gateway != "" {
			selected.Add(`gateway = ?`, f.gateway)
		}
		if f.state != "" {
			selected.Add(`state = ?`, f.state)
		}
		found, err := deliveries.Select(tx, selected.Where()+` ORDER BY number DESC LIMIT ?`, append(selected.Args, f.limit)...)
		if err != nil {
			return err
		}
		for _, d := range found {
			address, _, err := s.destination(tx, d)
			if err != nil {
				return err
			}
			shown = append(shown, d.show(address))
		}
		return nil
	})
}

// notificationRoutes mounts /sandbox/notifications: the deliveries, their replay and
// the addresses, as JSON, and the page with the same.
func (s *Sandbox) notificationRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET "+notificationsPath, s.serveNotifications)
	mux.HandleFunc("POST "+notificationsPath, s.notificationOnPage)
	mux.HandleFunc("POST "+notificationsPath+"/{id}/replay", s.serveReplay)
	mux.HandleFunc("GET "+notificationsPath+"/addresses", func(w http.ResponseWriter, _ *http.Request) { s.sendAddresses(w) })
	mux.HandleFunc("POST "+notificationsPath+"/addresses", func(w http.ResponseWriter, r *http.Request) {
		var addresses map[string]string
		err := decodeStrictly(http.MaxBytesReader(w, r.Body, MaxRequestBody), &addresses)
		if err == nil {
			err = s.SetNotifyAddresses(addresses)
		}
		if err != nil {
			refuse(w, "set the addresses for notifications", err)
			return
		}
		s.sendAddresses(w)
	})
}

func (s *Sandbox) sendAddresses(w http.ResponseWriter) {
	addresses, err := s.NotifyAddresses()
	if err != nil {
		Fail(w, err)
		return
	}
	for gateway, address := range addresses {
		addresses[gateway] = maskAddress(address)
	}
	answerJSON(w, http.StatusOK, addresses)
}

// serveNotifications shows the page to a person, and the deliveries to a program.
func (s *Sandbox) serveNotifications(w http.ResponseWriter, r *http.Request) {
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		s.serveNotificationsPage(w, r)
		return
	}
	f, err := s.readDeliveryFilter(r, 100)
	if err != nil {
		refuse(w, "filter the notifications", err)
		return
	}
	shown, err := s.findDeliveries(f)
	if err != nil {
		Fail(w, err)
		return
	}
	answerJSON(w, http.StatusOK, shown)
}

func (s *Sandbox) serveReplay(w http.ResponseWriter, r *http.Request) {
	d, err := s.Replay(r.PathValue("id"))
	switch {
	case errors.Is(err, ErrNotFound):
		answerJSON(w, http.StatusNotFound, map[string]string{"error": err.Error()})
		return
	case errors.Is(err, ErrNotSent):
		answerJSON(w, http.StatusConflict, map[string]string{"error": err.Error()})
		return
	case err != nil:
		Fail(w, err)
		return
	}
	shown, err := s.showDelivery(d)
	if err != nil {
		Fail(w, err)
		return
	}
	answerJSON(w, http.StatusOK, shown)
}

func (s *Sandbox) showDelivery(d Delivery) (shown deliveryJSON, err error) {
	err = s.Transact(func(tx *sql.Tx) error {
		address, _, err := s.destination(tx, d)
		shown = d.show(address)
		return err
	})
	return shown, err
}
