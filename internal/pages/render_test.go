package pages

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// maxPageSize is the registry's: it shows no larger page.
const maxPageSize = 500_000

// registryFolders are those that the registries know. They show nothing of others.
var registryFolders = []string{"", "actions", "data-sources", "ephemeral-resources", "functions", "guides", "list-resources", "resources"}

// keptHTML is what the registries keep: anchors, and breaks in the cells of tables.
var keptHTML = regexp.MustCompile(`<a\s+(?:id|name)="[^"]+"\s*/?>|</a>|<br\s*/?>`)

// machinePath is a path that exists on one machine alone.
var machinePath = regexp.MustCompile(`(^|[^\w.~])(/root|/work|/home|/Users)/`)

// TestPagesRender looks at each page as the registries and GitHub render it.
func TestPagesRender(t *testing.T) {
	site := newSite()
	for _, p := range markdown(t) {
		p := readPage(t, p)
		site.pages[p.path] = p
		if strings.HasPrefix(p.path, "docs/") {
			p.checkFrontMatter(site)
			p.checkAsRegistry()
		}
		if strings.HasPrefix(p.path, "docs/") || strings.HasPrefix(path.Base(p.path), "README") {
			p.checkHeadings()
		}
	}
	for _, p := range site.pages {
		p.checkLinks(site)
		for _, problem := range p.problems {
			t.Error(problem)
		}
	}
	if len(site.pages) < 40 {
		t.Errorf("only %d pages were found", len(site.pages))
	}
}

// site is all pages together.
type site struct {
	pages map[string]*page
	// subcategories holds for each folder the page that began it, and whether it has a
	// subcategory.
	subcategories map[string]bool
}

func newSite() *site { return &site{pages: map[string]*page{}, subcategories: map[string]bool{}} }

// markdown finds all Markdown of the repository but templates, which are rendered into docs/, and
// what is hidden or copied from others.
func markdown(t *testing.T) []string {
	t.Helper()
	var all []string
	must(t, filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, inRoot := entry.Name(), filepath.Dir(file) == root
		switch {
		case entry.IsDir() && file != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules" || inRoot && name == "templates"):
			return fs.SkipDir
		case !entry.IsDir() && strings.HasSuffix(name, ".md"):
			all = append(all, strings.TrimPrefix(filepath.ToSlash(file), root+"/"))
		}
		return nil
	}))
	return all
}

// checkFrontMatter checks what the registries make the title and the menu of.
func (p *page) checkFrontMatter(site *site) {
	var matter map[string]string
	if err := yaml.Unmarshal(p.frontMatter, &matter); err != nil {
		p.complain(1, "the front matter is no YAML of texts: %v", err)
		return
	}
	for _, name := range []string{"page_title", "description"} {
		if strings.TrimSpace(matter[name]) == "" {
			p.complain(1, "the front matter has no %s", name)
		}
	}
	folder := path.Dir(p.path)
	_, has := matter["subcategory"]
	if others, isKnown := site.subcategories[folder]; isKnown && others != has {
		p.complain(1, "either all pages of %s have a subcategory in the front matter, or none", folder)
	}
	site.subcategories[folder] = has
}

// checkAsRegistry checks what the registries would not show, or show wrongly.
func (p *page) checkAsRegistry() {
	if folder := strings.Trim(strings.TrimPrefix(path.Dir(p.path), "docs"), "/"); !slices.Contains(registryFolders, folder) {
		p.complain(1, "the registries know no folder docs/%s", folder)
	}
	if len(p.source) > maxPageSize {
		p.complain(1, "the page has %d bytes, and the registry shows no more than %d", len(p.source), maxPageSize)
	}
	for _, html := range p.rawHTML {
		rest := comment.ReplaceAllString(html.text, "")
		if rest = keptHTML.ReplaceAllString(rest, ""); strings.TrimSpace(rest) != "" {
			p.complain(html.line, "the registries drop HTML: %s", strings.TrimSpace(html.text))
		}
	}
	for i, line := range strings.Split(string(p.source), "\n") {
		if machinePath.MatchString(line) {
			p.complain(i+1, "this path is one machine's: %s", line)
		}
	}
}

// checkHeadings checks that there is one title, and that no two headings have one anchor.
func (p *page) checkHeadings() {
	lines := map[string]int{}
	titles := 0
	for _, h := range p.headings {
		if h.level == 1 {
			titles++
		}
		if first := lines[slug(h.text)]; first != 0 {
			p.complain(h.line, "the heading %q is there already, in line %d", h.text, first)
		}
		lines[slug(h.text)] = h.line
	}
	if titles != 1 {
		p.complain(1, "the page has %d titles (headings with one #), and not one", titles)
	}
}

// exists reports whether there is such a page, file or folder in the repository.
func (s *site) exists(name string) (isThere, isFolder bool) {
	info, err := os.Stat(filepath.Join(root, name))
	return err == nil || s.pages[name] != nil, err == nil && info.IsDir()
}
