package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

var faultWords = Words{
	string(FaultLostAnswer):  "потерять ответ",
	string(FaultHalfBody):    "отдать половину ответа",
	string(FaultCut):         "разорвать соединение до работы",
	string(FaultStatus):      "ответить ошибкой вместо работы",
	string(FaultStatusAfter): "сделать работу и ответить ошибкой",
	string(FaultHTML):        "отдать HTML вместо работы",
	string(FaultHTMLAfter):   "сделать работу и отдать HTML",
	string(FaultDelay):       "ответить позже",
	string(FaultLate):        "сделать работу позже",
	string(FaultDecline):     "отклонить оплату на странице",
}

// serveControls shows what misbehaves and what time it is, with buttons.
func (s *Sandbox) serveControls(w http.ResponseWriter, r *http.Request) {
	s.renderControls(w, r, http.StatusOK, nil)
}

func (s *Sandbox) renderControls(w http.ResponseWriter, r *http.Request, status int, problem any) {
	shared.Render(w, r, status, "controls", map[string]any{
		"Title": "Неисправности и часы", "Problem": problem, "Faults": s.shownFaults(),
		"Payments": options("", s.payments()...), "Operations": options("", slices.Compact(slices.Sorted(slices.Values(s.operations)))...),
		"Now": s.Now(), "Advanced": durationText(s.advanced()),
	})
}

// shownFault is a fault as the page shows it.
type shownFault struct {
	Number          int
	What, Operation string
	// Left says how often it still hits.
	Left Text
}

func (s *Sandbox) shownFaults() []shownFault {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []shownFault
	for _, f := range s.faults {
		left := Textf("пока не убрать")
		if f.Times > 0 {
			left = Textf("ещё %d", f.Times-f.hit)
		}
		if f.Every > 1 {
			left = Textf("%s, через %d", left, f.Every)
		}
		all = append(all, shownFault{f.number, faultWords.Of(string(f.Kind)), f.Operation, left})
	}
	return all
}

// controlOnPage takes the page's forms.
func (s *Sandbox) controlOnPage(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, MaxRequestBody)
	if err := s.control(r); err != nil {
		s.renderControls(w, r, http.StatusUnprocessableEntity, problemText(err))
		return
	}
	http.Redirect(w, r, "/sandbox/controls", http.StatusSeeOther)
}

func (s *Sandbox) control(r *http.Request) error {
	switch action := r.PostFormValue("action"); action {
	case string(FaultDecline), string(FaultLostAnswer):
		fault := Fault{Kind: FaultKind(action), Operation: r.PostFormValue("operation"), Times: 1}
		if err := s.validate(fault); err != nil {
			return err
		}
		s.Inject(fault)
		return nil
	case "remove":
		number, err := strconv.Atoi(r.PostFormValue("number"))
		if err != nil {
			return problem{err, Textf("Какую неисправность убрать, не указано.")}
		}
		s.removeFault(number)
		return nil
	case "advance":
		d, err := time.ParseDuration(r.PostFormValue("by"))
		if err != nil {
			return problem{err, Textf("На сколько перевести часы, не понять. Нужна длительность, например 25h.")}
		}
		return s.moveClock(func(time.Time) time.Duration { return d })
	case "reset":
		return s.Reset()
	default:
		return noSuchAction(action)
	}
}
