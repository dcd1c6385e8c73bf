package pages

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// blockLimit is the maximum time of a block, on a machine that does much else.
const blockLimit = 10 * time.Minute

// terminal runs commands one after the other, as a person does in one window: what is exported
// stays, and so does the folder.
type terminal struct {
	t    *testing.T
	kept string // holds what stays between commands
	env  []string
}

func openTerminal(t *testing.T, settings []string) *terminal {
	t.Helper()
	tools := installed(t)
	term := &terminal{t: t, kept: t.TempDir()}
	home, folder := filepath.Join(term.kept, "home"), filepath.Join(term.kept, "folder")
	must(t, os.Mkdir(home, 0o700))
	must(t, os.Mkdir(folder, 0o700))
	must(t, os.Mkdir(filepath.Join(home, ".terraform.d"), 0o700))
	must(t, os.Symlink(tools.plugins, filepath.Join(home, ".terraform.d", "plugins")))
	must(t, os.WriteFile(term.file("folder.txt"), []byte(folder+"\n"), 0o600))
	must(t, os.WriteFile(term.file("exports.sh"), nil, 0o600))
	// Nothing else of the environment decides what a page does.
	term.env = append([]string{"HOME=" + home, "LANG=C.UTF-8", "CHECKPOINT_DISABLE=1",
		"PATH=" + tools.programs + string(os.PathListSeparator) + os.Getenv("PATH")}, settings...)
	return term
}

func (term *terminal) file(name string) string { return filepath.Join(term.kept, name) }

// folder is where the terminal is.
func (term *terminal) folder() string {
	text, err := os.ReadFile(term.file("folder.txt"))
	must(term.t, err)
	return strings.TrimSuffix(string(text), "\n")
}

// write writes a file where the terminal is.
func (term *terminal) write(name, text string) {
	path := filepath.Join(term.folder(), name)
	must(term.t, os.MkdirAll(filepath.Dir(path), 0o700))
	must(term.t, os.WriteFile(path, []byte(text), 0o600))
}

// approvals answers yes until it is stopped. The CLI reads more than it needs, so the supply has
// no end.
func approvals(t *testing.T) (answers *os.File, stop func()) {
	answers, writer, err := os.Pipe()
	must(t, err)
	go func() {
		for err == nil {
			_, err = writer.WriteString("yes\n")
		}
	}()
	return answers, func() { _ = answers.Close(); _ = writer.Close() }
}

var colours = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// run runs commands, and returns all that they print, without colours. Whoever asks for an
// approval gets it. What goes on in the background ends with the test.
func (term *terminal) run(commands string) (printed string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), blockLimit)
	defer cancel()
	output, err := os.Create(term.file("output.txt"))
	must(term.t, err)
	defer output.Close()
	script := `. "` + term.file("exports.sh") + `"
cd "$(cat "` + term.file("folder.txt") + `")"
trap 'export -p >"` + term.file("exports.sh") + `"; pwd >"` + term.file("folder.txt") + `"' EXIT
` + commands
	must(term.t, os.WriteFile(term.file("commands.sh"), []byte(script), 0o600))
	command := exec.CommandContext(ctx, "sh", "-eu", term.file("commands.sh"))
	command.Dir, command.Env = term.kept, term.env
	answers, stop := approvals(term.t)
	defer stop()
	command.Stdin = answers
	command.Stdout, command.Stderr = output, output
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	killGroup := func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	command.Cancel = killGroup
	must(term.t, command.Start())
	term.t.Cleanup(func() { _ = killGroup() })
	if err = command.Wait(); ctx.Err() != nil {
		err = errors.New("it took longer than " + blockLimit.String())
	}
	text, readErr := os.ReadFile(term.file("output.txt"))
	must(term.t, readErr)
	return colours.ReplaceAllString(string(text), ""), err
}
