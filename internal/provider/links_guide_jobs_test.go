package provider

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// The jobs of the guide do on the sandbox what the guide says of them: a plan changes nothing and comments, an
// apply issues, renews, and leaves the sheets.
func TestLinksGuideJobs(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil || runtime.GOOS == "windows" {
		t.Skip("the jobs run in bash, on Linux")
	}
	w := newWorkspace(t)
	w.UseInstalled(clitest.InstallProvider(t))
	w.Must(os.CopyFS(w.Dir, os.DirFS(filepath.Join("../../examples", linksGuide))))
	runner := newJobRunner(w)

	t.Run("GitHub", func(t *testing.T) {
		runner.w = w.In(t)
		runner.github("plan.yml", true)
		w.Sent("CreatePayment", 0)
		w.Sent("CreateTerminal", 0)
		comment := runner.read("comment.md")
		if !strings.Contains(comment, "Plan: 4 to add") || !strings.Contains(runner.read("gh.txt"), "pr comment 17 --repo shop/links") {
			t.Errorf("gh %s\n%s", runner.read("gh.txt"), comment)
		}
		runner.github("apply.yml", true)
		runner.github("apply.yml", true)
		w.Sent("CreatePayment", 3)
		if summary := runner.read("summary.md"); !strings.Contains(summary, "poster-2026-12-1041") {
			t.Errorf("the summary: %s", summary)
		}
		if !strings.Contains(runner.read("posters.html"), "<svg") {
			t.Error("posters.html has no sheets")
		}

		// A plan that fails fails its job, and is commented all the same.
		w.WriteFile("orders/x.yaml", "order_id: 007\n")
		runner.github("plan.yml", false)
		w.Must(os.Remove(filepath.Join(w.Dir, "orders", "x.yaml")))
		if comment := runner.read("comment.md"); !strings.Contains(comment, "Put order_id in quotes") {
			t.Errorf("the comment: %s", comment)
		}

		// Not even an apply changes something with the settings of the plan.
		w.WriteFile("orders/x.yaml", "order_id: \"poster-x\"\namount: 10\nreceipt: [{ name: a, price: 10, quantity: 1 }]\n")
		runner.run("terraform apply -auto-approve", environmentIn(w, "github/plan.yml"), false)
		w.Sent("CreatePayment", 3)
		w.Must(os.Remove(filepath.Join(w.Dir, "orders", "x.yaml")))
	})
	t.Run("GitLab", func(t *testing.T) {
		runner.w = w.In(t)
		w.Must(w.Sandbox.InvoiceAPI.Pay(paymentOf(w, "poster-2026-12-1042").ID, invoiceapi.DeclinedCard))
		runner.gitlab("plan")
		w.Sent("CreatePayment", 3)
		runner.gitlab("apply")
		w.Sent("CreatePayment", 4)
	})
}

// jobRunner runs the scripts of jobs as their runners would, with the CLI under test.
type jobRunner struct {
	w   *clitest.Workspace
	env []string
}

func newJobRunner(w *clitest.Workspace) *jobRunner {
	w.T.Helper()
	bin := w.T.TempDir()
	cli, err := filepath.Abs(os.Getenv("TF_ACC_TERRAFORM_PATH"))
	w.Must(err)
	for name, script := range map[string]string{
		"terraform": "exec '" + cli + "' \"$@\"", "tofu": "exec '" + cli + "' \"$@\"", "gh": `echo "$@" >gh.txt`,
	} {
		w.Must(os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script+"\n"), 0o700))
	}
	return &jobRunner{w, []string{
		"PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"),
		"GITHUB_STEP_SUMMARY=summary.md", "GITHUB_REPOSITORY=shop/links", "PULL_REQUEST=17",
	}}
}

var (
	runStep = regexp.MustCompile(`(?m)^ +(?:- )?run: (?:\|\n((?: {10}.*\n)+)|(.*))`)
	setting = regexp.MustCompile(`(?m)^ +(INVOICE_\w+): "(.*)"`)
)

// github runs the steps of a workflow with one job.
func (r *jobRunner) github(name string, succeeds bool) {
	r.w.T.Helper()
	r.job(name, r.read("github/"+name), succeeds)
}

// job runs the steps of a job of GitHub. After a step that fails, only those with a condition go on.
func (r *jobRunner) job(name, text string, succeeds bool) {
	r.w.T.Helper()
	env, failed := settingsIn(text), false
	bash := []string{"bash", "-e", "-c"} // what GitHub takes when nothing is said
	if strings.Contains(text, "\n    shell: bash ") {
		bash = []string{"bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"}
	}
	for _, step := range strings.Split(text, "\n      - ")[1:] {
		found := runStep.FindStringSubmatch("      - " + step + "\n")
		if found == nil || failed && !strings.HasPrefix(step, "if:") {
			continue
		}
		script := found[1] + found[2]
		if strings.Contains(script, "${{") {
			r.w.T.Errorf("%s: an expression inside a script can be injected: %s", name, script)
		}
		failed = !r.try(script, env, bash...) || failed
	}
	if failed == succeeds {
		r.w.T.Errorf("%s failed: %v", name, failed)
	}
}

// gitlab runs the script of a job.
func (r *jobRunner) gitlab(job string) {
	r.w.T.Helper()
	_, text, isThere := strings.Cut(r.read("gitlab/gitlab-ci.yml"), "\n"+job+":\n")
	if !isThere {
		r.w.T.Fatalf("there is no job %s", job)
	}
	text, _, _ = strings.Cut(text, "\n\n")
	_, script, _ := strings.Cut(text, "script:\n")
	script, _, _ = strings.Cut(script, "  artifacts:")
	env := settingsIn(text)
	for line := range strings.Lines(script) {
		r.run(strings.TrimPrefix(strings.TrimSpace(line), "- "), env, true)
	}
}

func (r *jobRunner) run(script string, env []string, succeeds bool) {
	r.w.T.Helper()
	if r.try(script, env, "sh", "-e", "-c") != succeeds {
		r.w.T.Fatalf("%s: want success %v", script, succeeds)
	}
}

func (r *jobRunner) try(script string, env []string, shell ...string) bool {
	r.w.T.Helper()
	command := exec.CommandContext(r.w.T.Context(), shell[0], append(shell[1:], script)...)
	command.Dir, command.Env = r.w.Dir, append(append(r.w.Env, r.env...), env...)
	output, err := command.CombinedOutput()
	r.w.T.Logf("%s: %v\n%s", script, err, output)
	return err == nil
}

func (r *jobRunner) read(name string) string {
	r.w.T.Helper()
	text, err := os.ReadFile(filepath.Join(r.w.Dir, name))
	r.w.Must(err)
	return string(text)
}

// environmentIn are the settings of the provider in a file of jobs.
func environmentIn(w *clitest.Workspace, name string) []string {
	w.T.Helper()
	text, err := os.ReadFile(filepath.Join(w.Dir, name))
	w.Must(err)
	return settingsIn(string(text))
}

func settingsIn(text string) (all []string) {
	for _, found := range setting.FindAllStringSubmatch(text, -1) {
		all = append(all, found[1]+"="+found[2])
	}
	return all
}
