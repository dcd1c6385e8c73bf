package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// serveSandboxArgument makes this program serve the sandbox.
const serveSandboxArgument = "serve-sandbox"

// sandboxProcess is the sandbox that runs in a process of its own.
type sandboxProcess struct {
	addresses
	command *exec.Cmd
	stdin   io.Closer
	// terminal is the id of the terminal of all payment links.
	terminal string
}

// startSandbox starts this program again as a sandbox without latency, and makes a terminal.
func startSandbox(ctx context.Context) (*sandboxProcess, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &sandboxProcess{command: exec.CommandContext(ctx, self, serveSandboxArgument)} //nolint:gosec // this program
	s.command.Stderr = os.Stderr
	stdout, err := s.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if s.stdin, err = s.command.StdinPipe(); err != nil {
		return nil, err
	}
	if err := s.command.Start(); err != nil {
		return nil, fmt.Errorf("start the sandbox: %w", err)
	}
	if err := json.NewDecoder(stdout).Decode(&s.addresses); err != nil {
		s.stop()
		return nil, fmt.Errorf("read where the sandbox listens: %w", err)
	}
	if err := s.makeTerminal(ctx); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// stop ends the process, which keeps nothing.
func (s *sandboxProcess) stop() {
	_ = s.stdin.Close()
	_ = s.command.Process.Kill()
	_ = s.command.Wait()
}

func (s *sandboxProcess) makeTerminal(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.API+"/invoice/api/v2/CreateTerminal",
		bytes.NewReader([]byte(`{"name":"Касса","alias":"till","type":"dynamic"}`)))
	if err != nil {
		return err
	}
	request.SetBasicAuth(invoiceapi.TestMerchantID, invoiceapi.TestAPIKey)
	request.Header.Set("Content-Type", "application/json")
	var made struct{ ID string }
	if err := ask(request, &made); err != nil {
		return fmt.Errorf("make a terminal: %w", err)
	}
	s.terminal = made.ID
	return nil
}

func (s *sandboxProcess) do(ctx context.Context, what string, o order, answer any) error {
	body, err := json.Marshal(o)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Control+"/"+what, bytes.NewReader(body))
	if err != nil {
		return err
	}
	if err := ask(request, answer); err != nil {
		return fmt.Errorf("ask the sandbox to %s: %w", what, err)
	}
	return nil
}

func ask(request *http.Request, answer any) error {
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", response.Status, body)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(body, answer)
}

// reset sets the counters back, and the latency of each call from now on.
func (s *sandboxProcess) reset(ctx context.Context, latency time.Duration) error {
	return s.do(ctx, "reset", order{Latency: latency}, nil)
}

func (s *sandboxProcess) counters(ctx context.Context) (counters, error) {
	var counted counters
	err := s.do(ctx, "counters", order{}, &counted)
	return counted, err
}

// change makes a change behind Terraform's back, and returns the one that undoes it.
func (s *sandboxProcess) change(ctx context.Context, c change) (undo change, err error) {
	err = s.do(ctx, "change", order{Change: c}, &undo)
	return undo, err
}

// env is the environment that points a provider at the sandbox.
func (s *sandboxProcess) env() []string {
	var env []string
	for name, value := range s.Env {
		env = append(env, name+"="+value)
	}
	return env
}
