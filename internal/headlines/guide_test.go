package headlines

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

const guideFile = "../../templates/guides/errors.md"

// Sections of the guide that do not list the provider's own headlines.
const (
	sectionOfCLI      = "Messages of the CLI and its framework"
	sectionOfTexts    = "What the text of a failed call says"
	sectionOfHow      = "How a message is built"
	sectionOfDeclines = "Decline codes"
)

// entry is a headline as the guide has it, with "…" for what only a run knows.
type entry struct {
	section, text string
	severity      string // what is said right below a heading, "" in a table
	pattern       *regexp.Regexp
}

var (
	inBackticks = regexp.MustCompile("`([^`]+)`")
	saysKind    = regexp.MustCompile(`^\*\*([^*]+)\*\*`)
	// subheadings structure a section of tables.
	subheadings = map[string]bool{"Looking and reading": true, "Creating, closing and mailing": true, "Moving money": true}
)

func readGuide(t *testing.T) (all []*entry) {
	t.Helper()
	guide, err := os.ReadFile(guideFile)
	if err != nil {
		t.Fatal(err)
	}
	section := ""
	var open []*entry // those that wait for what is said below them
	add := func(text string) *entry {
		one := &entry{section: section, text: text, pattern: patternOf(text)}
		all = append(all, one)
		return one
	}
	for line := range strings.Lines(string(guide)) {
		line = strings.TrimSpace(line)
		heading, isHeading := strings.CutPrefix(line, "### ")
		also, isAlso := strings.CutPrefix(line, "Also: ")
		switch {
		case strings.HasPrefix(line, "## "):
			section, open = line[3:], nil
		case isHeading && !subheadings[heading]:
			open = []*entry{add(heading)}
		case isAlso:
			for _, text := range inBackticks.FindAllStringSubmatch(also, -1) {
				open = append(open, add(text[1]))
			}
		case strings.HasPrefix(line, "| `"):
			first, _, _ := strings.Cut(line[2:], " | ")
			for _, text := range inBackticks.FindAllStringSubmatch(first, -1) {
				add(text[1])
			}
		case saysKind.MatchString(line):
			for _, one := range open {
				one.severity = saysKind.FindStringSubmatch(line)[1]
			}
			open = nil
		}
	}
	return all
}

// patternOf matches the headlines that a text of the guide stands for.
func patternOf(text string) *regexp.Regexp {
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(text), gap, ".*") + "$")
}
