package headlines

import (
	"go/ast"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// summaryOf says which argument of the framework's functions is the headline. That of an error of a
// function is its whole text.
var summaryOf = map[string]int{
	"AddError": 0, "AddWarning": 0, "AddAttributeError": 1, "AddAttributeWarning": 1,
	"NewErrorDiagnostic": 0, "NewWarningDiagnostic": 0, "NewAttributeErrorDiagnostic": 1, "NewAttributeWarningDiagnostic": 1,
	"NewFuncError": 0, "NewArgumentFuncError": 1,
}

// argumentsFor are what a parameter gets from all calls of its function.
func (c *code) argumentsFor(parameter types.Object) (all []value) {
	owner, index := c.ownerOf(parameter)
	if owner == nil {
		return nil
	}
	for _, one := range c.calls[owner] {
		if index < len(one.expr.Args) {
			all = append(all, value{one.info, one.expr.Args[index]})
		}
	}
	return all
}

// ownerOf is the function that has a parameter.
func (c *code) ownerOf(parameter types.Object) (types.Object, int) {
	for object, f := range c.functions {
		if f.kind.Pos() <= parameter.Pos() && parameter.Pos() < f.kind.End() {
			if index := slices.Index(parametersOf(f), parameter); index >= 0 {
				return object, index
			}
		}
	}
	return nil, 0
}

// sinks are the functions that take a headline, and which argument it is: those of the framework, and
// parameters that get one of those.
func (c *code) sinks() map[types.Object]int {
	sinks := map[types.Object]int{}
	for object := range c.calls {
		if index, ok := summaryOf[object.Name()]; ok && isFrameworks(object) {
			sinks[object] = index
		}
	}
	for found := true; found; {
		found = false
		for called, calls := range c.calls {
			f, ok := c.functions[called]
			if !ok {
				continue
			}
			parameters := parametersOf(f)
			for _, one := range calls {
				for i, argument := range one.expr.Args {
					given := objectOf(one.info, argument)
					index, isSink := sinks[given]
					if given != nil && !isSink && isFrameworks(given) {
						index, isSink = summaryOf[given.Name()]
					}
					if !isSink || i >= len(parameters) {
						continue
					}
					if _, known := sinks[parameters[i]]; !known {
						sinks[parameters[i]], found = index, true
					}
				}
			}
		}
	}
	return sinks
}

func isFrameworks(object types.Object) bool {
	return object.Pkg() != nil && strings.HasPrefix(object.Pkg().Path(), "github.com/hashicorp/terraform-plugin-framework/")
}

var gaps = regexp.MustCompile(`…+`)

// headlines are all that the code makes, with the places where it does.
func (c *code) headlines() map[string][]ast.Node {
	all := map[string][]ast.Node{}
	for sink, index := range c.sinks() {
		for _, one := range c.calls[sink] {
			var texts []string
			if several, ok := one.expr.Args[0].(*ast.CallExpr); ok && len(one.expr.Args) == 1 {
				r := &reader{code: c, open: map[ast.Expr]bool{}}
				texts = r.ofCall(one.info, several, index)
			} else {
				texts = c.read(value{one.info, one.expr.Args[index]})
			}
			for _, text := range texts {
				text = gaps.ReplaceAllString(text, gap)
				all[text] = append(all[text], one.expr)
			}
		}
	}
	return all
}
