package config

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/usher-dev/usher/core/access"
)

// knownKeys finds every key that a shape does not have. The decoder would stop
// at the first, and not know what it stands in.
func (s *source) knownKeys(shape any) error {
	var r Report
	err := guarded(func() error {
		s.keysOf(s.file.Docs[0].Body, reflect.TypeOf(shape), &r)
		return nil
	})
	if err != nil {
		return s.explain(err)
	}
	return r.err()
}

func (s *source) keysOf(node ast.Node, t reflect.Type, r *Report) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch n := node.(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		s.numberOf(n, t, r)
	case *ast.SequenceNode:
		if t.Kind() == reflect.Slice {
			for _, item := range n.Values {
				s.keysOf(item, t.Elem(), r)
			}
		}
	case *ast.MappingNode:
		for _, pair := range n.Values {
			s.keyOf(pair, t, r)
		}
	case *ast.MappingValueNode:
		s.keyOf(n, t, r)
	}
}

// numberOf finds numbers that the decoder would not take as they are written:
// it cuts off fractions where a whole number belongs, and makes 83 of the text
// 0123.
func (s *source) numberOf(node ast.Node, t reflect.Type, r *Report) {
	tk := node.GetToken()
	_, whole := node.(*ast.IntegerNode)
	text := ""
	switch {
	case t.Kind() == reflect.Int && !whole:
		*r = append(*r, s.problem(tk, access.Refuse(access.Invalid, "fileNot", "want", wanted(t))))
	case t.Kind() != reflect.String && t != reflect.TypeFor[texts]():
	case yaml.NodeToValue(node, &text) == nil && text != keyText(tk):
		*r = append(*r, s.problem(tk, access.Refuse(access.Invalid, "fileNot", "want", `a text in quotation marks, as in "`+keyText(tk)+`",`)))
	}
}

// keyOf looks at one key of a block, and at what is below it. Types that read
// themselves look after their own keys.
func (s *source) keyOf(pair *ast.MappingValueNode, t reflect.Type, r *Report) {
	if t == reflect.TypeFor[texts]() {
		s.keysOf(pair.Value, reflect.TypeFor[string](), r)
		return
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[entry]() {
		return
	}
	fields := fieldsOf(t)
	tk := pair.Key.GetToken()
	key := keyText(tk)
	if of, ok := fields[key]; ok {
		s.keysOf(pair.Value, of, r)
		return
	}
	e := access.Refuse(access.Invalid, "fileUnknownKey", "key", key)
	*r = append(*r, s.problem(tk, suggest(e, key, slices.Sorted(maps.Keys(fields)))))
}

func keyText(tk *token.Token) string { return strings.TrimSpace(tk.Value) }

// fieldsOf are the keys of a shape with what is below them.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		fields[name] = f.Type
	}
	return fields
}
