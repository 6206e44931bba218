package desk

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/usher-dev/usher/core/access"
)

// What Discord shows of a field in a modal ("Component Reference", Label): the
// shortest of all chats. What is longer would be cut.
const (
	labelMost = 45
	hintMost  = 100
)

// TestLabelsAndHintsAreShownWhole: every label and hint of every form, in each
// language.
func TestLabelsAndHintsAreShownWhole(t *testing.T) {
	t.Parallel()
	texts := mustTexts(t)
	labels, hints := fieldKeys(t)
	for key := range texts.holes["en"] {
		if strings.HasPrefix(key, "field.") || strings.Contains(key, ".field.") {
			labels = append(labels, key)
		}
		if strings.HasPrefix(key, "hint.") || strings.Contains(key, ".hint.") {
			hints = append(hints, key)
		}
	}
	if len(labels) < 60 || len(hints) < 40 {
		t.Fatalf("only %d labels and %d hints were found", len(labels), len(hints))
	}
	for _, lang := range texts.Languages() {
		c := &call{tongue: texts.in("UTC", lang)}
		fits := func(key, text string, most int) {
			if n := len([]rune(text)); n > most {
				t.Errorf("%s: %s has %d characters, at most %d are shown: %s", lang, key, n, most, text)
			}
		}
		for _, key := range labels {
			fits(key, c.withHoles(key, texts.holes["en"][key]), labelMost)
		}
		for _, key := range hints {
			fits(key, c.withHoles(key, texts.holes["en"][key]), hintMost)
		}
		for _, f := range c.oneStage(1, 3, access.Stage{}) {
			fits(f.ID, f.Label, labelMost)
		}
	}
}

// withHoles is a text with something in every place that is left open.
func (c *call) withHoles(key string, holes []string) string {
	var data []any
	for _, hole := range holes {
		data = append(data, hole, "30 days")
	}
	return c.plain(key, data...)
}

// fieldKeys are the keys of the texts that the code names as labels and hints
// of fields.
func fieldKeys(t *testing.T) (labels, hints []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok && isField(lit) {
				labels = append(labels, keysAt(lit, "Label")...)
				hints = append(hints, keysAt(lit, "Hint")...)
			}
			return true
		})
	}
	return slices.Compact(slices.Sorted(slices.Values(labels))), slices.Compact(slices.Sorted(slices.Values(hints)))
}

// isField reports whether a literal has what only a form's field has.
func isField(lit *ast.CompositeLit) bool {
	named := map[string]bool{}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok {
				named[id.Name] = true
			}
		}
	}
	return named["ID"] && named["Kind"] && named["Label"]
}

// keysAt are the keys of the texts that are called for by plain in a member of
// a literal.
func keysAt(lit *ast.CompositeLit, member string) []string {
	var out []string
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if id, named := kv.Key.(*ast.Ident); !ok || !named || id.Name != member {
			continue
		}
		call, ok := kv.Value.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			continue
		}
		if key, ok := call.Args[0].(*ast.BasicLit); ok && key.Kind == token.STRING {
			if s, err := strconv.Unquote(key.Value); err == nil {
				out = append(out, s)
			}
		}
	}
	return out
}
