package house

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"
)

func TestTheCoreIsPure(t *testing.T) {
	t.Parallel()
	impure := []string{"context", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand", "os", "io/fs", "net", "net/http", "sync", "sync/atomic"}
	clock := []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer"}
	for _, s := range sources(t) {
		if s.test || !within(s.dir, "core/access", "core/engine") {
			continue
		}
		for _, path := range s.imports() {
			if slices.Contains(impure, path) {
				t.Errorf("%s imports %s", s.path, path)
			}
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt, *ast.SendStmt, *ast.SelectStmt:
				t.Errorf("%s: the core starts no goroutine and talks to none", s.at(n))
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clock, n.Sel.Name) {
					t.Errorf("%s asks the clock: time comes with the command", s.at(n))
				}
			}
			return true
		})
	}
}

func TestNoInit(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		for _, d := range s.ast.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: register it in a visible map instead", s.at(f))
			}
		}
	}
}

// TestPackageVariablesAreConstantsInAllButName allows sentinel errors,
// compiled patterns and templates, tables, embedded files (also when they are
// read once, on first use) and the assertion that a type has an interface. What changes belongs into a value that is
// passed on.
func TestPackageVariablesAreConstantsInAllButName(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, d := range s.ast.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
				checkVars(t, s, g)
			}
		}
	}
}

func checkVars(t *testing.T, s source, g *ast.GenDecl) {
	t.Helper()
	for _, spec := range g.Specs {
		v := spec.(*ast.ValueSpec)
		if v.Names[0].Name == "_" || embedded(g.Doc) || embedded(v.Doc) {
			continue
		}
		// Set by the linker.
		if s.dir == "bot" && v.Names[0].Name == "version" {
			continue
		}
		if len(v.Values) == 0 && !zeroTime(v.Type) {
			t.Errorf("%s: %s is filled later", s.at(v), v.Names[0].Name)
		}
		for _, value := range v.Values {
			if !fixed(value) {
				t.Errorf("%s: %s is not a fixed value", s.at(v), v.Names[0].Name)
			}
		}
	}
}

// zeroTime reports whether a variable is a time.Time without a value: the zero
// time under a name.
func zeroTime(e ast.Expr) bool {
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := s.X.(*ast.Ident)
	return ok && x.Name == "time" && s.Sel.Name == "Time"
}

func embedded(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

// fixed reports whether an expression makes a value that nobody changes.
func fixed(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.CompositeLit, *ast.BasicLit, *ast.FuncLit:
		return true
	case *ast.CallExpr:
		if f, ok := e.Fun.(*ast.SelectorExpr); ok {
			return slices.Contains([]string{"New", "Errorf", "MustCompile", "Must", "MustParse", "NewReplacer", "Date", "OnceValue", "OnceValues"}, f.Sel.Name)
		}
		_, conversion := e.Fun.(*ast.ArrayType)
		return conversion
	}
	return false
}

func TestTestsNeitherSleepNorSkip(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if !s.test {
			continue
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, _ := f.X.(*ast.Ident)
			switch {
			case x != nil && x.Name == "time" && f.Sel.Name == "Sleep":
				t.Errorf("%s sleeps: wait for what is to happen", s.at(n))
			case x != nil && (x.Name == "t" || x.Name == "b") && strings.HasPrefix(f.Sel.Name, "Skip"):
				t.Errorf("%s skips", s.at(n))
			}
			return true
		})
	}
}
