package pages

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// tools is what a reader has on the machine.
type tools struct {
	programs string // a folder for PATH: the CLI, the sandbox and the doctor
	plugins  string // where the CLI finds the provider
}

var shared struct {
	once sync.Once
	dir  string
	tools
	err error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if shared.dir != "" {
		_ = os.RemoveAll(shared.dir)
	}
	os.Exit(code)
}

// installed builds and installs all of it, once for all pages.
func installed(t *testing.T) tools {
	t.Helper()
	clitest.NeedCLI(t)
	shared.once.Do(func() { shared.err = install() })
	must(t, shared.err)
	return shared.tools
}

func install() (err error) {
	if shared.dir, err = os.MkdirTemp("", "invoice-pages-"); err != nil {
		return err
	}
	shared.programs, shared.plugins = filepath.Join(shared.dir, "bin"), filepath.Join(shared.dir, "plugins")
	if err := os.Mkdir(shared.programs, 0o700); err != nil {
		return err
	}
	// The flags of install.sh, so that nothing is compiled twice.
	environment := append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-trimpath")
	for _, command := range [][]string{
		{"tools/install.sh", "into", shared.plugins},
		{"go", "build", "-o", shared.programs, "./cmd/invoice-sandbox", "./cmd/invoice-doctor"},
	} {
		build := exec.Command(command[0], command[1:]...)
		build.Dir, build.Env = root, environment
		if output, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, output)
		}
	}
	return installCLI()
}

// installCLI makes terraform the CLI under test. A page that runs tofu says for which CLI that is.
func installCLI() error {
	cli := os.Getenv("TF_ACC_TERRAFORM_PATH")
	version, err := exec.Command(cli, "version").Output()
	if err != nil {
		return fmt.Errorf("%s version: %w", cli, err)
	}
	if err := os.Symlink(cli, filepath.Join(shared.programs, "terraform")); err != nil {
		return err
	}
	if strings.Contains(string(version), "OpenTofu") {
		return os.Symlink(cli, filepath.Join(shared.programs, "tofu"))
	}
	return os.WriteFile(filepath.Join(shared.programs, "tofu"),
		[]byte("#!/bin/sh\necho 'This test runs on Terraform: a block that runs tofu has <!-- cli: tofu --> above it.' >&2\nexit 127\n"), 0o700)
}
