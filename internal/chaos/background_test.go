//go:build unix

package chaos

import (
	"bytes"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// background is a run of the CLI that the test does not wait for yet.
type background struct {
	command *exec.Cmd
	ended   chan error
	mu      sync.Mutex
	output  bytes.Buffer
}

func (b *background) Write(text []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.output.Write(text)
}

func (b *background) printed() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.output.String()
}

func (w *workspace) start(args ...string) *background {
	w.t.Helper()
	run := &background{command: w.command(args...), ended: make(chan error, 1)}
	run.command.Stdout, run.command.Stderr = run, run
	run.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	check(w.t, run.command.Start())
	go func() { run.ended <- run.command.Wait() }()
	w.t.Cleanup(func() { _ = syscall.Kill(-run.command.Process.Pid, syscall.SIGKILL) })
	return run
}

// mustPrint waits until the run has printed the text.
func (b *background) mustPrint(t *testing.T, text string) {
	t.Helper()
	for began := time.Now(); !strings.Contains(b.printed(), text); time.Sleep(20 * time.Millisecond) {
		if time.Since(began) > 30*time.Second {
			t.Fatalf("it never printed %q:\n%s", text, b.printed())
		}
	}
}

// mustEndWith waits for the end of a run that works, and says so in these words.
func (b *background) mustEndWith(t *testing.T, text string) {
	t.Helper()
	select {
	case err := <-b.ended:
		if err != nil || !strings.Contains(b.printed(), text) {
			t.Fatalf("%v, want %q:\n%s", err, text, b.printed())
		}
	case <-time.After(time.Minute):
		t.Fatalf("it does not end:\n%s", b.printed())
	}
}
