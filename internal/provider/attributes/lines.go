package attributes

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"

	"github.com/invoice-iac/terraform-provider-invoice/internal/lazyregexp"
)

// Lines of a cart are remembered as Go writes their objects: [{"name":"Tea","tax":"none"}].

// These find attributes of an object that are null. A text is quoted, so they find nothing in it.
var (
	firstNull = lazyregexp.New(`\{"[a-z_]+":<null>,?`)
	laterNull = lazyregexp.New(`,"[a-z_]+":<null>`)
)

// TextOf writes a value that is no text. What is null in an object is left out: so an attribute that
// came later looks as if it had always been null.
func TextOf(value attr.Value) string {
	text := value.String()
	if strings.Contains(text, ":<null>") {
		text = firstNull().ReplaceAllLiteralString(laterNull().ReplaceAllLiteralString(text, ""), "{")
	}
	return text
}

// choosable are the attributes of a line that a server may fill in, or leave out of its answers.
var choosable = map[string]bool{"item_type": true, "payment_type": true, "measure": true}

// linePart finds the beginning of a line and its attributes, whatever their texts hold.
var linePart = lazyregexp.New(`\{|"([a-z_]+)":("(?:[^"\\]|\\.)*"|<null>)`)

// isSameCart reports whether two texts of a cart have the same lines. What only one of them says,
// and the server may choose, does not count. Older versions remembered no such attributes: to
// replace an invoice because of them would be wrong.
func isSameCart(a, b string) bool {
	linesA, linesB := linesIn(a), linesIn(b)
	if a == b || len(linesA) != len(linesB) || len(linesA) == 0 {
		return a == b
	}
	for i, one := range linesA {
		if !isSameLine(one, linesB[i]) || !isSameLine(linesB[i], one) {
			return false
		}
	}
	return true
}

func isSameLine(one, other map[string]string) bool {
	for name, value := range one {
		if there, isThere := other[name]; value != there && (isThere || !choosable[name]) {
			return false
		}
	}
	return true
}

// linesIn returns the attributes of each line that are not null.
func linesIn(text string) []map[string]string {
	var lines []map[string]string
	for _, part := range linePart().FindAllStringSubmatch(text, -1) {
		switch {
		case part[1] == "":
			lines = append(lines, map[string]string{})
		case len(lines) > 0 && part[2] != "<null>":
			lines[len(lines)-1][part[1]] = part[2]
		}
	}
	return lines
}
