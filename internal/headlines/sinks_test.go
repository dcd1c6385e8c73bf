package headlines

import (
	"go/ast"
	"go/constant"
	"go/token"
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

// sink is a function that takes a headline: in which argument, and what it makes of it.
type sink struct {
	argument           int
	isError, isWarning bool
}

// sinkOf returns what the framework's function is.
func sinkOf(object types.Object) (found sink, ok bool) {
	if object == nil || !isFrameworks(object) {
		return sink{}, false
	}
	argument, ok := summaryOf[object.Name()]
	return sink{argument, strings.Contains(object.Name(), "Error"), strings.Contains(object.Name(), "Warning")}, ok
}

// sinks are the functions that take a headline: those of the framework, and the parameters that one of
// those is given to.
func (c *code) sinks() map[types.Object]sink {
	sinks := map[types.Object]sink{}
	for called, calls := range c.calls {
		if found, ok := sinkOf(called); ok {
			sinks[called] = found
		}
		f, isOwn := c.functions[called]
		if !isOwn {
			continue
		}
		parameters := parametersOf(f)
		for _, one := range calls {
			for i, argument := range one.expr.Args {
				if found, ok := sinkOf(objectOf(one.info, argument)); ok && i < len(parameters) {
					known := sinks[parameters[i]]
					sinks[parameters[i]] = sink{found.argument, found.isError || known.isError, found.isWarning || known.isWarning}
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

// made is a call that makes a headline.
type made struct {
	at                 token.Position
	isError, isWarning bool
}

// headlines are all that the code makes, with the calls that do.
func (c *code) headlines() map[string][]made {
	all := map[string][]made{}
	for sink, to := range c.sinks() {
		for _, one := range c.calls[sink] {
			for _, text := range withoutVague(c.summaries(one, to.argument)) {
				all[text] = append(all[text], made{c.packages[0].Fset.Position(one.expr.Pos()), to.isError, to.isWarning})
			}
		}
	}
	return all
}

// withoutVague leaves out what begins with a gap where another text of the same call says the same and
// more, and what says nothing: nil is no error, and the text of another error stands for itself.
func withoutVague(texts []string) (rest []string) {
	for i := range texts {
		texts[i] = gaps.ReplaceAllString(texts[i], gap)
	}
	for _, text := range texts {
		isVague := strings.Trim(text, gap) == "" || strings.HasPrefix(text, gap) && slices.ContainsFunc(texts, func(other string) bool {
			return !strings.HasPrefix(other, gap) && patternOf(text).MatchString(other)
		})
		if !isVague {
			rest = append(rest, text)
		}
	}
	return rest
}

// summaries are what a call may give as a headline, also if its arguments are the results of another
// call.
func (c *code) summaries(one call, argument int) []string {
	r := &reader{code: c, open: map[ast.Expr]bool{}}
	if several, ok := one.expr.Args[0].(*ast.CallExpr); ok && len(one.expr.Args) == 1 {
		return r.ofCall(one.info, several, argument)
	}
	return r.texts(one.info, one.expr.Args[argument])
}

// texts are the constants in the packages below a path.
func (c *code) texts(path string) (all []string) {
	for _, p := range c.packages {
		if !strings.Contains(p.PkgPath, path) {
			continue
		}
		for _, known := range p.TypesInfo.Types {
			if known.Value != nil && known.Value.Kind() == constant.String {
				all = append(all, constant.StringVal(known.Value))
			}
		}
	}
	return all
}
