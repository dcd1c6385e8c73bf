package headlines

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// gap stands for what only a run knows.
const gap = "…"

// reader works out what the text of an expression may be.
type reader struct {
	code *code
	// bound are the arguments of the calls that the reader is in.
	bound map[types.Object]value
	outer *reader // in which those are read
	open  map[ast.Expr]bool
}

// texts returns what an expression may be, each with a gap for what is not known.
func (r *reader) texts(info *types.Info, expr ast.Expr) []string {
	if expr == nil || r.open[expr] {
		return []string{gap}
	}
	if known := info.Types[expr].Value; known != nil {
		if known.Kind() == constant.String {
			return []string{constant.StringVal(known)}
		}
		return []string{known.String()}
	}
	r.open[expr] = true
	defer delete(r.open, expr)
	switch e := expr.(type) {
	case *ast.ParenExpr:
		return r.texts(info, e.X)
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return joined(r.texts(info, e.X), r.texts(info, e.Y))
		}
	case *ast.Ident, *ast.SelectorExpr:
		return r.ofObject(objectOf(info, expr))
	case *ast.CallExpr:
		return r.ofCall(info, e, 0)
	}
	return []string{gap}
}

func joined(left, right []string) (all []string) {
	for _, l := range left {
		for _, r := range right {
			all = append(all, l+r)
		}
	}
	return all
}

// ofObject returns what a variable, a parameter or a field may hold.
func (r *reader) ofObject(object types.Object) []string {
	if object == nil {
		return []string{gap}
	}
	if argument, ok := r.bound[object]; ok {
		return r.outer.texts(argument.info, argument.expr)
	}
	var all []string
	for _, one := range r.code.values[object] {
		all = append(all, r.texts(one.info, one.expr)...)
	}
	for _, one := range r.code.results[object] {
		all = append(all, r.ofCall(one.info, one.expr, one.index)...)
	}
	for _, argument := range r.code.argumentsFor(object) {
		all = append(all, r.texts(argument.info, argument.expr)...)
	}
	if len(all) == 0 {
		return []string{gap}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// ofCall returns what a call returns.
func (r *reader) ofCall(info *types.Info, n *ast.CallExpr, index int) []string {
	called := calledBy(info, n)
	switch {
	case called == nil:
		return []string{gap}
	case called.Pkg() != nil && called.Pkg().Path() == "fmt" && called.Name() == "Sprintf":
		return r.formatted(info, n)
	case called.Pkg() != nil && called.Pkg().Path() == "cmp" && called.Name() == "Or":
		var all []string
		for _, argument := range n.Args {
			all = append(all, r.texts(info, argument)...)
		}
		return all
	}
	var all []string
	for _, body := range r.code.bodiesOf(called) {
		inner := &reader{code: r.code, bound: argumentsOf(info, n, body), outer: r, open: r.open}
		all = append(all, inner.returned(body, index)...)
	}
	if len(all) == 0 {
		return []string{gap}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// bodiesOf is a function, or every method that an interface's may be.
func (c *code) bodiesOf(called types.Object) []function {
	if own, ok := c.functions[called]; ok {
		return []function{own}
	}
	method, ok := called.(*types.Func)
	if !ok {
		return nil
	}
	receiver := method.Signature().Recv()
	if receiver == nil {
		return nil
	}
	wanted, ok := receiver.Type().Underlying().(*types.Interface)
	if !ok || called.Pkg() == nil || !isOurs(called.Pkg().Path()) {
		return nil
	}
	var all []function
	for one, body := range c.functions {
		candidate, ok := one.(*types.Func)
		if !ok || candidate.Name() != method.Name() || candidate.Signature().Recv() == nil {
			continue
		}
		if types.Implements(candidate.Signature().Recv().Type(), wanted) {
			all = append(all, body)
		}
	}
	return all
}

func isOurs(path string) bool {
	return strings.HasPrefix(path, "github.com/invoice-iac/terraform-provider-invoice")
}

// argumentsOf binds the parameters of a function to what a call gives.
func argumentsOf(info *types.Info, n *ast.CallExpr, f function) map[types.Object]value {
	bound := map[types.Object]value{}
	for i, parameter := range parametersOf(f) {
		if i < len(n.Args) {
			bound[parameter] = value{info, n.Args[i]}
		}
	}
	return bound
}

func parametersOf(f function) (all []types.Object) {
	for _, field := range f.kind.Params.List {
		for _, name := range field.Names {
			all = append(all, f.info.Defs[name])
		}
		if len(field.Names) == 0 {
			all = append(all, nil)
		}
	}
	return all
}

// returned are the texts that a function may return in one place.
func (r *reader) returned(f function, index int) (all []string) {
	var named []types.Object
	if f.kind.Results != nil {
		for _, field := range f.kind.Results.List {
			for _, name := range field.Names {
				named = append(named, f.info.Defs[name])
			}
		}
	}
	ast.Inspect(f.body, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			switch {
			case index < len(n.Results) && (index > 0 || len(n.Results) > 1 || !isSeveral(f, n)):
				all = append(all, r.texts(f.info, n.Results[index])...)
			case len(n.Results) == 1:
				if inner, ok := n.Results[0].(*ast.CallExpr); ok {
					all = append(all, r.ofCall(f.info, inner, index)...)
				}
			case len(n.Results) == 0 && index < len(named):
				all = append(all, r.ofObject(named[index])...)
			}
		}
		return true
	})
	return all
}

// isSeveral reports whether a return passes on the several results of one call.
func isSeveral(f function, n *ast.ReturnStmt) bool {
	_, several := f.info.TypeOf(n.Results[0]).(*types.Tuple)
	return several
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?[-+# 0-9.]*([a-zA-Z%])`)

// formatted returns what Sprintf makes.
func (r *reader) formatted(info *types.Info, n *ast.CallExpr) []string {
	all := []string{""}
	for _, format := range r.texts(info, n.Args[0]) {
		next, end := 1, 0
		for _, found := range verb.FindAllStringSubmatchIndex(format, -1) {
			all = joined(all, []string{format[end:found[0]]})
			end = found[1]
			kind := format[found[4]:found[5]]
			if kind == "%" {
				all = joined(all, []string{"%"})
				continue
			}
			if found[2] >= 0 {
				next, _ = strconv.Atoi(format[found[2]:found[3]])
			}
			texts := []string{gap}
			if kind == "s" || kind == "v" || kind == "q" {
				texts = r.texts(info, n.Args[next])
			}
			if kind == "q" {
				texts = joined(joined([]string{`"`}, texts), []string{`"`})
			}
			all = joined(all, texts)
			next++
		}
		all = joined(all, []string{format[end:]})
	}
	return all
}
