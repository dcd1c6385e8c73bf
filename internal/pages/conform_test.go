package pages

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// conform checks all that can be said of the blocks without running them.
func (p *page) conform() {
	for _, line := range p.indented {
		p.complain(line, "a code block has no fence")
	}
	for i, b := range p.blocks {
		p.conformBlock(b, i)
		if b.excerpt != "" {
			p.checkExcerpt(b)
		}
		if b.runBy != "" {
			p.checkRunBy(b)
		}
	}
	if p.folder != "" {
		if info, err := os.Stat(filepath.Join(root, p.folder)); err != nil || !info.IsDir() {
			p.complain(1, "the folder %s does not exist", p.folder)
		}
	}
}

func (p *page) conformBlock(b *block, i int) {
	chosen := 0
	for _, directive := range []string{b.file, b.excerpt, b.runBy, b.notRun} {
		if directive != "" {
			chosen++
		}
	}
	switch {
	case chosen > 1:
		p.complain(b.line, "only one of file, excerpt, run by and not run is possible")
	case chosen == 1:
	case b.isOutput():
		if i == 0 || !p.blocks[i-1].isRun() && p.blocks[i-1].notRun == "" && p.blocks[i-1].runBy == "" {
			p.complain(b.line, "nothing is run directly before this output")
		}
	case !b.isRun():
		p.complain(b.line, "a block in the language %q needs a directive above it", b.language)
	}
	if b.fails && !b.isRun() {
		p.complain(b.line, "only what is run can fail")
	}
}

// isRun reports whether the block is something to run: commands, or a whole configuration.
func (b *block) isRun() bool {
	return slices.Contains([]string{"shell", "terraform"}, b.language) &&
		b.file == "" && b.excerpt == "" && b.runBy == "" && b.notRun == ""
}

// isOutput reports whether the block is what the one before it prints.
func (b *block) isOutput() bool {
	return slices.Contains([]string{"text", "console"}, b.language) && b.file == "" && b.excerpt == "" && b.notRun == ""
}

func (p *page) checkExcerpt(b *block) {
	whole, err := os.ReadFile(filepath.Join(root, b.excerpt))
	if err != nil {
		p.complain(b.line, "the excerpt's file cannot be read: %v", err)
	} else if !contains(string(whole), b.text) {
		p.complain(b.line, "this is no part of %s, word for word", b.excerpt)
	}
}

// contains reports whether the lines of a part follow each other in the whole. They may all be
// indented by the same space there.
func contains(whole, part string) bool {
	all, wanted := strings.Split(whole, "\n"), strings.Split(strings.Trim(part, "\n"), "\n")
	for start := range all {
		if start+len(wanted) > len(all) {
			return false
		}
		indent, found := strings.CutSuffix(all[start], wanted[0])
		if found && strings.TrimSpace(indent) == "" && follow(all[start:], wanted, indent) {
			return true
		}
	}
	return false
}

func follow(all, wanted []string, indent string) bool {
	for i, line := range wanted {
		if line != "" {
			line = indent + line
		}
		if all[i] != line {
			return false
		}
	}
	return true
}

// checkRunBy checks that another file runs each line of the block.
func (p *page) checkRunBy(b *block) {
	script, err := os.ReadFile(filepath.Join(root, b.runBy))
	if err != nil {
		p.complain(b.line, "what runs this block cannot be read: %v", err)
		return
	}
	var run []string
	for line := range strings.Lines(string(script)) {
		run = append(run, strings.TrimSpace(line))
	}
	for line := range strings.Lines(b.text) {
		command, _, _ := strings.Cut(line, "#")
		if command = strings.TrimSpace(command); command != "" && !slices.Contains(run, command) {
			p.complain(b.line, "%s does not run %q", b.runBy, command)
		}
	}
}
