package headlines

import (
	"go/ast"
	"go/token"
	"go/types"
	"sync"
	"testing"

	"golang.org/x/tools/go/packages"
)

// code is the source of the provider and of its clients.
type code struct {
	packages []*packages.Package
	// functions by their name, and those that a variable holds
	functions map[types.Object]function
	// calls of each function and of each variable that holds one
	calls map[types.Object][]call
	// values that a field, a variable or a constant gets
	values map[types.Object][]value
	// results that a variable gets from a call with several
	results map[types.Object][]result
}

type function struct {
	info *types.Info
	kind *ast.FuncType
	body *ast.BlockStmt
}

type call struct {
	info *types.Info
	expr *ast.CallExpr
}

type value struct {
	info *types.Info
	expr ast.Expr // nil for one that nobody can know
}

type result struct {
	call
	index int
}

// readCode loads the packages once for all tests.
func readCode(t *testing.T) *code {
	t.Helper()
	c, err := loadedCode()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var loadedCode = sync.OnceValues(loadCode)

func loadCode() (*code, error) {
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports,
		Dir:  "../..",
	}, ".", "./internal/provider/...", "./internal/client/...")
	if err != nil {
		return nil, err
	}
	c := &code{
		packages: loaded, functions: map[types.Object]function{}, calls: map[types.Object][]call{},
		values: map[types.Object][]value{}, results: map[types.Object][]result{},
	}
	for _, p := range loaded {
		for _, problem := range p.Errors {
			return nil, problem
		}
		for _, file := range p.Syntax {
			ast.Inspect(file, func(node ast.Node) bool {
				c.note(p.TypesInfo, node)
				return true
			})
		}
	}
	return c, nil
}

func (c *code) note(info *types.Info, node ast.Node) {
	switch n := node.(type) {
	case *ast.FuncDecl:
		if n.Body != nil {
			c.functions[info.Defs[n.Name]] = function{info, n.Type, n.Body}
		}
	case *ast.CallExpr:
		if called := calledBy(info, n); called != nil {
			c.calls[called] = append(c.calls[called], call{info, n})
		}
	case *ast.AssignStmt:
		c.noteAssignment(info, n)
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if i < len(n.Values) {
				c.noteValue(info, info.Defs[name], n.Values[i])
			}
		}
	case *ast.RangeStmt:
		for _, one := range []ast.Expr{n.Key, n.Value} {
			if name, ok := one.(*ast.Ident); ok {
				c.noteValue(info, objectOf(info, name), nil)
			}
		}
	case *ast.CompositeLit:
		c.noteFields(info, n)
	}
}

func (c *code) noteAssignment(info *types.Info, n *ast.AssignStmt) {
	for i, left := range n.Lhs {
		target := objectOf(info, left)
		switch {
		case target == nil:
		case n.Tok != token.ASSIGN && n.Tok != token.DEFINE:
			c.noteValue(info, target, nil)
		case len(n.Lhs) == len(n.Rhs):
			c.noteValue(info, target, n.Rhs[i])
		default:
			if several, ok := n.Rhs[0].(*ast.CallExpr); ok {
				c.results[target] = append(c.results[target], result{call{info, several}, i})
			}
		}
	}
}

func (c *code) noteFields(info *types.Info, n *ast.CompositeLit) {
	structure, ok := structOf(info.TypeOf(n))
	if !ok {
		return
	}
	for i, element := range n.Elts {
		switch e := element.(type) {
		case *ast.KeyValueExpr:
			if name, ok := e.Key.(*ast.Ident); ok {
				c.noteValue(info, objectOf(info, name), e.Value)
			}
		default:
			c.noteValue(info, structure.Field(i).Origin(), e)
		}
	}
}

func (c *code) noteValue(info *types.Info, target types.Object, expr ast.Expr) {
	if target == nil {
		return
	}
	if literal, ok := expr.(*ast.FuncLit); ok {
		c.functions[target] = function{info, literal.Type, literal.Body}
	}
	c.values[target] = append(c.values[target], value{info, expr})
}

func structOf(t types.Type) (*types.Struct, bool) {
	if t == nil {
		return nil, false
	}
	if pointer, ok := t.Underlying().(*types.Pointer); ok {
		t = pointer.Elem()
	}
	structure, ok := t.Underlying().(*types.Struct)
	return structure, ok
}

// objectOf is what an expression names: a function, a method, a variable or a field.
func objectOf(info *types.Info, expr ast.Expr) types.Object {
	var object types.Object
	switch e := ast.Unparen(expr).(type) {
	case *ast.Ident:
		object = info.ObjectOf(e)
	case *ast.SelectorExpr:
		object = info.ObjectOf(e.Sel)
	case *ast.IndexExpr: // of a generic function
		return objectOf(info, e.X)
	}
	switch o := object.(type) {
	case *types.Var:
		return o.Origin()
	case *types.Func:
		return o.Origin()
	}
	return object
}

func calledBy(info *types.Info, n *ast.CallExpr) types.Object {
	return objectOf(info, n.Fun)
}
