package pages

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
)

// printedAddress is the sandbox's address on the pages.
const printedAddress = "http://127.0.0.1:8085"

// publishedModule is the address of a module in the repository, as users write it.
var publishedModule = regexp.MustCompile(`(?:git::https://)?github\.com/invoice-iac/terraform-provider-invoice(?:\.git)?//(examples/modules/[a-z-]+)(?:\?ref=[\w.-]+)?`)

// reader follows a page from top to bottom.
type reader struct {
	t        *testing.T
	page     *page
	sandbox  *gateways.Sandbox
	url      string
	terminal *terminal
}

func newReader(t *testing.T, p *page) *reader {
	t.Helper()
	box := clitest.OpenSandbox(t)
	server := httptest.NewServer(box.Handler())
	t.Cleanup(server.Close)
	r := &reader{t: t, page: p, sandbox: box, url: server.URL}
	var settings []string
	for _, variable := range box.Environment(server.URL) {
		settings = append(settings, variable.Name+"="+variable.Value)
	}
	r.terminal = openTerminal(t, settings)
	if p.folder != "" {
		r.copyFolder(filepath.Join(root, p.folder))
	}
	return r
}

// copyFolder copies what the page begins with, and names the sandbox's address in it.
func (r *reader) copyFolder(from string) {
	r.t.Helper()
	must(r.t, os.CopyFS(r.terminal.folder(), os.DirFS(from)))
	must(r.t, filepath.WalkDir(r.terminal.folder(), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, []byte(r.here(string(source))), 0o600)
	}))
}

// here makes the text of a page one for this machine.
func (r *reader) here(text string) string {
	text = strings.ReplaceAll(text, printedAddress, r.url)
	repository, err := filepath.Abs(root)
	must(r.t, err)
	return publishedModule.ReplaceAllString(text, repository+"/$1")
}

// read does what each block says. It returns the first thing that goes wrong: what follows
// depends on it.
func (r *reader) read() error {
	printed, isKnown := "", false // what was printed directly before
	for _, b := range r.page.blocks {
		var err error
		switch {
		case !b.isFor(r.t):
			isKnown = false
		case b.isOutput():
			if isKnown {
				err = r.compare(b, printed)
			}
		case b.file != "":
			r.terminal.write(b.file, r.here(b.text))
			isKnown = false
		case !b.isRun():
			isKnown = false
		case b.language == "terraform":
			printed, err = r.applyWhole(b)
			isKnown = true
		default:
			printed, err = r.run(r.here(b.text), b.fails)
			isKnown = true
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", r.page.path, b.line, err)
		}
	}
	return nil
}

// isFor reports whether the block is for the CLI that the tests run on.
func (d *directives) isFor(t *testing.T) bool {
	t.Helper()
	for _, one := range d.clis {
		name, version, _ := strings.Cut(one, " ")
		if clitest.IsCLI(t, map[string]string{"terraform": "Terraform", "tofu": "OpenTofu"}[name], version) {
			return true
		}
	}
	return len(d.clis) == 0
}

var asksForVariable = regexp.MustCompile(`(?m)^var\.\S+\n(.*\n)*?\s+Enter a value:`)

// run runs commands, and returns what they print.
func (r *reader) run(commands string, fails bool) (printed string, err error) {
	printed, err = r.terminal.run(commands)
	var what string
	switch {
	case asksForVariable.MatchString(printed):
		what = "the CLI asks for a variable that nobody has set"
	case err == nil && fails:
		what = "it succeeds, and the page says that it fails"
	case err != nil && !fails:
		what = fmt.Sprintf("it fails: %v", err)
	default:
		return printed, nil
	}
	clitest.FailOnCrash(r.t, printed)
	return printed, fmt.Errorf("%s\n%s\nIt printed:\n%s", what, indent(commands), indent(printed))
}

// applyWhole applies a configuration in a folder of its own. Nothing is left to do then.
func (r *reader) applyWhole(b *block) (printed string, err error) {
	folder := filepath.Join(r.t.TempDir(), "configuration")
	must(r.t, os.Mkdir(folder, 0o700))
	must(r.t, os.WriteFile(filepath.Join(folder, "main.tf"), []byte(r.here(b.text)), 0o600))
	in := func(command string) string { return fmt.Sprintf("(cd '%s' && terraform %s)\n", folder, command) }
	if _, err := r.run(in("init -input=false"), false); err != nil {
		return "", err
	}
	if printed, err = r.run(in("apply -input=false -auto-approve"), b.fails); err != nil || b.fails {
		return printed, err
	}
	_, err = r.run(in("plan -input=false -detailed-exitcode"), false)
	return printed, err
}

// compare looks for each line of the page in what was printed, in this order.
func (r *reader) compare(b *block, printed string) error {
	if missing := firstMissing(r.here(b.text), printed); missing != "" {
		return fmt.Errorf("this line is not printed, or not after those above it:\n\t%s\nIt printed:\n%s", missing, indent(printed))
	}
	return nil
}

// frame is what the CLI draws around its messages.
const frame = "│╷╵"

var duration = regexp.MustCompile(`^(\d+m)?\d+s$`)

var (
	beginsInWord = regexp.MustCompile(`^[\pL\pN]`)
	endsInWord   = regexp.MustCompile(`[\pL\pN]$`)
)

// firstMissing returns the first line that does not appear in what was printed, or not in its
// place. An ellipsis in it is anything. Where the CLI breaks the lines of a message does not
// matter, since that is the terminal's width; nor does how long something took.
func firstMissing(lines, printed string) string {
	for line := range strings.Lines(lines) {
		line = strings.Trim(line, frame+" \t\n")
		words := strings.Fields(line)
		for i, word := range words {
			words[i] = strings.ReplaceAll(regexp.QuoteMeta(word), "…", `[^\n]*`)
			if i > 0 && words[i-1] == "after" && duration.MatchString(word) {
				words[i] = `\S+`
			}
		}
		// A number or a word is a whole one: "2 to add" is not in "12 to add".
		begin, end := "", ""
		if beginsInWord.MatchString(line) {
			begin = `(?:^|[^\pL\pN.,])`
		}
		if endsInWord.MatchString(line) {
			end = `(?:[.,]?$|[.,]?[^\pL\pN.,]|[.,][.,])`
		}
		at := regexp.MustCompile(begin + `(` + strings.Join(words, `[\s`+frame+`]+`) + `)` + end).FindStringSubmatchIndex(printed)
		if at == nil {
			return line
		}
		printed = printed[at[3]:]
	}
	return ""
}

func indent(text string) string {
	return "\t" + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n\t")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
