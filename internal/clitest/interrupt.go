//go:build unix

package clitest

import (
	"context"
	"syscall"
	"time"
)

// cliStopLimit is the maximum time that a CLI takes to write the state and to end.
const cliStopLimit = 15 * time.Second

// Interrupt runs the CLI, interrupts it once ready is closed, and waits for its end.
func (w *Workspace) Interrupt(ready <-chan struct{}, interrupt func(cli int) error, args ...string) *Result {
	w.T.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	args = append([]string{args[0], "-json"}, args[1:]...)
	command, output := w.command(ctx, args...)
	// The CLI runs in a group of its own, so that signals to the group do not reach the test.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	w.Must(command.Start())
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	select {
	case <-ready:
	case err := <-ended:
		w.T.Fatalf("it ended before Ctrl-C (%v):\n%s", err, output)
	}
	pressed := time.Now()
	w.Must(interrupt(command.Process.Pid))
	err := <-ended
	w.T.Logf("%s ended %s after Ctrl-C", args[0], time.Since(pressed))
	if took := time.Since(pressed); took > cliStopLimit {
		w.T.Errorf("%s ended %s after Ctrl-C", args[0], took)
	}
	return newResult(w.T, args, output.String(), err == nil)
}
