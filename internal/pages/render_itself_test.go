package pages

import (
	"slices"
	"strings"
	"testing"
)

// Each check of TestPagesRender is broken once, on a page that is right otherwise.
func TestRenderChecksFindWhatIsWrong(t *testing.T) {
	const top = "---\npage_title: \"A\"\ndescription: |-\n  B.\n---\n\n# A\n\n"
	for name, c := range map[string]struct{ path, page, says string }{
		"front matter":         {"docs/guides/x.md", "# A\n", "x.md:1: the front matter has no page_title"},
		"description":          {"docs/guides/x.md", "---\npage_title: A\ndescription: \"\"\n---\n# A\n", "the front matter has no description"},
		"YAML":                 {"docs/guides/x.md", "---\npage_title: \"A\n---\n# A\n", "the front matter is no YAML"},
		"subcategory":          {"docs/guides/x.md", "---\npage_title: A\ndescription: B\nsubcategory: C\n---\n# A\n", "either all pages of docs/guides have a subcategory"},
		"folder":               {"docs/recipes/x.md", top, "the registries know no folder docs/recipes"},
		"size":                 {"docs/guides/x.md", top + strings.Repeat("слово ", 50_000), "no more than 500000"},
		"block of HTML":        {"docs/guides/x.md", top + "<details>\na\n</details>\n", "x.md:9: the registries drop HTML: <details>"},
		"HTML in a line":       {"docs/guides/x.md", top + "press <kbd>a</kbd>\n", "the registries drop HTML: <kbd>"},
		"path of a machine":    {"docs/guides/x.md", top + "in `/home/anna/shop`\n", "x.md:9: this path is one machine's"},
		"no title":             {"docs/guides/x.md", strings.Replace(top, "# A", "## A", 1), "the page has 0 titles"},
		"two titles":           {"README.md", "# A\n\n# B\n", "the page has 2 titles"},
		"heading twice":        {"docs/guides/x.md", top + "## Ссылка на оплату\n\n### Ссылка на оплату?\n", `x.md:11: the heading "Ссылка на оплату?" is there already, in line 9`},
		"link to nothing":      {"docs/guides/x.md", top + "[a](gone.md)\n", "x.md:9: the link gone.md: docs/guides/gone.md does not exist"},
		"anchor of the page":   {"docs/guides/x.md", top + "[a](#gone)\n", "docs/guides/x.md has no #gone"},
		"anchor elsewhere":     {"docs/guides/x.md", top + "[a](y.md#gone)\n", "docs/guides/y.md has no #gone"},
		"anchor of a file":     {"README.md", "# A\n\n[a](main.go#main)\n", "main.go has no #main"},
		"link out of docs":     {"docs/guides/x.md", top + "[a](../../SECURITY.md)\n", "it leaves docs/"},
		"link from the root":   {"README.md", "# A\n\n[a](/SECURITY.md)\n", "neither relative nor a web address"},
		"link to another host": {"README.md", "# A\n\n[a](https://)\n", "it names no host"},
		"link that is none":    {"README.md", "# A\n\n[a](https://%zz)\n", "invalid URL escape"},
		"file at GitHub":       {"docs/guides/x.md", top + "[a](https://github.com/invoice-iac/terraform-provider-invoice/blob/main/GONE.md)\n", "GONE.md does not exist"},
		"anchor at GitHub":     {"docs/guides/x.md", top + "[a](https://github.com/invoice-iac/terraform-provider-invoice/blob/main/docs/guides/y.md#gone)\n", "docs/guides/y.md has no #gone"},
		"folder as a file":     {"docs/guides/x.md", top + "[a](https://github.com/invoice-iac/terraform-provider-invoice/blob/main/examples)\n", "examples is a folder"},
		"file as a folder":     {"docs/guides/x.md", top + "[a](https://github.com/invoice-iac/terraform-provider-invoice/tree/main/go.mod)\n", "go.mod is no folder"},
		"picture":              {"README.md", "# A\n\n![a](design/gone.png)\n", "design/gone.png does not exist"},
		"picture in HTML":      {"README.md", "# A\n\n<img alt=\"a\" src=\"design/gone.png\">\n", "design/gone.png does not exist"},
		"page of the registry": {"README.md", "# A\n\n<https://registry.terraform.io/providers/invoice-iac/invoice/latest/docs/guides/gone>\n", "docs/guides/gone.md does not exist"},
	} {
		if problems := render(c.path, c.page); !slices.ContainsFunc(problems, func(problem string) bool { return strings.Contains(problem, c.says) }) {
			t.Errorf("%s: %q, want %q", name, problems, c.says)
		}
	}
}

func TestRenderChecksAllowWhatIsRight(t *testing.T) {
	source := "---\npage_title: A\ndescription: B\n---\n<!-- a comment -->\n\n# A\n\n<a id=\"nested\"></a>\n## Что `дальше`, когда всё есть?\n\n" +
		"[a](#nested) [b](#что-дальше-когда-всё-есть) [c](y.md#b) [d](../index.md) <http://127.0.0.1:8085> [e](mailto:a@example.com)\n" +
		"[f](https://github.com/invoice-iac/terraform-provider-invoice/blob/main/main.go#L10) [g](https://github.com/invoice-iac/terraform-provider-invoice/tree/main/examples)\n"
	if problems := render("docs/guides/x.md", source); len(problems) > 0 {
		t.Error(problems)
	}
}

// render checks a page beside another one of the same folder.
func render(path, source string) []string {
	s := newSite()
	p, other := parse(path, []byte(source)), parse("docs/guides/y.md", []byte("---\npage_title: B\ndescription: B\n---\n# B\n"))
	s.pages[path], s.pages[other.path] = p, other
	other.checkFrontMatter(s)
	if strings.HasPrefix(path, "docs/") {
		p.checkFrontMatter(s)
		p.checkAsRegistry()
	}
	p.checkHeadings()
	p.checkLinks(s)
	return p.problems
}
