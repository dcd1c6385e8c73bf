package pages

import (
	"errors"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// paths finds files of the repository, in the order of their names.
func paths(t *testing.T, patterns ...string) []string {
	t.Helper()
	var all []string
	for _, pattern := range patterns {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			all = append(all, strings.TrimPrefix(filepath.ToSlash(path), root+"/"))
		}
	}
	sort.Strings(all)
	return all
}

// pagesToRun are the pages whose blocks are run.
func pagesToRun(t *testing.T) []string {
	t.Helper()
	return paths(t, "README*.md", "cmd/*/README.md", "docs/index.md", "docs/guides/*.md", "examples/shop/README.md", "examples/modules/*/README.md")
}

// nameOf names a page in the tests: payouts-and-refunds, README, invoice-sandbox.
func nameOf(path string) string {
	name := strings.TrimSuffix(filepath.Base(path), ".md")
	if folder := filepath.Base(filepath.Dir(path)); name == "README" && folder != "." {
		return folder
	}
	return name
}

// Every block of every page is run or checked.
func TestPages(t *testing.T) {
	t.Parallel()
	t.Cleanup(func() { whole.log(t) })
	for _, path := range pagesToRun(t) {
		t.Run(nameOf(path), func(t *testing.T) {
			t.Parallel()
			p := readPage(t, path)
			p.conform()
			whole.noteReasons(p)
			if len(p.problems) == 0 {
				needNewCLI(t)
			}
			if err := whole.follow(t, p); err != nil {
				t.Error(err)
			}
		})
	}
}

// needNewCLI skips a page on a CLI that prints other texts than the pages show, and lacks what some
// of them use.
func needNewCLI(t *testing.T) {
	t.Helper()
	clitest.NeedCLI(t)
	if !clitest.IsCLI(t, "Terraform", "1.11") && !clitest.IsCLI(t, "OpenTofu", "1.11") {
		t.Skip("the pages are written for Terraform 1.11 and OpenTofu 1.11, and newer")
	}
}

// follow does what a page says.
func (s *summary) follow(t *testing.T, p *page) error {
	t.Helper()
	if len(p.problems) > 0 {
		return errors.New(strings.Join(p.problems, "\n"))
	}
	clitest.NeedCLI(t)
	r := newReader(t, p)
	if err := r.read(); err != nil {
		return err
	}
	s.claim(t, owner(p), idsAt(t, r.sandbox))
	return nil
}
