package attributes

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
)

// Path is the path of an attribute, "object.name" for one inside an object.
func Path(name string) path.Path {
	names := strings.Split(name, ".")
	p := path.Root(names[0])
	for _, inner := range names[1:] {
		p = p.AtName(inner)
	}
	return p
}
