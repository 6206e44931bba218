package entra

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// change is one difference between what Usher's definition says in Graph's
// words and what came: at the path Usher said Was, and Now came. One that is
// not there is nil.
type change struct {
	Path []string        `json:"path"`         // keys, and numbers of list elements
	Of   []string        `json:"of,omitempty"` // for each number in Path, what tells the element from others
	Was  json.RawMessage `json:"was,omitempty"`
	Now  json.RawMessage `json:"now,omitempty"`
}

// name is the path as people write it, without the numbers of elements.
func (c change) name() string {
	var b strings.Builder
	for _, step := range c.Path {
		if _, err := strconv.Atoi(step); err == nil {
			b.WriteString("[]")
			continue
		}
		b.WriteString("." + step)
	}
	return strings.TrimPrefix(b.String(), ".")
}

// keeps reports whether the change holds something that Usher does not say
// itself: not only another spelling, and not only that there is nothing. Of a
// sequence the order counts, which is that of Usher's list.
func (c change) keeps() bool {
	if c.Path[len(c.Path)-1] == "sequence" {
		return false
	}
	now := decode(c.Now)
	return c.Now != nil && !empty(now) && (c.Was == nil || !alike(decode(c.Was), now))
}

func decode(data json.RawMessage) any {
	if data == nil {
		return nil
	}
	v, _, err := parse(Source{Data: data})
	if err != nil {
		return nil
	}
	return v
}

// difference lists what has to be changed in was to get now. The order of
// lists does not count.
func difference(was, now any, path []string) []change {
	a, aMap := was.(tree)
	b, bMap := now.(tree)
	if aMap && bMap {
		return differentKeys(a, b, path)
	}
	x, aList := was.([]any)
	y, bList := now.([]any)
	switch {
	case reflect.DeepEqual(was, now), aList && bList && sameMembers(x, y):
		return nil
	case aList && bList && len(x) == len(y):
		var all []change
		for i := range x {
			for _, c := range difference(x[i], y[i], step(path, strconv.Itoa(i))) {
				c.Of = append([]string{identity(x[i])}, c.Of...)
				all = append(all, c)
			}
		}
		return all
	}
	return []change{{Path: path, Was: encode(was), Now: encode(now)}}
}

// identities are the properties that tell elements of a list from each other.
func identities() []string {
	return []string{"@odata.type", "userId", "groupId", "id", "languageCode", "actualValue"}
}

// identity tells an element of a list from others, "" for one that only its
// place does: stages.
func identity(v any) string {
	m, _ := v.(tree)
	id := ""
	for _, key := range identities() {
		if part, ok := m[key].(string); ok {
			id += part + " "
		}
	}
	return id
}

func differentKeys(a, b tree, path []string) []change {
	var all []change
	keys := maps.Clone(a)
	maps.Copy(keys, b)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		was, before := a[key]
		now, after := b[key]
		switch {
		case before && after:
			all = append(all, difference(was, now, step(path, key))...)
		case before:
			all = append(all, change{Path: step(path, key), Was: encode(was)})
		default:
			all = append(all, change{Path: step(path, key), Now: encode(now)})
		}
	}
	return all
}

func step(path []string, name string) []string { return append(slices.Clone(path), name) }

func encode(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		panic("entra: " + err.Error()) // v was read from JSON
	}
	return data
}

func sameMembers(a, b []any) bool {
	if len(a) != len(b) {
		return false
	}
	rest := slices.Clone(b)
	for _, x := range a {
		i := slices.IndexFunc(rest, func(y any) bool { return reflect.DeepEqual(x, y) })
		if i < 0 {
			return false
		}
		rest = slices.Delete(rest, i, i+1)
	}
	return true
}

// alike reports whether two values mean the same to Graph: enum texts and
// languages in whichever case, booleans and numbers as text, times and
// durations however they are written.
func alike(a, b any) bool {
	_, aTree := a.(tree)
	_, bTree := b.(tree)
	p, aList := a.([]any)
	q, bList := b.([]any)
	if aTree || bTree || aList || bList {
		return aTree == bTree && aList == bList && len(p) == len(q) && !slices.ContainsFunc(difference(a, b, nil), change.keeps)
	}
	x, y := fmt.Sprint(a), fmt.Sprint(b)
	if strings.EqualFold(x, y) {
		return true
	}
	s, err := time.Parse(time.RFC3339, x)
	t, err2 := time.Parse(time.RFC3339, y)
	if err == nil && err2 == nil {
		return s.Equal(t)
	}
	d, ok := parseDuration(x)
	e, ok2 := parseDuration(y)
	return ok && ok2 && d == e
}

// empty is a value that says nothing.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case tree:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return v == ""
}

// restore puts changes back into what Usher says today, wherever it still says
// what it said then. Elements are found by their identities, so what changes
// those comes last, from the inside out.
func restore(v any, changes []change) any {
	last := func(c change) int {
		step := c.Path[len(c.Path)-1]
		if _, err := strconv.Atoi(step); err == nil || slices.Contains(identities(), step) {
			return -len(c.Path)
		}
		return -1 << 31
	}
	changes = slices.DeleteFunc(slices.Clone(changes), func(c change) bool { return len(c.Path) == 0 })
	slices.SortStableFunc(changes, func(a, b change) int { return cmp.Compare(last(a), last(b)) })
	for _, c := range changes {
		v = restoreOne(v, c.Path, c)
	}
	return v
}

func restoreOne(v any, path []string, c change) any {
	switch at := v.(type) {
	case tree:
		was, there := at[path[0]]
		switch {
		case len(path) > 1 && there:
			at[path[0]] = restoreOne(was, path[1:], c)
		case len(path) == 1 && !stands(was, there, c):
		case len(path) == 1 && c.Now == nil:
			delete(at, path[0])
		case len(path) == 1:
			at[path[0]] = decode(c.Now)
		}
	case []any:
		i := element(at, path[0], c)
		switch {
		case i < 0:
		case len(path) > 1:
			c.Of = c.Of[1:]
			at[i] = restoreOne(at[i], path[1:], c)
		case stands(at[i], true, c):
			at[i] = decode(c.Now)
		}
	}
	return v
}

// element finds the element of a list that a change is in: at its place, or
// where it was moved to; -1 if it is gone.
func element(list []any, number string, c change) int {
	i, err := strconv.Atoi(number)
	if err != nil || i < 0 || len(c.Of) == 0 {
		return -1
	}
	same := func(v any) bool { return identity(v) == c.Of[0] }
	if i < len(list) && same(list[i]) {
		return i
	}
	if c.Of[0] == "" {
		return -1
	}
	return slices.IndexFunc(list, same)
}

// stands reports whether Usher still says what the change was made against.
func stands(now any, there bool, c change) bool {
	if c.Was == nil {
		return !there
	}
	return there && reflect.DeepEqual(now, decode(c.Was))
}
