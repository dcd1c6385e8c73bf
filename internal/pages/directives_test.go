package pages

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// directives is what the comments above a block say.
type directives struct {
	fails   bool
	clis    []string // the CLIs it runs on, all when empty
	file    string
	excerpt string
	runBy   string
	notRun  string
}

var (
	comment   = regexp.MustCompile(`(?s)<!--(.*?)-->`)
	anchor    = regexp.MustCompile(`<a\s+(?:id|name)="([^"]+)"\s*/?>`)
	reference = regexp.MustCompile(`\s(?:src|srcset|href)="([^"]+)"`)
	cliName   = regexp.MustCompile(`^(terraform|tofu)( \d+\.\d+(\.\d+)?)?$`)
	names     = []string{"fails", "cli:", "file:", "excerpt:", "run by", "not run:", "folder:"}
	notWords  = regexp.MustCompile(`[^\p{L}\p{N}\p{M}_\- ]`)
)

// comments returns the texts of all comments.
func comments(html string) []string {
	var all []string
	for _, found := range comment.FindAllStringSubmatch(html, -1) {
		all = append(all, strings.TrimSpace(found[1]))
	}
	return all
}

// isComments reports whether there is nothing but comments.
func isComments(html string) bool {
	return strings.TrimSpace(comment.ReplaceAllString(html, "")) == ""
}

func isDirective(comment string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(comment, name) })
}

// add takes one directive. folder is the page's, so it has no say here.
func (d *directives) add(comment string) error {
	name, value, _ := strings.Cut(comment, ":")
	if file, isRunBy := strings.CutPrefix(comment, "run by "); isRunBy {
		name, value = "run by", file
	}
	value = strings.TrimSpace(value)
	if value == "" && name != "fails" {
		return fmt.Errorf("%q is no directive: it is one of %s", comment, strings.Join(names, " "))
	}
	switch name {
	case "fails":
		d.fails = true
	case "cli":
		for one := range strings.SplitSeq(value, ",") {
			one = strings.TrimSpace(one)
			if !cliName.MatchString(one) {
				return fmt.Errorf("cli: %q is neither terraform nor tofu, with or without a version", one)
			}
			d.clis = append(d.clis, one)
		}
	case "file":
		d.file = value
	case "excerpt":
		d.excerpt = value
	case "run by":
		d.runBy = value
	case "not run":
		d.notRun = value
	default:
		return fmt.Errorf("%q is no directive: it is one of %s", comment, strings.Join(names, " "))
	}
	return nil
}

// slug makes an anchor of a heading, as GitHub does.
func slug(heading string) string {
	return strings.ReplaceAll(notWords.ReplaceAllString(strings.ToLower(heading), ""), " ", "-")
}
