package install

import (
	"errors"
	"io/fs"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// root is the folder of the repository.
const root = "../.."

// machine is a user's machine: a home folder, and an environment that knows nothing of the
// developer's.
type machine struct {
	t    *testing.T
	home string
	env  []string
}

// newMachine also starts a sandbox, whose settings are in the environment.
func newMachine(t *testing.T) *machine {
	t.Helper()
	clitest.NeedCLI(t)
	if runtime.GOOS == "windows" {
		t.Skip("on Windows the folder of plugins does not follow the environment")
	}
	m := &machine{t: t, home: t.TempDir()}
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if name != "HOME" && name != "GOFLAGS" && !strings.HasPrefix(name, "TF_") && !strings.HasPrefix(name, "XDG_") && !strings.HasPrefix(name, "INVOICE_") {
			m.env = append(m.env, pair)
		}
	}
	m.env = append(m.env, "HOME="+m.home, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "NO_COLOR=1")
	for _, name := range []string{"GOPATH", "GOMODCACHE", "GOCACHE", "GOPROXY", "GOTOOLCHAIN"} {
		value, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
		m.must(err)
		m.env = append(m.env, name+"="+strings.TrimSpace(string(value)))
	}
	box := clitest.OpenSandbox(t)
	server := httptest.NewServer(box.Handler())
	t.Cleanup(server.Close)
	for _, variable := range box.Environment(server.URL) {
		m.env = append(m.env, variable.Name+"="+variable.Value)
	}
	return m
}

func (m *machine) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

// try runs a program in a folder, and returns all that it printed.
func (m *machine) try(folder, program string, args ...string) (string, error) {
	m.t.Helper()
	command := exec.CommandContext(m.t.Context(), program, args...)
	command.Dir, command.Env = folder, m.env
	command.WaitDelay = 10 * time.Second
	output, err := command.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		m.t.Fatalf("%s: %v", program, err)
	}
	return string(output), err
}

// run is try of what has to succeed.
func (m *machine) run(folder, program string, args ...string) string {
	m.t.Helper()
	output, err := m.try(folder, program, args...)
	if err != nil {
		m.t.Fatalf("%s %s: %v\n%s", filepath.Base(program), strings.Join(args, " "), err, output)
	}
	return output
}

// cli runs the CLI, which has to succeed.
func (m *machine) cli(folder string, args ...string) string {
	m.t.Helper()
	return m.run(folder, cliPath(), args...)
}

func cliPath() string { return os.Getenv("TF_ACC_TERRAFORM_PATH") }

// install runs make install, or what the arguments say.
func (m *machine) install(args ...string) string {
	m.t.Helper()
	return m.run(root, "tools/install.sh", args...)
}

// hasInstalled puts into the machine what make install had put there. It is built once: linking takes
// longer than all the rest.
func (m *machine) hasInstalled() {
	m.t.Helper()
	once.Do(func() {
		folder, err := os.MkdirTemp("", "installed")
		m.must(err)
		m.install("into", folder)
		mirror = folder
	})
	if mirror == "" {
		m.t.Skip("make install failed in another test")
	}
	m.must(os.CopyFS(m.plugins(), os.DirFS(mirror)))
}

var (
	once   sync.Once
	mirror string
)

func TestMain(tests *testing.M) {
	code := tests.Run()
	if mirror != "" {
		_ = os.RemoveAll(mirror)
	}
	os.Exit(code)
}

// plugins is the folder where both CLIs look by themselves.
func (m *machine) plugins() string { return filepath.Join(m.home, ".terraform.d", "plugins") }

// installed lists the programs that are installed, for both registries.
func (m *machine) installed() []string {
	m.t.Helper()
	files, err := filepath.Glob(filepath.Join(m.plugins(), "*", "invoice-iac", "invoice", "*", "*", "terraform-provider-invoice_v*"))
	m.must(err)
	return files
}

// write lays files of a configuration into a folder of its own.
func (m *machine) write(files map[string]string) (folder string) {
	m.t.Helper()
	folder = m.t.TempDir()
	for name, text := range files {
		file := filepath.Join(folder, name)
		m.must(os.MkdirAll(filepath.Dir(file), 0o700))
		m.must(os.WriteFile(file, []byte(text), 0o600))
	}
	return folder
}

func (m *machine) read(path ...string) string {
	m.t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	m.must(err)
	return string(text)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
