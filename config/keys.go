package config

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/usher-dev/usher/core/access"
)

// nearest names the Data of a problem that holds what was probably meant.
const nearest = "nearest"

// Suggest adds to a problem what was probably meant instead of value: the
// candidate that differs in the fewest letters, if those are few.
func Suggest(e *access.Error, value string, candidates []string) *access.Error {
	best, distance := "", 1+max(len(value)/3, 1)
	for _, c := range candidates {
		if d := levenshtein.ComputeDistance(strings.ToLower(value), strings.ToLower(c)); d < distance {
			best, distance = c, d
		}
	}
	if best == "" {
		return e
	}
	with := *e
	with.Data = maps.Clone(e.Data)
	with.Data[nearest] = best
	return &with
}

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

// keyOf looks at one key of a block, and at what is below it. Types that read
// themselves look after their own keys.
func (s *source) keyOf(pair *ast.MappingValueNode, t reflect.Type, r *Report) {
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[texts]() || t == reflect.TypeFor[entry]() {
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
	*r = append(*r, s.problem(tk, Suggest(e, key, slices.Sorted(maps.Keys(fields)))))
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
