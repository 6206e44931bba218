package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A file as a tree: blocks of keys in the order in which they are written,
// lists, and values (string, bool, int).
type (
	block []pair
	list  []any
	pair  struct {
		key   string
		value any
	}
)

// put adds a key unless its value is the default: empty, false or 0.
func (b *block) put(key string, value any) {
	switch v := value.(type) {
	case block:
		if len(v) == 0 {
			return
		}
	case list:
		if len(v) == 0 {
			return
		}
	case string, bool, int:
		if v == "" || v == false || v == 0 {
			return
		}
	}
	*b = append(*b, pair{key, value})
}

// The YAML is written here and not by the library that reads it: that one
// writes texts that it does not read back as they were (a line break inside
// brackets, trailing spaces), and knows no short form for short lists.

// emit writes a block as YAML.
func emit(b block) []byte {
	var out bytes.Buffer
	for i, p := range b {
		if i > 0 {
			out.WriteByte('\n')
		}
		emitPair(&out, p, 0)
	}
	return out.Bytes()
}

// wide is how long a list in brackets may be.
const wide = 110

func emitPair(out *bytes.Buffer, p pair, indent int) {
	out.WriteString(plain(p.key, false) + ":")
	switch v := p.value.(type) {
	case block:
		out.WriteByte('\n')
		for _, inner := range v {
			out.WriteString(strings.Repeat(" ", indent+2))
			emitPair(out, inner, indent+2)
		}
	case list:
		if short, ok := brackets(v); ok && indent+len(p.key)+len(short) <= wide {
			out.WriteString(" " + short + "\n")
			return
		}
		out.WriteByte('\n')
		emitList(out, v, indent+2)
	default:
		out.WriteString(" " + scalar(v, indent+2) + "\n")
	}
}

// emitList writes one entry a line; long entries of a list at the top are
// divided by empty lines.
func emitList(out *bytes.Buffer, l list, indent int) {
	for i, item := range l {
		if i > 0 && indent == 2 {
			out.WriteByte('\n')
		}
		out.WriteString(strings.Repeat(" ", indent) + "- ")
		b, ok := item.(block)
		if !ok {
			out.WriteString(scalar(item, indent+2) + "\n")
		}
		for j, p := range b {
			if j > 0 {
				out.WriteString(strings.Repeat(" ", indent+2))
			}
			emitPair(out, p, indent+2)
		}
	}
}

// brackets writes a list of short values in one line; false when it has others.
func brackets(l list) (string, bool) {
	parts := make([]string, len(l))
	for i, item := range l {
		b, isBlock := item.(block)
		text, isText := item.(string)
		switch {
		case isText:
			parts[i] = plain(text, true)
		case isBlock && len(b) == 1:
			text, isText = b[0].value.(string)
			parts[i] = "{" + plain(b[0].key, true) + ": " + plain(text, true) + "}"
		}
		if !isText || strings.ContainsAny(text, "\n\r") {
			return "", false
		}
	}
	if len(parts) == 1 {
		return "[" + strings.Trim(parts[0], "{}") + "]", true
	}
	return "[" + strings.Join(parts, ", ") + "]", true
}

func scalar(value any, indent int) string {
	text, ok := value.(string)
	if !ok {
		return fmt.Sprint(value)
	}
	if literal(text) {
		lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
		mark := "|-"
		if strings.HasSuffix(text, "\n") {
			mark = "|"
		}
		for i, line := range lines {
			if line != "" {
				lines[i] = strings.Repeat(" ", indent) + line
			}
		}
		return mark + "\n" + strings.Join(lines, "\n")
	}
	return plain(text, false)
}

// literalLine has nothing that a reader of YAML could take for something else.
var literalLine = regexp.MustCompile(`^(?:[\pL\pN(„"][\pL\pM\pN\pP\pS ]*)?$`)

// literal reports whether a text of several lines can stand as it is.
func literal(text string) bool {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) < 2 && !strings.HasSuffix(text, "\n") {
		return false
	}
	for _, line := range lines {
		if !literalLine.MatchString(line) || strings.HasSuffix(line, " ") {
			return false
		}
	}
	return lines[0] != "" && lines[len(lines)-1] != ""
}

var (
	plainBlock = regexp.MustCompile(`^\pL(?:[\pL\pN ._/()',;?!&+%-]*[\pL\pN.)?!])?$`)
	plainFlow  = regexp.MustCompile(`^\pL(?:[\pL\pN ._/()-]*[\pL\pN.)])?$`)
	plainTime  = regexp.MustCompile(`^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]+ (?:day|hour)s?)$`)
)

// plain writes a text of one line, in quotes where it needs them.
func plain(text string, flow bool) string {
	form := plainBlock
	if flow {
		form = plainFlow
	}
	words := []string{"true", "false", "yes", "no", "on", "off", "null", "y", "n", "inf", "nan"}
	switch {
	case form.MatchString(text) && !slices.Contains(words, strings.ToLower(text)), plainTime.MatchString(text):
		return text
	}
	var quoted bytes.Buffer
	e := json.NewEncoder(&quoted)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a string can be encoded
	return strings.TrimSuffix(quoted.String(), "\n")
}
