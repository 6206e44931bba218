package config

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/usher-dev/usher/core/access"
)

// Problem is one thing that is wrong with what somebody wrote. It carries no
// secret: a line of the configuration that holds one is not shown.
type Problem struct {
	Source string        // file name, or "environment"
	Line   int           // from 1; 0: no line to show
	Column int           // from 1
	Shown  string        // the lines around, with a caret below the place
	Err    *access.Error // code and data of the sentence, path of the value
}

// String is "file:line:column: sentence (path)", then the place.
func (p Problem) String() string {
	var b strings.Builder
	if p.Source != "" {
		b.WriteString(p.Source)
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
		}
		b.WriteString(": ")
	}
	b.WriteString(Sentence(p.Err))
	if p.Err.Field != "" {
		fmt.Fprintf(&b, " (%s)", p.Err.Field)
	}
	if p.Shown != "" {
		b.WriteString("\n" + p.Shown)
	}
	return b.String()
}

// Report is everything that is wrong. It is an error; errors.As finds the
// *access.Error of each problem in it.
type Report []Problem

func (r Report) Error() string {
	lines := make([]string, len(r))
	for i, p := range r {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the problems as errors.
func (r Report) Unwrap() []error {
	errs := make([]error, len(r))
	for i, p := range r {
		errs[i] = p.Err
	}
	return errs
}

func (r Report) err() error {
	if len(r) == 0 {
		return nil
	}
	return r
}

//go:embed sentences.yaml
var sentencesFile []byte

var sentences = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	if err := yaml.Unmarshal(sentencesFile, &all); err != nil {
		panic("config/sentences.yaml: " + err.Error()) // embedded: broken at build time
	}
	return all
})

// Sentence says in English what is wrong, for files and the command line. A
// code that has no sentence here is named by itself.
func Sentence(e *access.Error) string {
	text, ok := sentences()[e.Code]
	if !ok {
		return e.Code
	}
	var pairs []string
	for name, value := range e.Data {
		pairs = append(pairs, "{"+name+"}", fmt.Sprint(value))
	}
	said := strings.NewReplacer(pairs...).Replace(text)
	if near, ok := e.Data[nearest].(string); ok {
		said += `. Did you mean "` + near + `"?`
	}
	return said
}

// excerpt shows a line with up to two lines before it, and a caret below the
// column. The parser's own excerpt is not used: it is drawn from tokens and
// differs from the file once something is left out in it.
func excerpt(data []byte, line, column int) string {
	lines := strings.Split(string(data), "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	from := max(column-shownWidth/2, 0) // where a line that is too wide begins
	if column <= shownWidth*3/4 {
		from = 0
	}
	var b strings.Builder
	for n := max(line-2, 1); n <= line; n++ {
		mark := " "
		if n == line {
			mark = ">"
		}
		fmt.Fprintf(&b, "%s %4d | %s\n", mark, n, string(window(lines[n-1], from, shownWidth)))
	}
	indent := window(lines[line-1], from, max(column-1-from, 0))
	for i, r := range indent {
		if r != '\t' {
			indent[i] = ' '
		}
	}
	return b.String() + "       | " + string(indent) + "^"
}

// shownWidth is how much of a line is shown.
const shownWidth = 160

func window(line string, from, width int) []rune {
	runes := []rune(strings.TrimRight(line, "\r"))
	from = min(from, len(runes))
	return runes[from:min(from+width, len(runes))]
}
