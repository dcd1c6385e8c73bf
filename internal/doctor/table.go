package doctor

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// lineLength is how long a line of the table may be, unless a word is longer.
const lineLength = 120

// WriteTable writes the report for people: a block for each gateway, a line for each check.
func (r *Report) WriteTable(w io.Writer) error {
	nameWidth, valueWidth := 0, 0
	for _, one := range r.Checks {
		nameWidth, valueWidth = max(nameWidth, utf8.RuneCountInString(one.Name)), max(valueWidth, min(utf8.RuneCountInString(one.Value), 20))
	}
	var b strings.Builder
	gateway := ""
	for _, one := range r.Checks {
		if one.Gateway != gateway {
			gateway = one.Gateway
			fmt.Fprintf(&b, "%s\n", gateway)
		}
		start := fmt.Sprintf("  %-7s  %-*s  %-*s  ", one.Status, nameWidth, one.Name, valueWidth, one.Value)
		indent := strings.Repeat(" ", 2+7+2+nameWidth+2+valueWidth+2)
		lines := wrap(one.Means, lineLength-len(indent))
		b.WriteString(strings.TrimRight(start+strings.Join(lines, "\n"+indent), " ") + "\n")
	}
	fmt.Fprintf(&b, "\n%d ok, %d warnings, %d errors, %d that cannot be known.\n", r.Count(OK), r.Count(Warning), r.Count(Error), r.Count(Unknown))
	_, err := io.WriteString(w, b.String())
	return err
}

// wrap breaks a text into lines.
func wrap(text string, width int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case utf8.RuneCountInString(*last)+1+utf8.RuneCountInString(word) > width:
			lines = append(lines, word)
		default:
			*last += " " + word
		}
	}
	return lines
}
