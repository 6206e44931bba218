package config

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/usher-dev/usher/core/access"
)

// Limits of a file that is read. The YAML library needs time that grows with
// the square of the nesting, so deep files are refused before it sees them.
const (
	MaxFile = 256 << 10 // bytes
	maxLine = 64 << 10  // bytes
	maxDeep = 100       // brackets and braces that are open at a time
)

// source is one YAML file with the places of its values.
type source struct {
	name string
	data []byte
	file *ast.File
	// written is where a value was written, by its path in core/access, when
	// the file has it elsewhere.
	written map[string]string
	// quiet keeps the file's text out of problems: it may hold secrets.
	quiet bool
}

// parse reads the one document of a file. Anchors and aliases are refused: a
// small file of aliases can stand for a very large one. So are tags, which
// nothing here needs.
func parse(name string, data []byte, quiet bool) (*source, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) // which editors on Windows put first
	s := &source{name: name, data: data, written: map[string]string{}, quiet: quiet}
	if len(data) > MaxFile {
		return nil, s.fail(nil, "fileTooBig", "max", MaxFile)
	}
	if tk := notText(data); tk != nil {
		return nil, s.fail(tk, "badText")
	}
	if deep(data) {
		return nil, s.fail(nil, "fileDeep")
	}
	err := guarded(func() (err error) {
		s.file, err = parser.ParseBytes(data, 0)
		return err
	})
	if err != nil {
		return nil, s.explain(err)
	}
	file := s.file
	var docs []*ast.DocumentNode
	for _, doc := range file.Docs {
		if doc.Body != nil && doc.Body.Type() != ast.NullType {
			docs = append(docs, doc)
		}
	}
	switch {
	case len(docs) == 0:
		return nil, s.fail(nil, "fileEmpty")
	case len(docs) > 1:
		return nil, s.fail(docs[1].Body.GetToken(), "fileDocuments")
	}
	file.Docs = docs
	var aliased finder
	if err := guarded(func() error { ast.Walk(&aliased, docs[0].Body); return nil }); err != nil {
		return nil, s.explain(err)
	}
	if aliased.found != nil {
		return nil, s.fail(aliased.found, "fileAlias")
	}
	return s, nil
}

// notText is the place of the first byte that is not UTF-8; nil if there is
// none. The YAML library would take it for U+FFFD.
func notText(data []byte) *token.Token {
	if utf8.Valid(data) {
		return nil
	}
	line, rest := 1, data
	for {
		text, after, _ := bytes.Cut(rest, []byte("\n"))
		if !utf8.Valid(text) {
			before := bytes.IndexFunc(text, func(r rune) bool { return r == utf8.RuneError })
			return &token.Token{Position: &token.Position{Line: line, Column: 1 + utf8.RuneCount(text[:before])}}
		}
		line, rest = line+1, after
	}
}

// deep reports brackets or lines that no file for people has.
func deep(data []byte) bool {
	open, line := 0, 0
	for _, b := range data {
		line++
		switch b {
		case '[', '{':
			open++
		case ']', '}':
			open = max(open-1, 0)
		case '\n':
			line = 0
		}
		if open > maxDeep || line > maxLine {
			return true
		}
	}
	return false
}

// errBroken is what is left of a panic in the YAML library.
var errBroken = errors.New("this is not valid YAML")

// guarded calls into the YAML library, which dereferences nil on some broken
// files that fuzzing found.
func guarded(call func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = errBroken
		}
	}()
	return call()
}

// finder looks for the first anchor, alias, merge key or tag.
type finder struct{ found *token.Token }

func (f *finder) Visit(n ast.Node) ast.Visitor {
	switch n.Type() {
	case ast.AnchorType, ast.AliasType, ast.MergeKeyType, ast.TagType:
		if f.found == nil {
			f.found = n.GetToken()
		}
	}
	return f
}

// Decode reads a YAML file into v, with the same limits as a file of
// definitions. Errors are a Report. at gives a problem of the value at a path of
// keys its place.
func Decode(name string, data []byte, v any) (at func(e *access.Error, keys ...string) Problem, err error) {
	s, err := parse(name, data, false)
	if err != nil {
		return nil, err
	}
	at = func(e *access.Error, keys ...string) Problem {
		return s.problem(below(s.file.Docs[0].Body, keys), e)
	}
	return at, s.decode(v)
}

// below is the token of the value at a path of keys; nil if there is none.
func below(node ast.Node, keys []string) *token.Token {
	if len(keys) == 0 {
		return first(node)
	}
	var pairs []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	}
	for _, pair := range pairs {
		if keyText(pair.Key.GetToken()) == keys[0] {
			return below(pair.Value, keys[1:])
		}
	}
	return nil
}

// decode fills v; keys that v does not have are refused.
func (s *source) decode(v any) error {
	err := guarded(func() error { return yaml.NodeToValue(s.file.Docs[0].Body, v, yaml.Strict()) })
	if err != nil {
		return s.explain(err)
	}
	return nil
}

func (s *source) fail(tk *token.Token, code string, data ...any) error {
	if s.quiet && code == "fileSyntax" {
		code, data = "fileYAML", nil
	}
	return Report{s.problem(tk, access.Refuse(access.Invalid, code, data...))}
}

// problem gives an error its place.
func (s *source) problem(tk *token.Token, e *access.Error) Problem {
	p := Problem{Source: s.name, Err: e}
	if tk == nil || tk.Position == nil {
		return p
	}
	p.Line, p.Column = tk.Position.Line, tk.Position.Column
	if !s.quiet {
		p.Shown = excerpt(s.data, p.Line, p.Column)
	}
	return p
}

// explain turns the parser's error into a sentence that does not speak of Go.
func (s *source) explain(err error) error {
	var located yaml.Error
	if !errors.As(err, &located) {
		return s.fail(nil, "fileSyntax", "message", err.Error())
	}
	tk := located.GetToken()
	switch e := located.(type) {
	case *yaml.UnknownFieldError:
		return s.fail(tk, "fileUnknownKey", "key", tk.Value)
	case *yaml.TypeError:
		return s.fail(tk, "fileNot", "want", wanted(e.DstType))
	case *yaml.OverflowError:
		return s.fail(tk, "fileNot", "want", wanted(e.DstType))
	case *yaml.UnexpectedNodeTypeError:
		return s.fail(tk, "fileNot", "want", wantedNode(e.Expected))
	}
	if tk != nil && strings.HasPrefix(located.GetMessage(), "found character '\t'") {
		return s.fail(tk, "fileTab")
	}
	return s.fail(tk, "fileSyntax", "message", located.GetMessage())
}

func wanted(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64, reflect.Uint, reflect.Uint64:
		return "a whole number"
	case reflect.Slice:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "a block of keys and values"
	}
	return "a text"
}

func wantedNode(t ast.NodeType) string {
	switch t {
	case ast.SequenceType:
		return "a list"
	case ast.MappingType, ast.MappingValueType:
		return "a block of keys and values"
	case ast.BoolType:
		return "true or false"
	case ast.IntegerType:
		return "a whole number"
	}
	return "a text"
}

// wrote notes that the value that core/access calls path is written at place.
func (s *source) wrote(path, place string) { s.written[path] = place }

// place is where the file has the value that core/access calls path.
func (s *source) place(path string) string {
	for p := path; p != ""; p = parent(p) {
		if elsewhere, ok := s.written[p]; ok {
			return elsewhere + path[len(p):]
		}
	}
	return path
}

// token finds the value at a place, or the nearest thing around it that is in
// the file.
func (s *source) token(place string) *token.Token {
	for ; place != ""; place = parent(place) {
		if tk := s.lookup(place); tk != nil {
			return tk
		}
	}
	return nil
}

func (s *source) lookup(place string) *token.Token {
	path, err := yaml.PathString("$." + place)
	if err != nil {
		return nil
	}
	var node ast.Node
	err = guarded(func() (err error) {
		node, err = path.FilterFile(s.file)
		return err
	})
	if err != nil || node == nil {
		return nil
	}
	return first(node)
}

// first is the token that a person would point at: of a block its first key.
func first(node ast.Node) *token.Token {
	switch n := node.(type) {
	case *ast.MappingNode:
		if len(n.Values) > 0 && !n.IsFlowStyle {
			return n.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return n.Key.GetToken()
	case *ast.SequenceNode:
		if len(n.Values) > 0 && !n.IsFlowStyle {
			return first(n.Values[0])
		}
	}
	return node.GetToken()
}

// parent takes the last step off a path.
func parent(path string) string {
	return path[:max(strings.LastIndexAny(path, ".["), 0)]
}

// report gives each problem its place.
func (s *source) report(problems access.Problems) error {
	var r Report
	for _, e := range problems {
		place := s.place(e.Field)
		r = append(r, s.problem(s.token(place), e.At(place)))
	}
	return r.err()
}

func path(format string, args ...any) string { return fmt.Sprintf(format, args...) }
