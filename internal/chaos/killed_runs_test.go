//go:build unix

package chaos

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
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

const (
	// stopped is a CLI that is asked to stop, by SIGTERM. It writes its state.
	stopped = "the CLI, by SIGTERM"
	nobody  = "nobody"
)

// killing says whom a run loses, and when: at a request to the gateway.
type killing struct {
	victim string
	// path is the end of the address of the requests that count; "" counts all of them.
	path      string
	nth       int
	afterWork bool
	pause     time.Duration
}

func newKilling(dice *rand.Rand, victims []string, path string, requests int) killing {
	return killing{
		victim: victims[dice.IntN(len(victims))], path: path, nth: 1 + dice.IntN(requests),
		afterWork: dice.IntN(2) == 0, pause: time.Duration(dice.IntN(20)) * time.Millisecond,
	}
}

func (k killing) String() string {
	when := "before"
	if k.afterWork {
		when = "after"
	}
	return fmt.Sprintf("%s, %s the work of request %d%s", k.victim, when, k.nth, k.path)
}

// kill hits the victim of a run.
func (k killing) kill(run *os.Process) {
	time.Sleep(k.pause)
	switch k.victim {
	case stopped:
		_ = run.Signal(syscall.SIGTERM)
	case "the CLI":
		_ = run.Kill()
	case "the provider":
		killChildren(run.Pid)
	default:
		_ = syscall.Kill(-run.Pid, syscall.SIGKILL)
	}
}

// applyAndKill starts an apply and kills it. It returns what was killed, and when: nobody,
// if the apply ended before.
func (w *workspace) applyAndKill(k killing) killing {
	w.t.Helper()
	command := w.command("apply", "-auto-approve", "-json", fmt.Sprintf("-parallelism=%d", cmp.Or(w.parallelism, 10)))
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var seen atomic.Int64
	var killed atomic.Bool
	started := make(chan struct{})
	kill := func() {
		<-started
		killed.Store(true)
		k.kill(command.Process)
	}
	intercept := interceptor(func(resp http.ResponseWriter, req *http.Request, gateway http.Handler) {
		if isCounted := strings.HasSuffix(req.URL.Path, k.path); isCounted && seen.Add(1) == int64(k.nth) {
			if k.afterWork {
				defer kill() // the answer is sent afterwards
			} else {
				kill()
			}
		}
		gateway.ServeHTTP(resp, req)
	})
	w.onRequest.Store(&intercept)
	check(w.t, command.Start())
	close(started)
	_ = command.Wait()
	// A provider whose CLI was killed goes on for a while.
	_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
	w.onRequest.Store(nil)
	if !killed.Load() {
		k.victim = nobody
	}
	return k
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
				var killed []killing
				for range 1 + dice.IntN(2) {
					// Two requests a link: the look-up of its order id, and its creation.
					killed = append(killed, w.applyAndKill(newKilling(dice, victims, "", 2+2*count)))
				}
				isTorn := w.removeTornState()
				w.mustApply()
				moreDoubles, moreLost := w.auditLinks(count)
				if run%10 == 0 {
					w.mustPlanNothing()
				}
				if t.Failed() {
					t.Logf("killed: %v", killed)
				}

				mu.Lock()
				defer mu.Unlock()
				doubles, lost, done = doubles+moreDoubles, lost+moreLost, done+1
				if isTorn {
					torn++
				}
				for _, kill := range killed {
					kills[kill.victim]++
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
