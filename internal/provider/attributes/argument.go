package attributes

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// Argument is one attribute that the user may set, for comparing a plan with a
// state.
type Argument struct {
	Name        string // one inside an object as "object.name"
	Value       attr.Value
	IsSensitive bool // never shown
}

// Path is where messages about it belong.
func (a Argument) Path() path.Path { return Path(a.Name) }

// Path is the path of an attribute, "object.name" for one inside an object.
func Path(name string) path.Path {
	names := strings.Split(name, ".")
	p := path.Root(names[0])
	for _, inner := range names[1:] {
		p = p.AtName(inner)
	}
	return p
}

// ChangedArguments returns the names of the arguments that differ. Attribute
// plan modifiers have already put aside what is only written differently.
func ChangedArguments(plan, state []Argument) []string {
	var changed []string
	for i := range plan {
		if !plan[i].Value.Equal(state[i].Value) {
			changed = append(changed, plan[i].Name)
		}
	}
	return changed
}

// KnownChanges leaves out what is unknown until apply: it may turn out to be no change,
// and is looked at again then.
func KnownChanges(plan, state []Argument) []string {
	var changed []string
	for i := range plan {
		if !plan[i].Value.IsUnknown() && !plan[i].Value.Equal(state[i].Value) {
			changed = append(changed, plan[i].Name)
		}
	}
	return changed
}

// Shown is the value for messages.
func (a Argument) Shown() string {
	if a.IsSensitive {
		return "(another value, which is sensitive)"
	}
	return a.Value.String()
}
