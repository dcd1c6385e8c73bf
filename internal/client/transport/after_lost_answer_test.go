package transport

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// object is what the scripts create.
type object struct{ name string }

var (
	ours    = &object{"ours"}
	foreign = &object{"foreign"}

	errLost    = &Error{Operation: "Create", Cause: errors.New("lost"), Outcome: Unclear, UnderWay: true}
	errLate    = &Error{Operation: "Create", Cause: errors.New("late"), Outcome: Unclear, UnderWay: true, TimedOut: true}
	errRefused = &Error{Operation: "Create", Code: "7", Text: "taken", Outcome: Refused}
	errBusy    = &Error{Operation: "Create", Status: 429, Outcome: NotDone}
	errDown    = &Error{Operation: "Find", Status: 500, Outcome: Unclear}
	errNoFind  = &Error{Operation: "Find", Code: "0", Outcome: Refused}
	errForeign = errors.New("name: ours is wanted")
)

// result is the result of one step of a script.
type result struct {
	object *object
	err    error
}

// script plays the gateway. It has the results of the creations and of the look-ups, in their
// order, of which the last one repeats. It lists what was called.
type script struct {
	creates, finds []result
	find           func() result // used instead of finds
	steps          []string
	after          func(step string)
}

func (s *script) next(step string, results []result) (*object, error) {
	n := 0
	for _, one := range s.steps {
		if one == step {
			n++
		}
	}
	s.steps = append(s.steps, step)
	if s.after != nil {
		s.after(step)
	}
	if len(results) == 0 {
		return nil, fmt.Errorf("%s is not in the script", step)
	}
	r := results[min(n, len(results)-1)]
	return r.object, r.err
}

func (s *script) run(ctx context.Context, config Config) (*object, error) {
	return CreateByKey(ctx, New(config), "Make with a key",
		func(context.Context) (*object, error) { return s.next("create", s.creates) },
		func(context.Context) (*object, error) {
			if s.find != nil {
				s.finds = []result{s.find()}
			}
			return s.next("find", s.finds)
		},
		func(found *object) error {
			if found != ours {
				return errForeign
			}
			return nil
		})
}

func TestCreateByKey(t *testing.T) {
	lost, refused, absent := result{err: errLost}, result{err: errRefused}, result{}
	tests := []struct {
		name           string
		creates, finds []result
		steps          string
		want           *object
		is             []error // errors inside the error
		outcome        Outcome
	}{
		{name: "success", creates: []result{{object: ours}}, steps: "create", want: ours},
		{name: "unclear, found and ours: adopted", creates: []result{lost}, finds: []result{{object: ours}}, steps: "create find", want: ours},
		{
			name: "unclear, found and not ours: error", creates: []result{lost}, finds: []result{{object: foreign}},
			steps: "create find", is: []error{errLost, errForeign}, outcome: Unclear,
		},
		{
			name: "unclear, absent: repeated", creates: []result{lost, {object: ours}}, finds: []result{absent},
			steps: "create find create", want: ours,
		},
		{
			name: "unclear, absent, unclear, found: adopted", creates: []result{lost}, finds: []result{absent, {object: ours}},
			steps: "create find create find", want: ours,
		},
		{
			name: "unclear, absent for ever: unclear", creates: []result{lost}, finds: []result{absent},
			steps: "create find create find create find", outcome: Unclear, is: []error{errLost.Cause},
		},
		{
			// The first object may still come, and another would be a second one.
			name: "timed out, absent: not repeated", creates: []result{{err: errLate}}, finds: []result{absent},
			steps: "create find", outcome: Unclear, is: []error{errLate.Cause},
		},
		{name: "timed out, found and ours: adopted", creates: []result{{err: errLate}}, finds: []result{{object: ours}}, steps: "create find", want: ours},
		{
			name: "unclear, absent, timed out, absent: not repeated", creates: []result{lost, {err: errLate}}, finds: []result{absent},
			steps: "create find create find", outcome: Unclear, is: []error{errLate.Cause},
		},
		{
			name: "unclear, the look-up fails: unclear", creates: []result{lost}, finds: []result{{err: errDown}},
			steps: "create find", is: []error{errLost.Cause, errDown}, outcome: Unclear,
		},
		{
			name: "unclear, the look-up is refused: unclear", creates: []result{lost}, finds: []result{{err: errNoFind}},
			steps: "create find", is: []error{errLost.Cause, errNoFind}, outcome: Unclear,
		},
		{
			// A look-up that returns both has not said that the object exists.
			name: "unclear, the look-up contradicts itself: unclear", creates: []result{lost}, finds: []result{{ours, errDown}},
			steps: "create find", is: []error{errDown}, outcome: Unclear,
		},
		{name: "refused: no look-up", creates: []result{refused}, steps: "create", is: []error{errRefused}, outcome: Refused},
		{name: "not done: no look-up", creates: []result{{err: errBusy}}, steps: "create", is: []error{errBusy}, outcome: NotDone},
		{
			name: "unclear, absent, not done, still absent: unclear", creates: []result{lost, {err: errBusy}}, finds: []result{absent},
			steps: "create find create find", outcome: Unclear,
		},
		{
			name: "unclear, absent, not done, but the first one came: adopted", creates: []result{lost, {err: errBusy}}, finds: []result{absent, {object: ours}},
			steps: "create find create find", want: ours,
		},
		{
			name: "late twin, ours: adopted", creates: []result{lost, refused}, finds: []result{absent, {object: ours}},
			steps: "create find create find", want: ours,
		},
		{
			name: "late twin, not ours: unclear", creates: []result{lost, refused}, finds: []result{absent, {object: foreign}},
			steps: "create find create find", is: []error{errForeign}, outcome: Unclear,
		},
		{
			// The look-up may be behind, and the refusal may be about the first attempt.
			name: "refused after an absence, still absent: unclear", creates: []result{lost, refused}, finds: []result{absent},
			steps: "create find create find", outcome: Unclear,
		},
		{
			// The refusal may mean that the first attempt arrived. Nobody knows.
			name: "late twin, the look-up fails: unclear", creates: []result{lost, refused}, finds: []result{absent, {err: errDown}},
			steps: "create find create find", is: []error{errDown}, outcome: Unclear,
		},
		{
			name: "an error of no known kind is unclear", creates: []result{{err: errors.New("odd")}}, finds: []result{{object: ours}},
			steps: "create find", want: ours,
		},
		{
			name: "an error of no known kind stays unclear", creates: []result{{err: errForeign}}, finds: []result{absent},
			steps: "create find create find create find", is: []error{errForeign}, outcome: Unclear,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := &script{creates: test.creates, finds: test.finds}
			got, err := s.run(t.Context(), quick(2))
			if steps := strings.Join(s.steps, " "); steps != test.steps {
				t.Errorf("steps: %s; want: %s", steps, test.steps)
			}
			if got != test.want || (err == nil) != (test.want != nil) {
				t.Fatalf("got %+v, %v", got, err)
			}
			for _, inside := range test.is {
				if !errors.Is(err, inside) {
					t.Errorf("%v is not in %v", inside, err)
				}
			}
			if err != nil && OutcomeOf(err) != test.outcome {
				t.Errorf("outcome %d, want %d (%v)", OutcomeOf(err), test.outcome, err)
			}
		})
	}
	if errLost.Outcome != Unclear || errRefused.Outcome != Refused {
		t.Error("an error of the caller was changed in place")
	}
}

func TestCreateByKeyTellsWhatItTried(t *testing.T) {
	s := &script{creates: []result{{err: errLost}}, finds: []result{{object: foreign}}}
	_, err := s.run(t.Context(), quick(2))
	wantContains(t, err.Error(), "lost; under its key there is another object: name: ours is wanted")

	s = &script{creates: []result{{err: errLost}}, finds: []result{{err: errDown}}}
	_, err = s.run(t.Context(), quick(2))
	wantContains(t, err.Error(), "lost; looking it up by its key did not settle it: ", "HTTP 500")

	s = &script{creates: []result{{err: errLost}}, finds: []result{{}}}
	_, err = s.run(t.Context(), quick(0))
	wantContains(t, err.Error(), "lost; it was looked up by its key and is not there")

	s = &script{creates: []result{{err: errLate}}, finds: []result{{}}}
	_, err = s.run(t.Context(), quick(2))
	wantContains(t, err.Error(), "late; it was looked up by its key and is not there, but it may still come")
}

func TestCreateByKeyWithoutRepetitions(t *testing.T) {
	s := &script{creates: []result{{err: errLost}}, finds: []result{{}}}
	_, err := s.run(t.Context(), quick(0))
	if steps := strings.Join(s.steps, " "); steps != "create find" || err == nil || OutcomeOf(err) != Unclear {
		t.Errorf("steps: %s; %v", steps, err)
	}
}

func TestCreateByKeySendsNothingOnceCancelled(t *testing.T) {
	tests := []struct {
		name    string
		creates []result
		finds   []result
		at      int // the number of steps before the cancellation
		pause   time.Duration
		steps   string
		want    *object
		outcome Outcome
	}{
		{name: "during create", creates: []result{{err: errLost}}, at: 1, steps: "create", outcome: Unclear},
		{name: "during a create that succeeded", creates: []result{{object: ours}}, at: 1, steps: "create", want: ours},
		{name: "in the pause", creates: []result{{err: errLost}}, pause: time.Minute, steps: "create", outcome: Unclear},
		{name: "during a late refusal", creates: []result{{err: errLost}, {err: errRefused}}, finds: []result{{}}, at: 3, steps: "create find create", outcome: Unclear},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			s := &script{creates: test.creates, finds: test.finds}
			s.after = func(string) {
				if len(s.steps) == test.at {
					cancel()
				}
			}
			config := quick(3)
			if test.pause > 0 {
				config.WaitMin, config.WaitMax = test.pause, test.pause
				time.AfterFunc(50*time.Millisecond, cancel)
			}
			started := time.Now()
			got, err := s.run(ctx, config)
			if took := time.Since(started); took > time.Second {
				t.Errorf("it took %s", took)
			}
			if steps := strings.Join(s.steps, " "); steps != test.steps {
				t.Errorf("steps: %s; want: %s", steps, test.steps)
			}
			if got != test.want || err != nil && OutcomeOf(err) != test.outcome {
				t.Errorf("%+v, %v, outcome %d", got, err, OutcomeOf(err))
			}
		})
	}
}

func TestWaitingForALockHasSentNothing(t *testing.T) {
	c := New(quick(0))
	unlock, err := c.Lock(t.Context(), "Make", "a")
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer stop()
	_, err = c.Lock(ctx, "Make", "a")
	if !errors.Is(err, context.DeadlineExceeded) || OutcomeOf(err) != NotDone {
		t.Errorf("%v", err)
	}
	wantContains(t, err.Error(), "Test gateway, Make: ")
}
