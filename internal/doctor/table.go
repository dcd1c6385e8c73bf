package doctor

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// lineLength is how long a line of the table may be, unless a word is longer.
const lineLength = 120

// row is a line of the table, before it is wrapped.
type row struct{ gateway, status, name, value, means string }

// WriteTable writes the report for people: a block for each gateway, a line for each check.
// What cannot be known comes last in its block, in one line for each reason.
func (r *Report) WriteTable(w io.Writer) error {
	rows := r.rows()
	nameWidth, valueWidth := 0, 0
	for _, one := range rows {
		nameWidth, valueWidth = max(nameWidth, utf8.RuneCountInString(one.name)), max(valueWidth, min(utf8.RuneCountInString(one.value), 20))
	}
	var b strings.Builder
	gateway := ""
	for _, one := range rows {
		if one.gateway != gateway {
			gateway = one.gateway
			fmt.Fprintf(&b, "%s\n", gateway)
		}
		start := fmt.Sprintf("  %-7s  %-*s  %-*s  ", one.status, nameWidth, one.name, valueWidth, one.value)
		indent := strings.Repeat(" ", 2+7+2+nameWidth+2+valueWidth+2)
		lines := wrap(one.means, lineLength-len(indent))
		b.WriteString(strings.TrimRight(start+strings.Join(lines, "\n"+indent), " ") + "\n")
	}
	fmt.Fprintf(&b, "\n%s\n", r.summary())
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Report) rows() []row {
	var rows []row
	for start := 0; start < len(r.Checks); {
		gateway := r.Checks[start].Gateway
		var reasons []string
		names := map[string][]string{}
		end := start
		for ; end < len(r.Checks) && r.Checks[end].Gateway == gateway; end++ {
			one := r.Checks[end]
			if one.Status != Unknown {
				rows = append(rows, row{gateway, string(one.Status), one.Name, one.Value, one.Means})
				continue
			}
			if names[one.Means] == nil {
				reasons = append(reasons, one.Means)
			}
			names[one.Means] = append(names[one.Means], one.Name)
		}
		for _, means := range reasons {
			one := row{gateway, string(Unknown), names[means][0], "", means}
			if all := names[means]; len(all) > 1 {
				one.name, one.means = fmt.Sprintf("%d points", len(all)), means+" They are: "+strings.Join(all, ", ")+"."
			}
			rows = append(rows, one)
		}
		start = end
	}
	return rows
}

// summary says first whether the provider would work.
func (r *Report) summary() string {
	verdict := "Nothing was found that would not work"
	if errors := r.Count(Error); errors > 0 {
		verdict = count(errors, "thing", "things") + " would not work"
	}
	return fmt.Sprintf("%s; %s, %d ok. %s cannot be known from here.",
		verdict, count(r.Count(Warning), "warning", "warnings"), r.Count(OK), count(r.Count(Unknown), "point", "points"))
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
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
