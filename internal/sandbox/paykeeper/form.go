package paykeeper

import (
	"net/url"
	"regexp"
)

// indexed is a field of a list, as PHP's clients write it: status[] or status[0]
// [P].
var indexed = regexp.MustCompile(`^(.+)\[[0-9]*\]$`)

// asPHPReads is a form as a server in PHP reads it: the last of a repeated field
// counts, and all values of a list are in name[], with or without an index [P].
func asPHPReads(sent url.Values) url.Values {
	form := url.Values{}
	for name, values := range sent {
		if list := indexed.FindStringSubmatch(name); list != nil {
			form[list[1]+"[]"] = append(form[list[1]+"[]"], values...)
		} else {
			form.Set(name, values[len(values)-1])
		}
	}
	return form
}
