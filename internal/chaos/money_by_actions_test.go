//go:build unix

package chaos

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// actionTally counts refunds by action.
type actionTally struct{ once, none, twice, lost, unclear, killed int }

// TestMoneyMovesOnceByActions refunds by the action invoice_refund, with lost answers, errors
// before and after the work, through real servers, and killed in the middle. Each refund is
// carried out at most once, and each of which nobody knows is told.
func TestMoneyMovesOnceByActions(t *testing.T) {
	var mu sync.Mutex
	total := &actionTally{}
	var through []string
	direct := serverKind{name: "no server", faults: everyFault()}
	t.Run("through", func(t *testing.T) {
		for _, server := range append([]serverKind{direct}, servers...) {
			t.Run(server.name, func(t *testing.T) {
				t.Parallel()
				w := newWorkspace(t)
				if server.start != nil {
					w, _ = newWorkspaceBehind(t, server)
				}
				o := &operator{workspace: w, dice: newDice(t), tally: &moneyTally{}}
				o.settings = []string{"INVOICE_REQUEST_TIMEOUT=2s", "INVOICE_MAX_RETRIES=2"}
				count := len(server.faults) * size(2, 20)
				o.makePaidPayments((count + 3) / 4)
				tally := &actionTally{}
				for number := range count {
					o.refundByAction(server.faults[number%len(server.faults)], number, tally)
				}
				mu.Lock()
				defer mu.Unlock()
				through = append(through, server.name)
				for sum, one := range map[*int]int{
					&total.once: tally.once, &total.none: tally.none, &total.twice: tally.twice, &total.lost: tally.lost, &total.unclear: tally.unclear, &total.killed: tally.killed,
				} {
					*sum += one
				}
			})
		}
	})
	slices.Sort(through)
	if total.once <= total.none {
		t.Errorf("%d refunds were made, and %d were not: too few to say anything", total.once, total.none)
	}
	addFigure("%s refunds by action through %s: %d carried out exactly once, %d not at all, %d twice, %d lost without a word (%d with an unknown outcome that was told, %d killed in the middle)",
		thousands(total.once+total.none+total.twice), strings.Join(through, ", "), total.once, total.none, total.twice, total.lost, total.unclear, total.killed)
}

// refundByAction invokes one refund, kills a third of them in the middle, and looks at what the
// gateway has made of it.
func (o *operator) refundByAction(fault sandbox.Fault, number int, tally *actionTally) {
	o.t.Helper()
	name := fmt.Sprintf("money-%04d", number)
	command := o.actionCommand(map[string]string{"payment_id": o.payments[number/4], "amount": strconv.Itoa(100 + number%4), "reason": name})
	fault.Operation = "CreateRefund"
	var isKilled bool
	var output []byte
	if o.dice.IntN(3) == 0 {
		output, isKilled = o.runAndKill(command, o.dice)
	} else {
		o.box.Inject(fault)
		output, _ = command.CombinedOutput()
	}
	o.waitForLateWork()
	o.box.ClearFaults()
	sent := 0
	for _, request := range o.box.Requests("CreateRefund") {
		// A 429 says that nothing was done.
		if strings.Contains(request.Body, name) && request.Status != http.StatusTooManyRequests {
			sent++
		}
	}
	report, made := readReport(output), len(o.atGateway()[name])
	if sent > 1 {
		o.t.Errorf("%s, %s: sent %d times", name, fault.Kind, sent)
	}
	switch {
	case made > 1:
		tally.twice++
		o.t.Errorf("%s, %s: made %d times", name, fault.Kind, made)
	case made == 1:
		tally.once++
	default:
		tally.none++
	}
	switch {
	case report == nil && isKilled:
		tally.killed++
	case report == nil:
		o.t.Errorf("%s, %s: no report: %s", name, fault.Kind, output)
	case len(report.Errors) == 0 && made == 0:
		tally.lost++
		o.t.Errorf("%s, %s: the action succeeded, and nothing was made: %q", name, fault.Kind, report.Progress)
	case len(report.Errors) == 0:
	case strings.Contains(report.Errors[0], mayHaveBeenMade) && strings.Contains(report.Errors[0], lookPaymentUp):
		tally.unclear++
	case made > 0:
		tally.lost++
		o.t.Errorf("%s, %s: made, and the error does not say so: %q", name, fault.Kind, report.Errors)
	}
}

// runAndKill kills the process when the refund arrives at the gateway, before or after its work.
func (o *operator) runAndKill(command *exec.Cmd, dice *rand.Rand) (output []byte, isKilled bool) {
	o.t.Helper()
	var printed bytes.Buffer
	command.Stdout, command.Stderr = &printed, &printed
	afterWork := dice.IntN(2) == 0
	var killed atomic.Bool
	started := make(chan struct{})
	kill := func() {
		<-started
		killed.Store(true)
		_ = command.Process.Kill()
	}
	intercept := interceptor(func(resp http.ResponseWriter, req *http.Request, gateway http.Handler) {
		if !strings.HasSuffix(req.URL.Path, "/CreateRefund") {
			gateway.ServeHTTP(resp, req)
			return
		}
		if !afterWork {
			kill()
		}
		answer := httptest.NewRecorder()
		gateway.ServeHTTP(answer, req)
		if afterWork {
			kill()
		}
		resp.WriteHeader(answer.Code)
		_, _ = answer.Body.WriteTo(resp)
	})
	o.onRequest.Store(&intercept)
	defer o.onRequest.Store(nil)
	check(o.t, command.Start())
	close(started)
	_ = command.Wait()
	return printed.Bytes(), killed.Load()
}
