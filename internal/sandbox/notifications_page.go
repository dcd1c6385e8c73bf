package sandbox

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
)

// notificationsPath is the page of the notifications and, for programs, their list.
const notificationsPath = "/sandbox/notifications"

var stateWords = Words{
	statePending:   "будет отправлено ещё раз",
	stateDelivered: "доставлено",
	stateFailed:    "не доставлено",
	stateNotSent:   "не отправлено",
}

var problemWords = Words{
	problemConnection: "нет связи с магазином",
	problemStatus:     "магазин не принял: статус ответа не 2xx",
	problemAnswer:     "магазин не принял: ответ не тот, который ждёт шлюз",
	"":                "магазин принял",
}

// shownDelivery is a delivery as the page shows it.
type shownDelivery struct {
	deliveryJSON
	StateWord, ReasonWord string
	Tries                 []shownTry
}

type shownTry struct {
	Try
	Outcome string
}

// choice is a choice of a list with a word of its own.
type choice struct {
	option
	Word string
}

// serveNotificationsPage shows what was sent to shops, and what came back.
func (s *Sandbox) serveNotificationsPage(w http.ResponseWriter, r *http.Request) {
	f, err := s.readDeliveryFilter(r, 50)
	var problems []any
	if err != nil {
		problems, f = []any{"Отбор не понят, показано всё.", problemText(err)}, deliveryFilter{limit: 50}
	}
	s.renderNotifications(w, r, http.StatusOK, f, problems...)
}

func (s *Sandbox) renderNotifications(w http.ResponseWriter, r *http.Request, status int, f deliveryFilter, problems ...any) {
	found, err := s.findDeliveries(f)
	if err != nil {
		Fail(w, err)
		return
	}
	addresses, err := s.NotifyAddresses()
	if err != nil {
		Fail(w, err)
		return
	}
	for gateway, address := range addresses {
		addresses[gateway] = maskAddress(address)
	}
	var shown []shownDelivery
	for _, d := range found {
		one := shownDelivery{deliveryJSON: d, StateWord: stateWords.Of(d.State), ReasonWord: reasonWords.Of(d.reason)}
		if d.State == statePending && len(d.Tries) == 0 {
			one.StateWord = "отправляется"
		}
		for _, t := range d.Tries {
			one.Tries = append(one.Tries, shownTry{t, problemWords.Of(t.Problem)})
		}
		shown = append(shown, one)
	}
	var states []choice
	for _, o := range options(f.state, deliveryStates...) {
		states = append(states, choice{o, stateWords.Of(o.Value)})
	}
	shared.Render(w, r, status, "notifications", map[string]any{
		"Title": "Уведомления магазинам", "Problems": problems, "Deliveries": shown, "Addresses": addresses,
		"Gateways": options(f.gateway, s.gatewayNames()...), "States": states, "Limits": options(strconv.Itoa(f.limit), "10", "50", "200"),
	})
}

// notificationOnPage takes the page's forms.
func (s *Sandbox) notificationOnPage(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, MaxRequestBody)
	var err error
	switch action := r.PostFormValue("action"); action {
	case "replay":
		// The page shows why it is not sent.
		if _, err = s.Replay(r.PostFormValue("id")); errors.Is(err, ErrNotSent) {
			err = nil
		}
	case "address":
		gateway := r.PostFormValue("gateway")
		addresses := map[string]string{gateway: strings.TrimSpace(r.PostFormValue("address"))}
		if addresses, err = s.unmaskAddresses(addresses); err != nil {
			break
		}
		if reason := s.outbox.reasonAgainstSetting(addresses[gateway]); reason != "" {
			s.renderNotifications(w, r, http.StatusUnprocessableEntity, deliveryFilter{limit: 50}, reasonWords.Of(reason))
			return
		}
		err = s.SetNotifyAddresses(addresses)
	default:
		s.renderNotifications(w, r, http.StatusUnprocessableEntity, deliveryFilter{limit: 50}, problemText(noSuchAction(action)))
		return
	}
	if err != nil {
		if errors.As(err, new(problem)) {
			s.renderNotifications(w, r, http.StatusUnprocessableEntity, deliveryFilter{limit: 50}, problemText(err))
			return
		}
		RenderMissing(w, r, err, "Уведомление не найдено")
		return
	}
	next := notificationsPath
	if r.URL.RawQuery != "" {
		next += "?" + r.URL.RawQuery
	}
	http.Redirect(w, r, next, http.StatusSeeOther) //nolint:gosec // the page's own path
}
