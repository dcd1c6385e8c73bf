//go:build unix

package chaos

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// victims are the processes that SIGKILL can hit.
var victims = []string{"the CLI", "the provider", "both"}

// applyAndKill starts an apply, and kills it when a request arrives at the gateway,
// before or after its work is done. An apply that ends before is not killed. It returns
// what was killed, and when.
func (w *workspace) applyAndKill(dice *rand.Rand, requests int) (kill string) {
	w.t.Helper()
	victim, nth := victims[dice.IntN(len(victims))], 1+dice.IntN(requests)
	afterWork, pause := dice.IntN(2) == 0, time.Duration(dice.IntN(20))*time.Millisecond

	command := w.command("apply", "-auto-approve", "-json")
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var seen atomic.Int64
	var killed atomic.Bool
	started := make(chan struct{})
	killVictim := func() {
		<-started
		time.Sleep(pause)
		killed.Store(true)
		switch victim {
		case "the CLI":
			_ = command.Process.Kill()
		case "the provider":
			killChildren(command.Process.Pid)
		default:
			_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
		}
	}
	intercept := interceptor(func(resp http.ResponseWriter, req *http.Request, gateway http.Handler) {
		if seen.Add(1) != int64(nth) {
			gateway.ServeHTTP(resp, req)
			return
		}
		if !afterWork {
			killVictim()
		}
		answer := httptest.NewRecorder()
		gateway.ServeHTTP(answer, req)
		if afterWork {
			killVictim()
		}
		resp.WriteHeader(answer.Code)
		_, _ = answer.Body.WriteTo(resp)
	})
	w.onRequest.Store(&intercept)
	check(w.t, command.Start())
	close(started)
	_ = command.Wait()
	// A provider whose CLI was killed goes on for a while.
	_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
	w.onRequest.Store(nil)
	when := "before"
	if afterWork {
		when = "after"
	}
	if !killed.Load() {
		return "nobody"
	}
	return fmt.Sprintf("%s, %s the work of request %d", victim, when, nth)
}

// killChildren kills what a process has started.
func killChildren(parent int) {
	if files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", parent)); err == nil && len(files) > 0 {
		for _, file := range files {
			children, err := os.ReadFile(file)
			if err != nil {
				continue
			}
			for _, child := range strings.Fields(string(children)) {
				if pid, err := strconv.Atoi(child); err == nil {
					_ = syscall.Kill(pid, syscall.SIGKILL)
				}
			}
		}
		return
	}
	// There is no /proc, such as on macOS.
	_ = exec.Command("pkill", "-KILL", "-P", strconv.Itoa(parent)).Run()
}

// removeTornState removes a state that the CLI had written in part when it was killed,
// and now refuses to read. All that it knew is lost. It reports whether there was one.
func (w *workspace) removeTornState() (isTorn bool) {
	w.t.Helper()
	file := filepath.Join(w.dir, "terraform.tfstate")
	state, err := os.ReadFile(file)
	if err != nil || len(state) == 0 || json.Valid(state) {
		return false
	}
	check(w.t, os.Remove(file))
	return true
}

// TestKilledRuns kills runs, some of them twice, and repeats them.
func TestKilledRuns(t *testing.T) {
	runs, count := size(4, 100), size(20, 50)
	var mu sync.Mutex
	doubles, lost, done, torn, kills := 0, 0, 0, 0, map[string]int{}
	t.Run("run", func(t *testing.T) {
		for run := range runs {
			t.Run(strconv.Itoa(run), func(t *testing.T) {
				t.Parallel()
				w, dice := newWorkspace(t), newDice(t)
				w.network.addToxic(answers, "latency", 1, map[string]any{"latency": 5, "jitter": 5})
				w.write(linksConfig(count, "order-${count.index}"))
				var killed []string
				for range 1 + dice.IntN(2) {
					// Two requests a link: the look-up of its order id, and its creation.
					killed = append(killed, w.applyAndKill(dice, 2+2*count))
				}
				isTorn := w.removeTornState()
				w.mustApply()
				moreDoubles, moreLost := w.auditLinks(count)
				if run%10 == 0 {
					w.mustPlanNothing()
				}
				if t.Failed() {
					t.Logf("killed: %q", killed)
				}

				mu.Lock()
				defer mu.Unlock()
				doubles, lost, done = doubles+moreDoubles, lost+moreLost, done+1
				if isTorn {
					torn++
				}
				for _, kill := range killed {
					victim, _, _ := strings.Cut(kill, ",")
					kills[victim]++
				}
				if done%10 == 0 {
					printProgress(t, "%d of %d", done, runs)
				}
			})
		}
	})
	for _, victim := range victims {
		if *long && kills[victim] < runs/10 {
			t.Errorf("%s was killed only %d times", victim, kills[victim])
		}
	}
	addFigure("%d killed and repeated runs of %d links with order ids: %d double, %d lost (killed: %v; the CLI left half a state %d times)", runs, count, doubles, lost, kills, torn)
}
