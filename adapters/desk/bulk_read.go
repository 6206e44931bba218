package desk

import (
	"encoding/csv"
	"errors"
	"io"
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
// first or not. It is bulkEmpty or bulkTooMany when there is nothing, or too
// much.
func (c *call) readList(text string) ([]bulkLine, error) {
	r := csv.NewReader(strings.NewReader(strings.ReplaceAll(text, "\r\n", "\n")))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = separator(text), -1, true, true
	var lines []bulkLine
	at := columns{0, 1, 2}
	for first := true; ; first = false {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, access.Refuse(access.Invalid, "bulkUnreadable").At("list")
		}
		if heads, ok := c.heads(cells); first && ok {
			at = heads
			continue
		}
		n, _ := r.FieldPos(0)
		line := bulkLine{N: n, Who: cell(cells, at.who), Until: cell(cells, at.until), Reason: cell(cells, at.reason)}
		if line.Who+line.Until+line.Reason != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return nil, access.Refuse(access.Invalid, "bulkEmpty").At("list")
	}
	if len(lines) > bulkMost {
		return nil, access.Refuse(access.Invalid, "bulkTooMany", "count", len(lines), "max", bulkMost).At("list")
	}
	return lines, nil
}

// separator is what stands between the cells: whichever of the three comes
// first in the list.
func separator(text string) rune {
	if i := strings.IndexAny(text, "\t;,"); i >= 0 {
		return rune(text[i])
	}
	return ','
}

func cell(cells []string, n int) string {
	if n < 0 || n >= len(cells) {
		return ""
	}
	return strings.TrimSpace(cells[n])
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
		if slices.ContainsFunc(strings.Split(all, ","), func(name string) bool { return sameText(name, strings.TrimPrefix(text, "\ufeff")) }) {
			return true
		}
	}
	return false
}
