package remote

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// mixed has an argument of every kind.
var mixed = Table[model, answer]{
	{Name: "order_id", Answer: text("order_id"), IsOpen: true, IsSettledLater: true},
	{Name: "currency", Answer: text("currency")},
	{Name: "terminal_id", Answer: text("terminal_id"), IsForImport: true},
	{Name: "description", Answer: text("description"), IsRewritten: true, IsSettledLater: true},
	{Name: "amount", Answer: func(a *answer) attr.Value { return amountOf((*a)["amount"]) }},
	{Name: "cart", Answer: func(a *answer) attr.Value { return cartOf((*a)["cart"]) }, IsOpen: true},
	{Name: "secret", Answer: text("secret"), IsSensitive: true},
	sent[0],
}

func amountOf(text string) attributes.Decimal {
	if text == "" {
		return attributes.NullDecimal()
	}
	return attributes.NewDecimal(text)
}

func cartOf(text string) types.List {
	if text == "" {
		return types.ListNull(types.StringType)
	}
	return types.ListValueMust(types.StringType, []attr.Value{types.StringValue(text)})
}

// words are what the arguments may be, and what the gateway may make of them. It writes amounts in
// one way only.
var words = map[string]struct{ applied, answered []string }{
	"order_id":    {[]string{"", "7", "007", "8"}, []string{"", "7", "007", "8"}},
	"currency":    {[]string{"RUB", "USD"}, []string{"", "RUB", "RUR", "USD"}},
	"terminal_id": {[]string{"45"}, []string{"", "0045"}},
	"description": {[]string{"", "d", "e"}, []string{"", "d", "d, филиал №7", "D"}},
	"amount":      {[]string{"1000", "1000.0", "1000.00"}, []string{"", "1000.00", "1.00", "5.00"}},
	"cart":        {[]string{"", "a", "b"}, []string{"", "a", "b"}},
	"secret":      {[]string{"", "hidden"}, []string{"", "hidden", "hidden too"}},
	"sent":        {[]string{"", "true", "false"}, []string{"", "true", "false"}},
}

// scene is one object in the state, twice: with its memory as it is stored, and with the whole one
// as a reference.
type scene struct {
	*testing.T
	*rand.Rand

	state, wantState model
	stored           oldPrivate
	want             Memory
	answer           answer // the last one
	steps            []string
}

func (s *scene) pick(from []string) string { return from[s.IntN(len(from))] }

// configuration is what may be applied.
func (s *scene) configuration() model {
	pick := func(name string) string { return s.pick(words[name].applied) }
	m := model{
		OrderID: attributes.StringOrNull(pick("order_id")), Currency: types.StringValue(pick("currency")), TerminalID: types.StringValue(pick("terminal_id")),
		Description: attributes.StringOrNull(pick("description")), Amount: amountOf(pick("amount")), Cart: cartOf(pick("cart")), Secret: attributes.StringOrNull(pick("secret")),
	}
	if send := pick("sent"); send != "" {
		m.Sent = types.BoolValue(send == "true")
	}
	return m
}

// nextAnswer mostly repeats the last one, or what was applied.
func (s *scene) nextAnswer() *answer {
	next := answer{}
	for _, argument := range mixed {
		name := argument.Name
		switch s.IntN(4) {
		case 0:
			next[name] = s.pick(words[name].answered)
		case 1:
			next[name] = s.answer[name]
		default:
			if next[name] = strings.Trim(textOf(argument.valueIn(&s.wantState)), `[]"`); strings.HasPrefix(next[name], "1000") {
				next[name] = "1000.00"
			}
		}
	}
	s.answer = next
	return &next
}

// refreshed is what the framework makes of a refreshed state: the value before stays where the two
// are equal amounts.
func refreshed(before, after model) model {
	if !before.Amount.IsNull() && !after.Amount.IsNull() && attributes.EqualDecimals(before.Amount.ValueString(), after.Amount.ValueString()) {
		after.Amount = before.Amount
	}
	return after
}

// step does the same with both memories, and compares what comes of it.
func (s *scene) step(name string, replacement *model, do func(m *model, known *Memory) []Drift) {
	s.steps = append(s.steps, name)
	before, known := s.state, mixed.Read(s.Context(), &s.state, s.stored)
	drifts, wantDrifts := do(&s.state, &known), do(&s.wantState, &s.want)
	if replacement != nil {
		s.state, s.wantState = *replacement, *replacement
	}
	mixed.Write(s.Context(), &s.state, known, s.stored)
	if replacement == nil {
		s.state, s.wantState = refreshed(before, s.state), refreshed(before, s.wantState)
	}
	if !reflect.DeepEqual(drifts, wantDrifts) {
		s.Fatalf("%v: drifts %v, want %v", s.steps, drifts, wantDrifts)
	}
	s.compare()
}

func (s *scene) compare() {
	s.Helper()
	if !reflect.DeepEqual(s.state, s.wantState) {
		s.Fatalf("%v: the state is %+v, want %+v", s.steps, s.state, s.wantState)
	}
	known := mixed.Read(s.Context(), &s.state, s.stored)
	if known.Marks != s.want.Marks || known.Marks != ReadMarks(s.Context(), s.stored) {
		s.Fatalf("%v: the marks are %+v, want %+v", s.steps, known.Marks, s.want.Marks)
	}
	for _, argument := range mixed.compared() {
		name, current := argument.Name, textOf(argument.valueIn(&s.state))
		answer, isAnswered := known.Answers[name]
		wantAnswer, wantAnswered := s.want.Answers[name]
		if answer != wantAnswer || isAnswered != wantAnswered || known.applied(name, current) != s.want.applied(name, current) {
			s.Fatalf("%v: of %s %q: %+v, want %+v, from %v", s.steps, name, current, known, s.want, s.stored)
		}
	}
	if strings.Contains(fmt.Sprint(s.stored), "hidden") {
		s.Fatalf("%v: what is sensitive is stored: %v", s.steps, s.stored)
	}
}

// play takes one step that a resource may take with its memory.
func (s *scene) play() {
	switch s.IntN(10) {
	case 0:
		created, answer := s.configuration(), s.nextAnswer()
		s.step("create", &created, func(_ *model, known *Memory) []Drift {
			*known = Memory{Marks: Marks{Unread: true}}
			mixed.Remember(answer, known)
			return nil
		})
	case 1:
		answer := s.nextAnswer()
		var imported model
		mixed.Import(&imported, answer)
		s.step("import", &imported, func(_ *model, known *Memory) []Drift {
			*known = Memory{Marks: Marks{Imported: true}}
			mixed.Remember(answer, known)
			return nil
		})
	case 2, 3:
		plan := s.configuration()
		s.step("update", &plan, func(m *model, known *Memory) []Drift {
			mixed.Apply(m, known)
			known.Imported, known.Unread = false, s.want.Unread || plan.Sent.ValueBool()
			return nil
		})
	case 4:
		answer := s.nextAnswer()
		s.step("read of a paid one", nil, func(m *model, known *Memory) []Drift { return mixed.Drifts(m, answer, known) })
	case 5:
		answer := s.nextAnswer()
		s.step("read of a payout", nil, func(m *model, known *Memory) []Drift { return mixed.DriftsOnce(m, answer, known) })
	case 6:
		s.step("not sent", nil, func(_ *model, known *Memory) []Drift { known.Note("sent", "true"); return nil })
	case 7:
		s.another()
	default:
		answer := s.nextAnswer()
		s.step("read", nil, func(m *model, known *Memory) []Drift {
			mixed.Refresh(m, answer, known)
			known.Unpayable = (*answer)["description"] == "D"
			return nil
		})
	}
}

// another changes only the private data: Terraform loses those of a tainted object whose destroy
// fails, and the version before this one wrote all answers.
func (s *scene) another() {
	s.stored = oldPrivate{}
	if s.IntN(2) == 0 {
		s.steps, s.want = append(s.steps, "lost"), Memory{}
	} else {
		s.steps = append(s.steps, "older")
		whole, err := json.Marshal(struct {
			Answers   map[string]string `json:"answers,omitempty"`
			Applied   map[string]string `json:"applied,omitempty"`
			Imported  bool              `json:"imported,omitempty"`
			Unread    bool              `json:"unread,omitempty"`
			Unpayable bool              `json:"unpayable,omitempty"`
		}{s.want.Answers, s.want.Applied, s.want.Imported, s.want.Unread, s.want.Unpayable})
		if err != nil {
			s.Fatal(err)
		}
		s.stored["remote"] = string(whole)
	}
	s.compare()
}

// What is stored is as good as the whole memory: in every state that follows, the values, the
// drifts and the memory are the same.
func TestStoredMemoryIsAsGoodAsTheWhole(t *testing.T) {
	t.Parallel()
	for seed := range uint64(800) {
		s := &scene{T: t, Rand: rand.New(rand.NewPCG(seed, 0)), stored: oldPrivate{}, answer: answer{}}
		s.wantState = s.configuration()
		s.state = s.wantState
		for range 15 {
			s.play()
		}
	}
}

func TestOnlyDifferencesAreStored(t *testing.T) {
	t.Parallel()
	applied := model{Currency: types.StringValue("RUB"), Description: types.StringValue("d"), Amount: amountOf("1000.00"), Secret: types.StringValue("hidden")}
	as := func(changed ...string) *answer {
		all := answer{"currency": "RUB", "description": "d", "amount": "1000.00", "secret": "hidden too"}
		for i := 0; i < len(changed); i += 2 {
			all[changed[i]] = changed[i+1]
		}
		return &all
	}
	for name, test := range map[string]struct {
		known        Memory
		first, later *answer
		want         string
	}{
		"as applied":                   {Memory{}, as(), nil, `{}`},
		"as applied, not read yet":     {Memory{Marks: Marks{Unread: true}}, as(), nil, `{"u":true}`},
		"rewritten":                    {Memory{}, as("description", "d, филиал №7"), nil, `{"a":{"description":"d, филиал №7"}}`},
		"left out":                     {Memory{}, as("amount", ""), nil, `{"a":{"amount":""}}`},
		"chosen by the gateway":        {Memory{}, as("cart", "a"), nil, `{"a":{"cart":"[\"a\"]"}}`},
		"never answered":               {Memory{}, nil, nil, `{"n":["currency","description","amount"]}`},
		"drifted":                      {Memory{}, as(), as("amount", "1.00"), `{"p":{"amount":"1000.00"}}`},
		"rewritten, and drifted since": {Memory{}, as("description", "D"), as("description", "E"), `{"a":{"description":"D"},"p":{"description":"d"}}`},
	} {
		m, data := applied, oldPrivate{}
		if test.first != nil {
			mixed.Remember(test.first, &test.known)
		}
		if test.later != nil {
			mixed.Refresh(&m, test.later, &test.known)
		}
		mixed.Write(t.Context(), &m, test.known, data)
		if got := data[privateKey]; got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// An argument that was left out leaves nothing behind, before and after the first read.
func TestNothingIsStoredOfWhatWasLeftOut(t *testing.T) {
	t.Parallel()
	m := model{Currency: types.StringValue("RUB"), Amount: amountOf("1000.00")}
	known, data, same := Memory{Marks: Marks{Unread: true}}, oldPrivate{}, &answer{"currency": "RUB", "amount": "1000.00"}
	mixed.Remember(same, &known)
	for _, want := range []string{`{"u":true}`, `{}`, `{}`} {
		mixed.Write(t.Context(), &m, known, data)
		if got := data[privateKey]; got != want {
			t.Errorf("%s is stored, want %s", got, want)
		}
		known = mixed.Read(t.Context(), &m, data)
		mixed.Refresh(&m, same, &known)
	}
}
