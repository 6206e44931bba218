// Package house holds the tests that keep the project's own rules: who may
// import whom, how long a file may be, and what the pure core must not touch.
// docs/contributing.md gives the reasons.
package house

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const module = "github.com/usher-dev/usher/"

// source is one Go file of the project.
type source struct {
	path string // from the top, with slashes
	dir  string
	test bool
	data []byte
	set  *token.FileSet
	ast  *ast.File
}

// at says where a node stands.
func (s source) at(n ast.Node) string {
	return s.path + ":" + strconv.Itoa(s.set.Position(n.Pos()).Line)
}

// imports lists the paths that a file imports; those of the project without
// the module's name.
func (s source) imports() []string {
	var paths []string
	for _, spec := range s.ast.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		paths = append(paths, strings.TrimPrefix(path, module))
	}
	return paths
}

// sources are all Go files of the project.
func sources(t *testing.T) []source {
	t.Helper()
	all, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Fatalf("found only %d files: is this the project?", len(all))
	}
	return all
}

// parsed reads every Go file of the project once for all tests; nobody changes
// what it returns.
var parsed = sync.OnceValues(func() ([]source, error) {
	top := filepath.Join("..", "..")
	var all []source
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != top && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		s, err := read(top, path)
		all = append(all, s)
		return err
	})
	return all, err
})

func read(top, path string) (source, error) {
	rel, err := filepath.Rel(top, path)
	if err != nil {
		return source{}, err
	}
	rel = filepath.ToSlash(rel)
	s := source{path: rel, dir: filepath.ToSlash(filepath.Dir(rel)), test: strings.HasSuffix(rel, "_test.go"), set: token.NewFileSet()}
	if s.data, err = os.ReadFile(path); err != nil {
		return s, err
	}
	s.ast, err = parser.ParseFile(s.set, rel, s.data, parser.ParseComments)
	return s, err
}

func within(dir string, parents ...string) bool {
	return slices.ContainsFunc(parents, func(p string) bool { return dir == p || strings.HasPrefix(dir, p+"/") })
}

// ours reports whether an import path, as imports gives it, is of the project.
func ours(path string) bool {
	return within(path, "bot", "core", "adapters", "storage", "config")
}

// standard reports whether an import path is of the standard library.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !ours(path) && !strings.Contains(first, ".")
}

func TestFilesStayUnder500Lines(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if n := bytes.Count(s.data, []byte("\n")); n >= 500 {
			t.Errorf("%s has %d lines: split it by story", s.path, n)
		}
	}
}

func TestNineFunctionsInTenStayUnder40Lines(t *testing.T) {
	t.Parallel()
	var all, long int
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, d := range s.ast.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				all++
				if s.set.Position(f.End()).Line-s.set.Position(f.Pos()).Line >= 40 {
					long++
				}
			}
		}
	}
	if long*10 > all {
		t.Errorf("%d of %d functions have 40 lines or more", long, all)
	}
}

func TestNamesSayWhatAPackageIsFor(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "manager"}, s.ast.Name.Name) {
			t.Errorf("%s: package %s says nothing", s.path, s.ast.Name.Name)
		}
	}
}
