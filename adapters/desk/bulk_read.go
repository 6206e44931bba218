package desk

import (
	"iter"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/usher-dev/usher/core/access"
)

// bulkMost is how many lines a list has at most.
const bulkMost = 500

// bulkLine is one person of a list, and what became of the line.
type bulkLine struct {
	N      int    `json:"n"` // its number in the list, from 1
	Who    string `json:"who"`
	Until  string `json:"until,omitempty"`
	Reason string `json:"reason,omitempty"`

	// What was understood.
	Person access.PersonID `json:"person,omitempty"`
	Name   string          `json:"name,omitempty"`
	End    time.Time       `json:"end,omitzero"`
	For    time.Duration   `json:"for,omitempty"`
	// Window is how long it would last, also where the policy says it.
	Window access.Window `json:"window,omitzero"`
	// Wrong is why it cannot be assigned, in the words of who reads it.
	Wrong string `json:"wrong,omitempty"`
	// Done: it was carried out; Refused says why it could not be, if so.
	Done    bool   `json:"done,omitempty"`
	Refused string `json:"refused,omitempty"`
}

// columns are the places of a list's columns; -1 where there is none.
type columns struct{ who, until, reason int }

// readList takes a pasted list apart: a person a line, with an end and a
// reason after commas, semicolons or tabs if wanted, and a line of headings
// first or not. A line of separators alone is one that names nobody. Each line may be separated in its own way: lists come from
// several places. It is bulkEmpty or bulkTooMany when there is nothing, or too
// much.
func (c *call) readList(text string) ([]bulkLine, error) {
	var lines []bulkLine
	at, usual := columns{0, 1, 2}, ""
	begun := false
	for n, text := range rowsOf(text) {
		if strings.TrimSpace(text) == "" {
			continue
		}
		cells, mark := cellsOf(text, usual)
		heads, ok := c.heads(cells)
		if ok && !begun {
			at, usual, begun = heads, mark, true
			continue
		}
		begun = true
		line := bulkLine{N: n, Who: cell(cells, at.who), Until: cell(cells, at.until), Reason: cell(cells, at.reason)}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return nil, access.Refuse(access.Invalid, "bulkEmpty").At("list")
	}
	if len(lines) > bulkMost {
		return nil, access.Refuse(access.Invalid, "bulkTooMany", "count", len(lines), "max", bulkMost).At("list")
	}
	return lines, nil
}

// rowsOf are the lines of a text with their numbers from 1, whichever way they
// end. Lines that one quoted cell goes over are one, with the first's number.
func rowsOf(text string) iter.Seq2[int, string] {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\ufeff", "").Replace(text)
	return func(yield func(int, string) bool) {
		lines := strings.Split(text, "\n")
		for i := 0; i < len(lines); i++ {
			row, n := lines[i], i+1
			if more := spilled(lines[i:]); more > 0 {
				row = strings.Join(lines[i:i+more+1], "\n")
				i += more
			}
			if !yield(n, row) {
				return
			}
		}
	}
}

// spillMost is how many lines a quoted cell goes over at most: a quote that
// nobody closed takes no more of the list with it.
const spillMost = 5

// openQuote is the beginning of a cell that does not end on its line, and
// closeQuote the end of one that began before.
var (
	openQuote  = regexp.MustCompile(`(^|[\t;,])[ ]*"[^"]*$`)
	closeQuote = regexp.MustCompile(`^[^"]*"[ ]*($|[\t;,])`)
)

// spilled is how many of the lines that follow the first belong to a cell that
// is open at its end.
func spilled(lines []string) int {
	if !openQuote.MatchString(lines[0]) {
		return 0
	}
	for n := 1; n < min(len(lines), spillMost+1); n++ {
		switch {
		case closeQuote.MatchString(lines[n]):
			return n
		case strings.Contains(lines[n], `"`):
			return 0
		}
	}
	return 0
}

// cellsOf are the cells of a line without spaces and quotes around them, and
// what separates them: a tab, the usual separator of the list, or whichever of
// semicolon and comma comes first outside of quotes.
func cellsOf(row, usual string) ([]string, string) {
	mark := ""
	quoted := false
	for _, r := range row {
		s := string(r)
		switch {
		case r == '"':
			quoted = !quoted
		case quoted && strings.Count(row, `"`)%2 == 0:
		case r == '\t', s == usual && mark != "\t":
			mark = s
		case (r == ';' || r == ',') && mark == "":
			mark = s
		}
	}
	if mark == "" {
		return []string{unquoted(row)}, ""
	}
	return split(row, rune(mark[0])), mark
}

// split takes a line apart at each mark that is not in quotes. A quote that is
// never closed is none.
func split(row string, mark rune) []string {
	even := strings.Count(row, `"`)%2 == 0
	quoted, from := false, 0
	var cells []string
	for i, r := range row {
		switch {
		case r == '"' && even:
			quoted = !quoted
		case r == mark && !quoted:
			cells = append(cells, unquoted(row[from:i]))
			from = i + 1
		}
	}
	return append(cells, unquoted(row[from:]))
}

// unquoted is a cell without spaces and quotes around it; a quote that is written
// twice within them is one.
func unquoted(cell string) string {
	cell = strings.TrimSpace(cell)
	for _, pair := range []string{"\"\"", "“”", "„“", "„”", "«»"} {
		marks := []rune(pair)
		inner, opened := strings.CutPrefix(cell, string(marks[0]))
		inner, closed := strings.CutSuffix(inner, string(marks[1]))
		if opened && closed {
			return strings.TrimSpace(strings.ReplaceAll(inner, `""`, `"`))
		}
	}
	return strings.Trim(cell, `"`)
}

func cell(cells []string, n int) string {
	if n < 0 || n >= len(cells) {
		return ""
	}
	return cells[n]
}

// heads reads a line of headings; false when it is none.
func (c *call) heads(cells []string) (columns, bool) {
	at := columns{-1, -1, -1}
	for n, text := range cells {
		switch {
		case c.heading("bulk.columnsWho", text):
			at.who = n
		case c.heading("bulk.columnsUntil", text):
			at.until = n
		case c.heading("bulk.columnsReason", text):
			at.reason = n
		}
	}
	return at, at.who >= 0
}

// heading reports whether a text is one of the headings of a column, in any
// language.
func (c *call) heading(key, text string) bool {
	for _, all := range c.texts.Everywhere(key) {
		if slices.ContainsFunc(strings.Split(all, ","), func(name string) bool { return sameText(name, text) }) {
			return true
		}
	}
	return false
}
