package entra

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/usher-dev/usher/config"
)

// node is an object at its place in a file. Its methods read a property by the
// first of several names that is there and not null. A value of another kind
// than Graph documents is a problem, since to overlook it could open what is
// meant to be closed.
type node struct {
	tree
	file, path string
	problems   *config.Report
}

func (n node) find(names []string) (value any, path string) {
	for _, name := range names {
		if v := n.tree[name]; v != nil {
			return v, n.path + "." + name
		}
	}
	return nil, n.path + "." + names[0]
}

// bad notes a problem, once: some properties are looked at more than once.
func (n node) bad(path, want string) {
	there := slices.ContainsFunc(*n.problems, func(p config.Problem) bool { return p.Source == n.file && p.Err.Field == path })
	if !there {
		*n.problems = append(*n.problems, problem(n.file, path, "fileNot", "want", want))
	}
}

// text reads a text; "" if there is none.
func (n node) text(names ...string) string {
	switch v, path := n.find(names); v := v.(type) {
	case nil:
	case string:
		return v
	default:
		n.bad(path, "a text")
	}
	return ""
}

// flag reads true or false, also as text. Nothing is false.
func (n node) flag(names ...string) bool {
	v, path := n.find(names)
	if v == nil {
		return false
	}
	on, err := strconv.ParseBool(strings.ToLower(fmt.Sprint(v)))
	if err != nil {
		n.bad(path, "true or false")
	}
	return on
}

// number reads a whole number, also as text; 0 if there is none.
func (n node) number(names ...string) int {
	v, path := n.find(names)
	if v == nil {
		return 0
	}
	text, _ := v.(string)
	if digits, ok := v.(json.Number); ok {
		text = digits.String()
	}
	number, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		n.bad(path, "a whole number")
	}
	return int(number)
}

// node reads an object; published pages say none with an empty list as well.
func (n node) node(names ...string) (node, bool) {
	v, path := n.find(names)
	if list, ok := v.([]any); v == nil || ok && len(list) == 0 {
		return node{tree{}, n.file, path, n.problems}, false
	}
	m, ok := v.(tree)
	if !ok {
		n.bad(path, "an object")
	}
	return node{m, n.file, path, n.problems}, ok
}

// list reads a list of objects.
func (n node) list(names ...string) []node {
	v, path := n.find(names)
	list, ok := v.([]any)
	if v != nil && !ok {
		n.bad(path, "a list")
	}
	var nodes []node
	for i, item := range list {
		at := path + "[" + strconv.Itoa(i) + "]"
		m, ok := item.(tree)
		if !ok {
			n.bad(at, "an object")
			continue
		}
		nodes = append(nodes, node{m, n.file, at, n.problems})
	}
	return nodes
}

// has reports whether one of the names is there, be it null.
func (n node) has(names ...string) bool {
	for _, name := range names {
		if _, ok := n.tree[name]; ok {
			return true
		}
	}
	return false
}

// odata is the object's @odata.type without what is the same in all of them;
// "" if it has none. Pages write it with and without #.
func (n node) odata() string {
	name, _ := n.tree["@odata.type"].(string)
	return strings.TrimPrefix(strings.TrimPrefix(name, "#"), "microsoft.graph.")
}
