package desk

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/desk/chart"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// paper is a report that is made: what is on the card, and the table and the
// picture that come with it.
type paper struct {
	lead   chat.Text
	totals []chat.Fact
	items  []chat.Text // as many as there are; the card shows the first
	head   []string    // of the table
	rows   [][]string
	gap    runtime.Gap
	// none is what is said without items; nil: that there are none.
	none chat.Text
	// day is the one that the report speaks of; zero: today.
	day time.Time

	title  string // of the picture; empty: none
	labels []string
	bars   []chart.Series
}

// maxTables is into how many files a table is split at most.
const maxTables = 4

// print makes the answer.
func (c *call) print(a inquiry, p paper) chat.Tell {
	card := chat.Card{Title: c.plain("report." + a.report + ".title"), Tone: chat.ToneNeutral}
	card.Summary = card.Title
	card.Blocks = append(card.Blocks, chat.Block{Text: p.lead})
	if len(p.totals) > 0 && len(p.items) > 0 {
		card.Blocks = append(card.Blocks, chat.Block{Fields: p.totals})
	}
	if len(p.items) > 0 {
		card.Blocks = append(card.Blocks, chat.Block{Items: p.items[:min(len(p.items), reportRows)]})
	} else {
		if p.none == nil {
			p.none = c.text("report." + a.report + ".none")
		}
		card.Blocks = append(card.Blocks, chat.Block{Text: p.none})
	}
	small := func(t chat.Text) { card.Blocks = append(card.Blocks, chat.Block{Small: true, Text: t}) }
	if n := len(p.items) - reportRows; n > 0 {
		small(c.count("report.rest", n))
	}
	name := "report-" + a.report + "-" + c.dayOf(p).Format(time.DateOnly)
	var files []chat.File
	if len(p.rows) > 0 {
		var lost int
		files, lost = tables(name, p.head, p.rows)
		p.gap.Rows += lost
	}
	if missing := c.gap(p.gap); len(missing) > 0 {
		small(missing)
	}
	if data := c.picture(p); data != nil {
		files = append(files, chat.File{Name: name + ".png", Type: "image/png", Data: data})
	}
	card.Buttons = c.blank().button(nil, verbReport, chat.StylePlain, chat.Token{})
	return chat.Tell{Card: fit(card), Files: files}
}

// dayOf is the day that a report speaks of, where its reader is.
func (c *call) dayOf(p paper) time.Time {
	if p.day.IsZero() {
		return c.now.In(c.zone)
	}
	return p.day.In(c.zone)
}

// picture draws the bars. A report comes also without them.
func (c *call) picture(p paper) []byte {
	if p.title == "" || len(p.labels) == 0 {
		return nil
	}
	data, err := chart.Bars(p.title, p.labels, p.bars...)
	if err != nil || len(data) > chat.MaxFile {
		c.log.Error().Err(err).Msg("the picture of a report cannot be drawn")
		return nil
	}
	return data
}

// gap says what a report left out.
func (c *call) gap(g runtime.Gap) chat.Text {
	if g.None() {
		return nil
	}
	out := c.text("report.gap")
	say := func(key string, n int) {
		if n > 0 {
			out = append(append(out, chat.Span{Kind: chat.Plain, Text: " "}), c.count(key, n)...)
		}
	}
	say("report.gap.packages", g.Packages)
	say("report.gap.people", g.People)
	say("report.gap.rows", g.Rows)
	if g.Cut {
		out = append(append(out, chat.Span{Kind: chat.Plain, Text: " "}), c.text("report.gap.cut")...)
	}
	if !g.Before.IsZero() {
		out = append(append(out, chat.Span{Kind: chat.Plain, Text: " "}), c.text("report.gap.before", "at", g.Before)...)
	}
	return out
}

// tables writes rows as CSV (RFC 4180) into as many files as are needed, each
// with the head; lost are the rows that found no place.
func tables(name string, head []string, rows [][]string) (files []chat.File, lost int) {
	var out bytes.Buffer
	w := newTable(&out, head)
	finish := func() {
		w.Flush()
		n := ""
		if len(files) > 0 {
			n = fmt.Sprintf("-%d", len(files)+1)
		}
		files = append(files, chat.File{Name: name + n + ".csv", Type: "text/csv", Data: bytes.Clone(out.Bytes())})
	}
	for i, row := range rows {
		if w.Flush(); out.Len()+rowSize(row) > chat.MaxFile {
			finish()
			if len(files) == maxTables {
				return files, len(rows) - i
			}
			out.Reset()
			w = newTable(&out, head)
		}
		write(w, row)
	}
	finish()
	return files, 0
}

func newTable(out *bytes.Buffer, head []string) *csv.Writer {
	w := csv.NewWriter(out)
	w.UseCRLF = true
	write(w, head)
	return w
}

// rowSize is the most that a row can take: every character quoted twice.
func rowSize(row []string) int {
	n := 2
	for _, cell := range row {
		n += 2*len(cell) + 4
	}
	return n
}

// write adds a row; a bytes.Buffer never fails.
func write(w *csv.Writer, row []string) {
	safe := make([]string, len(row))
	for i, cell := range row {
		safe[i] = noFormula(cell)
	}
	_ = w.Write(safe)
}

// noFormula keeps a spreadsheet from taking a cell for a formula (OWASP, "CSV
// Injection"): an apostrophe before it makes it a text.
func noFormula(cell string) string {
	if strings.HasPrefix(cell, "\r") || strings.HasPrefix(cell, "\t") || strings.IndexAny(strings.TrimSpace(cell), "=+-@＝＋－＠") == 0 {
		return "'" + cell
	}
	return cell
}

// stamp is a moment in a table.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// people finds the names for a table: of all whom the chats list at once, and
// of a few more one by one, since some chats count each look.
func (c *call) people(all []access.PersonID) map[access.PersonID]string {
	names := map[access.PersonID]string{}
	known, err := c.core.SearchPeople(c.ctx, c.from.Tenant, "", lookedUpAll)
	if err != nil {
		c.log.Warn().Err(err).Msg("the names for a report cannot be listed")
	}
	for _, p := range known {
		names[p.Person] = p.Name
	}
	looks := 0
	for _, id := range all {
		if _, ok := names[id]; ok || looks == lookedUpOnes {
			continue
		}
		looks++
		names[id] = ""
		if p, err := c.core.Profile(c.ctx, c.from.Tenant, id); err == nil {
			names[id] = p.Name
		}
	}
	return names
}

// packageTitleIn is what people call a package, also one that is gone.
func packageTitleIn(w engine.World, id access.PackageID) string {
	if p, ok := w.Packages[id]; ok {
		return p.Name
	}
	return string(id)
}

// counted are keys with how often each was there, the most frequent first.
func counted[K ~string](of []K) (keys []K, n map[K]int) {
	n = map[K]int{}
	for _, k := range of {
		if n[k] == 0 {
			keys = append(keys, k)
		}
		n[k]++
	}
	slices.SortStableFunc(keys, func(a, b K) int {
		if n[a] != n[b] {
			return n[b] - n[a]
		}
		return strings.Compare(string(a), string(b))
	})
	return keys, n
}
