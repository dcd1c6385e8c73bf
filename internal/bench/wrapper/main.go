// Command wrapper runs a provider in its own place and notes what it used. The CLI starts
// it under the provider's name. It is a small program: its own start must not count.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/invoice-iac/terraform-provider-invoice/internal/bench/usage"
)

func main() {
	code, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "wrapper:", err)
		code = 1
	}
	os.Exit(code)
}

// run runs the program of the same name in the folder "real", and returns its exit code.
// The provider gets this process's files themselves, so nothing is copied in between.
func run() (int, error) {
	program := filepath.Join(filepath.Dir(os.Args[0]), usage.RealFolder, filepath.Base(os.Args[0]))
	command := exec.Command(program, os.Args[1:]...) //nolint:gosec,noctx // the benchmark has built it, and the CLI ends it
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	dieWithParent(command)

	signals := make(chan os.Signal, 16)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	if err := command.Start(); err != nil {
		return 1, err
	}
	go func() {
		for received := range signals {
			_ = command.Process.Signal(received)
		}
	}()
	err := command.Wait()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		return 1, err
	}
	return command.ProcessState.ExitCode(), note(filepath.Base(program), command.ProcessState)
}

// note appends one line to the file of uses. A CLI starts a provider several times, also at
// the same time.
func note(program string, ended *os.ProcessState) error {
	name := os.Getenv(usage.FileVariable)
	if name == "" {
		return nil
	}
	line, err := json.Marshal(usage.Line{Program: program, Provider: usage.Of(ended), Wrapper: usage.OfThisProcess()})
	if err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // the benchmark names it
	if err != nil {
		return err
	}
	_, err = file.Write(append(line, '\n'))
	return errors.Join(err, file.Close())
}
