package pages

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// root is the repository, from this package.
const root = "../.."

// page is a file of Markdown, as the tests see it.
type page struct {
	path        string // from the root of the repository
	source      []byte
	frontMatter []byte
	blocks      []*block
	headings    []heading
	anchors     map[string]bool // that links can point to
	links       []link
	rawHTML     []rawHTML
	indented    []int // lines of code blocks without a fence
	folder      string
	problems    []string
}

// block is a fenced block, with what the comments above it say.
type block struct {
	line     int // of the fence
	language string
	text     string
	directives
}

type heading struct {
	line, level int
	text        string
}

type link struct {
	line        int
	destination string
}

type rawHTML struct {
	line int
	text string
}

func (p *page) complain(line int, format string, args ...any) {
	p.problems = append(p.problems, fmt.Sprintf("%s:%d: %s", p.path, line, fmt.Sprintf(format, args...)))
}

// readPage reads a page of the repository.
func readPage(t *testing.T, path string) *page {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return parse(path, source)
}

// parse reads Markdown as GitHub and the registries do.
func parse(path string, source []byte) *page {
	p := &page{path: path, source: source, anchors: map[string]bool{}}
	p.frontMatter, source = splitFrontMatter(source)
	skipped := bytes.Count(p.source[:len(p.source)-len(source)], []byte("\n"))
	lineAt := func(offset int) int { return skipped + bytes.Count(source[:offset], []byte("\n")) + 1 }
	document := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))

	used := map[ast.Node]bool{} // the comments that belong to a block
	line := 1
	_ = ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		if node.Type() == ast.TypeBlock && node.Lines().Len() > 0 {
			line = lineAt(node.Lines().At(0).Start)
		}
		switch node := node.(type) {
		case *ast.FencedCodeBlock:
			p.addBlock(node, source, lineAt, used)
		case *ast.CodeBlock:
			p.indented = append(p.indented, line)
		case *ast.Heading:
			p.addHeading(heading{line, node.Level, plainText(node, source)})
		case *ast.Link:
			p.links = append(p.links, link{line, string(node.Destination)})
		case *ast.Image:
			p.links = append(p.links, link{line, string(node.Destination)})
		case *ast.AutoLink:
			p.links = append(p.links, link{line, string(node.URL(source))})
		case *ast.HTMLBlock:
			p.addHTML(rawHTML{line, htmlOf(node, source)})
		case *ast.RawHTML:
			p.addHTML(rawHTML{line, string(node.Segments.Value(source))})
		}
		return ast.WalkContinue, nil
	})
	p.readLooseComments(document, source, lineAt, used)
	return p
}

// splitFrontMatter separates what stands between two lines of three dashes at the top.
func splitFrontMatter(source []byte) (frontMatter, rest []byte) {
	if after, found := bytes.CutPrefix(source, []byte("---\n")); found {
		if before, rest, found := bytes.Cut(after, []byte("\n---\n")); found {
			return before, rest
		}
	}
	return nil, source
}

func (p *page) addBlock(node *ast.FencedCodeBlock, source []byte, lineAt func(int) int, used map[ast.Node]bool) {
	b := &block{language: string(node.Language(source))}
	var code strings.Builder
	for i := range node.Lines().Len() {
		segment := node.Lines().At(i)
		code.Write(segment.Value(source))
	}
	b.text = code.String()
	switch {
	case node.Lines().Len() > 0:
		b.line = lineAt(node.Lines().At(0).Start) - 1
	case node.Info != nil:
		b.line = lineAt(node.Info.Segment.Start)
	}
	for above := node.PreviousSibling(); above != nil; above = above.PreviousSibling() {
		html, isHTML := above.(*ast.HTMLBlock)
		if !isHTML || !isComments(htmlOf(html, source)) {
			break
		}
		used[above] = true
		for _, comment := range comments(htmlOf(html, source)) {
			if folder, isFolder := strings.CutPrefix(comment, "folder:"); isFolder {
				p.folder = strings.TrimSpace(folder)
			} else if err := b.add(comment); err != nil {
				p.complain(b.line, "%v", err)
			}
		}
	}
	p.blocks = append(p.blocks, b)
}

// readLooseComments reads the comments that stand above no block.
func (p *page) readLooseComments(document ast.Node, source []byte, lineAt func(int) int, used map[ast.Node]bool) {
	_ = ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		html, isHTML := node.(*ast.HTMLBlock)
		if !entering || !isHTML || used[node] || node.Lines().Len() == 0 {
			return ast.WalkContinue, nil
		}
		for _, comment := range comments(htmlOf(html, source)) {
			if folder, isFolder := strings.CutPrefix(comment, "folder:"); isFolder {
				p.folder = strings.TrimSpace(folder)
			} else if isDirective(comment) {
				p.complain(lineAt(node.Lines().At(0).Start), "the directive %q stands above no block", comment)
			}
		}
		return ast.WalkContinue, nil
	})
}

func (p *page) addHTML(html rawHTML) {
	p.rawHTML = append(p.rawHTML, html)
	for _, name := range anchorNames(html.text) {
		p.anchors[name] = true
	}
}

// addHeading makes the heading's anchor as GitHub does.
func (p *page) addHeading(h heading) {
	p.headings = append(p.headings, h)
	anchor := slug(h.text)
	for n := 1; p.anchors[anchor]; n++ {
		anchor = fmt.Sprintf("%s-%d", slug(h.text), n)
	}
	p.anchors[anchor] = true
}

// plainText is the text of a node without its marks.
func plainText(node ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(node, func(inner ast.Node, entering bool) (ast.WalkStatus, error) {
		if leaf, isText := inner.(*ast.Text); isText && entering {
			b.Write(leaf.Value(source))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

func htmlOf(node *ast.HTMLBlock, source []byte) string {
	html := string(node.Lines().Value(source))
	if node.HasClosure() {
		html += string(node.ClosureLine.Value(source))
	}
	return html
}
