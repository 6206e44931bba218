package desk

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
)

// mergeDefinitions puts what mine changed of base on top of theirs. It knows
// nothing of what it merges but its JSON: objects are merged by key, lists of
// objects with an "id" by id, lists of texts by text; of everything else mine
// counts where both changed.
func mergeDefinitions[V any](base, theirs, mine V) (V, error) {
	var out V
	var trees [3]any
	for i, v := range []V{base, theirs, mine} {
		tree, err := treeOf(v)
		if err != nil {
			return out, err
		}
		trees[i] = tree
	}
	data, err := json.Marshal(merge3(trees[0], trees[1], trees[2]))
	if err == nil {
		err = json.Unmarshal(data, &out)
	}
	return out, err
}

func treeOf(v any) (any, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var tree any
	return tree, d.Decode(&tree)
}

// merge3 merges trees; nil is what is not there.
func merge3(base, theirs, mine any) any {
	switch {
	case reflect.DeepEqual(mine, base):
		return theirs
	case reflect.DeepEqual(theirs, base):
		return mine
	}
	if t, m, ok := both[map[string]any](theirs, mine); ok {
		b, _ := base.(map[string]any)
		return mergeObjects(b, t, m)
	}
	if t, m, ok := both[[]any](theirs, mine); ok {
		b, _ := base.([]any)
		if keyed := keysOf(slices.Concat(b, t, m)); keyed {
			return mergeLists(b, t, m)
		}
	}
	return mine
}

func both[V any](a, b any) (V, V, bool) {
	x, ok1 := a.(V)
	y, ok2 := b.(V)
	return x, y, ok1 && ok2
}

func mergeObjects(base, theirs, mine map[string]any) map[string]any {
	out := map[string]any{}
	all := maps.Clone(theirs)
	maps.Copy(all, mine)
	for key := range all {
		if v := merge3(base[key], theirs[key], mine[key]); v != nil {
			out[key] = v
		}
	}
	return out
}

// keyOf is what an entry of a list is known by, "" for nothing.
func keyOf(entry any) string {
	switch v := entry.(type) {
	case string:
		return v
	case map[string]any:
		id, _ := v["id"].(string)
		return id
	}
	return ""
}

func keysOf(list []any) bool {
	return !slices.ContainsFunc(list, func(v any) bool { return keyOf(v) == "" })
}

// mergeLists keeps the order of mine if mine is in another than base, else
// that of theirs. What only one of them added comes behind.
func mergeLists(base, theirs, mine []any) []any {
	b, t, m := byKey(base), byKey(theirs), byKey(mine)
	order, rest := theirs, mine
	if !slices.Equal(common(base, m), common(mine, b)) {
		order, rest = mine, theirs
	}
	var out []any
	done := map[string]bool{}
	for _, entry := range slices.Concat(order, rest) {
		key := keyOf(entry)
		if done[key] {
			continue
		}
		done[key] = true
		if v := merge3(b[key], t[key], m[key]); v != nil {
			out = append(out, v)
		}
	}
	return out
}

func byKey(list []any) map[string]any {
	out := map[string]any{}
	for _, v := range list {
		out[keyOf(v)] = v
	}
	return out
}

// common are the keys of a list that are in another as well, in their order.
func common(list []any, other map[string]any) []string {
	var out []string
	for _, v := range list {
		if _, ok := other[keyOf(v)]; ok {
			out = append(out, keyOf(v))
		}
	}
	return out
}
