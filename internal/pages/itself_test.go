package pages

import (
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// Each rule is broken once.
func TestRulesAreKept(t *testing.T) {
	const shell = "```shell\ntrue\n```\n"
	for name, c := range map[string]struct{ page, says string }{
		"no fence":                   {"Run\n\n    make demo\n", "x.md:3: a code block has no fence"},
		"unknown language":           {"```yaml\na: b\n```\n", `x.md:1: a block in the language "yaml" needs a directive`},
		"no language":                {"```\na\n```\n", `in the language "" needs a directive`},
		"unknown directive":          {"<!-- fail -->\n" + shell, `x.md:2: "fail" is no directive`},
		"directive without a value":  {"<!-- file: -->\n" + shell, `"file:" is no directive`},
		"unknown CLI":                {"<!-- cli: pulumi -->\n" + shell, `cli: "pulumi" is neither`},
		"directive above no block":   {"<!-- fails -->\n\ntext\n\n" + shell, `x.md:1: the directive "fails" stands above no block`},
		"two directives":             {"<!-- file: a.tf -->\n<!-- not run: a cloud -->\n" + shell, "only one of"},
		"fails without being run":    {"<!-- file: a.tf -->\n<!-- fails -->\n" + shell, "only what is run can fail"},
		"output of nothing":          {"```text\na\n```\n", "nothing is run directly before"},
		"output of a file":           {"<!-- file: a.tf -->\n" + shell + "\n```text\na\n```\n", "nothing is run directly before"},
		"excerpt of no file":         {"<!-- excerpt: examples/nothing.tf -->\n" + shell, "the excerpt's file cannot be read"},
		"excerpt that differs":       {"<!-- excerpt: examples/quickstart/main.tf -->\n```terraform\nprovider \"invoice\" { }\n```\n", "this is no part of examples/quickstart/main.tf"},
		"excerpt with a gap":         {"<!-- excerpt: examples/quickstart/main.tf -->\n```terraform\nlocals {\n}\n```\n", "this is no part of"},
		"run by a file that is gone": {"<!-- run by .ci/gone -->\n" + shell, "what runs this block cannot be read"},
		"run by nobody":              {"<!-- run by .ci/run -->\n```shell\nmake cake\n```\n", `.ci/run does not run "make cake"`},
		"folder that is gone":        {"<!-- folder: examples/gone -->\n\ntext\n", "the folder examples/gone does not exist"},
		"folder above a block":       {"<!-- folder: examples/gone -->\n" + shell, "the folder examples/gone does not exist"},
	} {
		p := parse("x.md", []byte(c.page))
		p.conform()
		if got := strings.Join(p.problems, "\n"); !strings.Contains(got, c.says) {
			t.Errorf("%s: %q, want %q", name, got, c.says)
		}
	}
}

func TestRulesAllowWhatIsRight(t *testing.T) {
	for name, source := range map[string]string{
		"all of it": "---\npage_title: a\n---\n<!-- folder: examples/quickstart -->\n\n# A\n\n<!-- fails -->\n<!-- cli: terraform 1.14, tofu -->\n\n```shell\nfalse\n```\n\nprints\n\n```console\na\n```\n",
		"excerpt":   "- in a list:\n\n  <!-- excerpt: examples/quickstart/main.tf -->\n  ```terraform\n  terraform {\n    required_providers {\n  ```\n",
		"indented":  "<!-- excerpt: examples/quickstart/main.tf -->\n```terraform\nrequired_providers {\n  invoice = {\n```\n",
		"run by":    "<!-- run by .ci/run -->\n```shell\n# twice\nmake demo   # the first time it takes some minutes\n```\n",
		"not run":   "<!-- not run: a cloud -->\n```shell\ntrue\n```\n\n```text\na\n```\n",
	} {
		p := parse("x.md", []byte(source))
		p.conform()
		if len(p.problems) > 0 {
			t.Errorf("%s: %v", name, p.problems)
		}
	}
}

// What a page says wrongly is found when it is followed.
func TestWrongPagesAreFound(t *testing.T) {
	const provider = "terraform {\n  required_providers {\n    invoice = { source = \"invoice-iac/invoice\" }\n  }\n}\n"
	whole := func(body string) string { return "\n```terraform\n" + provider + body + "```\n" }
	for name, c := range map[string]struct{ page, says string }{
		"failing command":      {"```shell\ntrue\necho so far\nls gone\n```\n", "x.md:1: it fails: exit status"},
		"what it printed":      {"```shell\necho so far\nfalse\n```\n", "It printed:\n\tso far"},
		"unset variable":       {"```shell\necho $GONE\n```\n", "it fails"},
		"working command":      {"<!-- fails -->\n```shell\ntrue\n```\n", "x.md:2: it succeeds, and the page says that it fails"},
		"other output":         {"```shell\necho a; echo b\n```\n```text\nb\na\n```\n", "x.md:4: this line is not printed, or not after those above it:\n\ta\n"},
		"other number":         {"```shell\necho 12 to add; echo 1.50 RUB\n```\n```text\n2 to add\n```\n", "x.md:4: this line is not printed"},
		"longer number":        {"```shell\necho costs 1.50\n```\n```text\ncosts 1\n```\n", "x.md:4: this line is not printed"},
		"no provider":          {"\n```terraform\nresource \"invoice_terminal\" \"a\" {}\n```\n", "hashicorp/invoice"},
		"wrong configuration":  {whole("resource \"invoice_terminal\" \"a\" {\n  alias = \"\"\n  name = \"A\"\n}\n"), "on main.tf line 7"},
		"unexpected success":   {"<!-- fails -->" + whole("resource \"invoice_terminal\" \"a\" {\n  alias = \"a\"\n  name = \"A\"\n}\n"), "it succeeds"},
		"plan that is left":    {whole("resource \"terraform_data\" \"a\" {\n  input = timestamp()\n}\n"), "it fails: exit status 2"},
		"variable without one": {"<!-- file: main.tf -->\n```terraform\nvariable \"month\" {}\n```\n```shell\nterraform init\nterraform apply\n```\n", "the CLI asks for a variable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := followText(t, c.page)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want %q", err, c.says)
			}
		})
	}
}

// A page is followed in one terminal, at a sandbox of its own.
func TestRightPagesAreFollowed(t *testing.T) {
	for name, source := range map[string]string{
		"exports stay":     "```shell\nexport A=b\nmkdir c\ncd c\n```\n<!-- file: d/e.txt -->\n```text\nf\n```\n```shell\n[ $A = b ]\n[ \"$(cat d/e.txt)\" = f ]\n```\n",
		"after a failure":  "<!-- fails -->\n```shell\nexport A=b\nfalse\n```\n```shell\n[ $A = b ]\n```\n",
		"other CLIs":       "<!-- cli: terraform 9.9, tofu 9.9 -->\n```shell\nfalse\n```\n```text\nnothing\n```\n",
		"ellipsis":         "```shell\necho one; echo two of three; echo four\n```\n```text\none\n…\ntwo…three\n\nfour\n```\n",
		"how long it took": "```shell\necho complete after 3s [id=1]\n```\n```text\ncomplete after 0s [id=…]\n```\n",
		"broken lines":     "<!-- file: main.tf -->\n```terraform\noutput \"a\" {\n  value = \"a\"\n  precondition {\n    condition = terraform.workspace == \"b\"\n    error_message = \"" + strings.Repeat("слово ", 30) + "\"\n  }\n}\n```\n<!-- fails -->\n```shell\nterraform apply\n```\n```text\nError: Module output value precondition failed\n" + strings.Repeat("слово ", 30) + "\n```\n",
		"approval":         "<!-- folder: examples/quickstart -->\n```shell\nterraform init\nterraform apply\nterraform destroy\n```\n```text\nApply complete! Resources: 8 added\n```\n",
		"its address":      "```shell\ncurl -sf http://127.0.0.1:8085/sandbox/clock\n[ $INVOICE_BASE_URL = http://127.0.0.1:8085/invoice/api/v2 ]\n```\n",
		"both hosts":       "```shell\nls ~/.terraform.d/plugins\n```\n```text\nregistry.opentofu.org\nregistry.terraform.io\n```\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := followText(t, source); err != nil {
				t.Error(err)
			}
		})
	}
}

// A block that runs tofu says so, even if there is a tofu on the machine.
func TestTofuIsOnlyRunOnOpenTofu(t *testing.T) {
	clitest.NeedCLI(t)
	err := followText(t, "```shell\ntofu version\n```\n")
	if isTofu := clitest.IsCLI(t, "OpenTofu", ""); isTofu && err != nil || !isTofu && (err == nil || !strings.Contains(err.Error(), "cli: tofu")) {
		t.Error(err)
	}
}

func followText(t *testing.T, source string) error {
	t.Helper()
	p := parse("x.md", []byte(source))
	p.conform()
	return newSummary().follow(t, p)
}
