package discordfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// length counts characters as Discord does: code points.
func length(s string) int { return utf8.RuneCountInString(s) }

// check looks at a value that is there and not null.
type check func(c *checker, v any, path string)

// checker collects what is wrong with a body.
type checker struct {
	problems  []problem
	customIDs map[string]bool
	ids       map[int64]bool
	count     int // components
	text      int // characters in text displays
	v2        bool
}

func newChecker() *checker { return &checker{customIDs: map[string]bool{}, ids: map[int64]bool{}} }

func (c *checker) wrong(path, code, format string, more ...any) {
	c.problems = append(c.problems, problem{path, code, fmt.Sprintf(format, more...)})
}

func (c *checker) required(path string) {
	c.wrong(path, "BASE_TYPE_REQUIRED", "This field is required")
}

// shape is an object: which fields must be there, and how each looks. A field
// that is not named is refused: Discord ignores it, so that a mistyped name
// would go unnoticed. Null is taken for absent.
type shape struct {
	must   []string
	fields map[string]check
	also   func(c *checker, o object, path string)
}

func (s shape) check(c *checker, v any, path string) {
	o, ok := v.(object)
	if !ok {
		c.wrong(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
		return
	}
	for _, name := range s.must {
		if o[name] == nil {
			c.required(path + "/" + name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		switch field, known := s.fields[name]; {
		case name == "type" && !known:
		case !known:
			c.wrong(path+"/"+name, "UNKNOWN_FIELD", "There is no such field")
		case o[name] != nil:
			field(c, o[name], path+"/"+name)
		}
	}
	if s.also != nil {
		s.also(c, o, path)
	}
}

// words is a string of least to most characters.
func words(least, most int) check {
	return func(c *checker, v any, path string) {
		s, ok := v.(string)
		switch n := length(s); {
		case !ok:
			c.wrong(path, "STRING_TYPE_CONVERT", "Could not interpret %q as string.", fmt.Sprint(v))
		case n < least && least == 1:
			c.required(path)
		case n < least || n > most:
			c.wrong(path, "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", least, most)
		}
	}
}

// atMost is a string of up to most characters.
func atMost(most int) check {
	return func(c *checker, v any, path string) {
		if s, ok := v.(string); !ok {
			c.wrong(path, "STRING_TYPE_CONVERT", "Could not interpret %q as string.", fmt.Sprint(v))
		} else if length(s) > most {
			c.wrong(path, "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", most)
		}
	}
}

func pattern(re *regexp.Regexp, least, most int) check {
	return func(c *checker, v any, path string) {
		words(least, most)(c, v, path)
		if s, ok := v.(string); ok && !re.MatchString(s) {
			c.wrong(path, "STRING_TYPE_REGEX", "String value did not match validation regex.")
		}
	}
}

func truth(c *checker, v any, path string) {
	if _, ok := v.(bool); !ok {
		c.wrong(path, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
	}
}

// whole reads an integer; JSON is decoded with json.Number.
func whole(v any) (int64, bool) {
	switch v := v.(type) {
	case json.Number:
		n, err := v.Int64()
		return n, err == nil
	case int:
		return int64(v), true
	case int64:
		return v, true
	case float64:
		return int64(v), v == float64(int64(v))
	}
	return 0, false
}

// intOf is an integer that was checked, or the default.
func intOf(v any, or int) int {
	if n, ok := whole(v); ok {
		return int(n)
	}
	return or
}

func number(least, most int64) check {
	return func(c *checker, v any, path string) {
		n, ok := whole(v)
		switch {
		case !ok:
			c.wrong(path, "NUMBER_TYPE_COERCE", "Value %q is not int.", fmt.Sprint(v))
		case n < least:
			c.wrong(path, "NUMBER_TYPE_MIN", "int value should be greater than or equal to %d.", least)
		case n > most:
			c.wrong(path, "NUMBER_TYPE_MAX", "int value should be less than or equal to %d.", most)
		}
	}
}

func oneOf(values ...int64) check {
	return func(c *checker, v any, path string) {
		if n, ok := whole(v); !ok || !slices.Contains(values, n) {
			c.wrong(path, "BASE_TYPE_CHOICES", "Value must be one of %v.", values)
		}
	}
}

func oneWord(values ...string) check {
	return func(c *checker, v any, path string) {
		if s, ok := v.(string); !ok || !slices.Contains(values, s) {
			c.wrong(path, "BASE_TYPE_CHOICES", "Value must be one of ('%s').", strings.Join(values, "', '"))
		}
	}
}

func aSnowflake(c *checker, v any, path string) {
	if s, ok := v.(string); !ok || !isSnowflake(s) {
		c.wrong(path, "NUMBER_TYPE_COERCE", "Value %q is not snowflake.", fmt.Sprint(v))
	}
}

func anyPermissions(c *checker, v any, path string) {
	s, ok := v.(string)
	if _, err := parsePermissions(s); !ok || err != nil {
		c.wrong(path, "NUMBER_TYPE_COERCE", "Value %q is not int.", fmt.Sprint(v))
	}
}

// link is an address that a client may open.
func link(c *checker, v any, path string) {
	words(1, 512)(c, v, path)
	s, _ := v.(string)
	if scheme, rest, ok := strings.Cut(s, "://"); !ok || rest == "" || !slices.Contains([]string{"http", "https", "discord"}, scheme) {
		c.wrong(path, "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('http', 'https', 'discord').")
	}
}

func list(least, most int, each check) check {
	return func(c *checker, v any, path string) {
		items, ok := v.([]any)
		switch n := len(items); {
		case !ok:
			c.wrong(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
		case n < least || n > most:
			c.wrong(path, "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", least, most)
		}
		for i, item := range items {
			each(c, item, fmt.Sprintf("%s/%d", path, i))
		}
	}
}

// ignored is a field that Discord takes and that means nothing here.
func ignored(*checker, any, string) {}

// object reads a nested object.
func nested(v any) object {
	o, _ := v.(object)
	return o
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func items(v any) []any {
	l, _ := v.([]any)
	return l
}

// kindOf is the type of a component.
func kindOf(v any) int { return intOf(nested(v)["type"], 0) }
