package desk

import (
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
)

// commandRow is what must come of a command for each role: with nothing, with
// the wrong thing, and with the right thing of the own catalog and of a
// foreign one. What must come is written as expected reads it; in what is
// typed, {package} and the like are those of one half of the town.
type commandRow struct {
	name         string // as in Commands
	nothing      string // what must come of it alone; "" in a second row of a command
	wrong, bad   string // what is typed after it, and what must come
	right        string // what is typed after it, "" when it takes nothing
	own, foreign string // what must come of the right thing
}

// checkComplete finds commands that the matrix lacks, so that nobody forgets
// one.
func checkComplete(t *testing.T, rows []commandRow) {
	t.Helper()
	known := map[string]bool{}
	for _, row := range rows {
		known[row.name] = true
	}
	for _, cmd := range Commands() {
		name := cmd.Root + " " + cmd.Name
		if !known[name] {
			t.Errorf("/%s is missing in the matrix", name)
		}
		delete(known, name)
	}
	for name := range known {
		t.Errorf("there is no command /%s any more", name)
	}
}

func (s *stall) row(row commandRow) {
	s.t.Helper()
	if row.nothing != "" {
		s.cell("/"+row.name, row.nothing)
		s.cell("/"+row.name+" "+row.wrong, row.bad)
	}
	if row.right == "" {
		return
	}
	typed := "/" + row.name + " " + row.right
	s.cell(fillIn(typed, ownHalf()), row.own)
	said := s.cell(fillIn(typed, foreignHalf()), row.foreign)
	_, nowhere := s.types(fillIn(typed, nowhereHalf()))
	if !seesAll(s.role) && !sameAsNowhere(said, nowhere, foreignHalf()) {
		s.t.Errorf("%s: %s is not answered as if there were nothing:\n%s\n---\n%s", s.role, fillIn(typed, foreignHalf()), said, nowhere)
	}
}

// cell types a command and compares what comes of it.
func (s *stall) cell(typed, want string) string {
	s.t.Helper()
	got, said := s.types(typed)
	if w := expected(s.t, want)[s.role]; got != w {
		s.t.Errorf("%s: %s: %s, want %s\n%s", s.role, typed, got, w, said)
	}
	if mark := s.secret(said); mark != "" {
		s.t.Errorf("%s: %s tells a name of the %s catalog:\n%s", s.role, typed, mark, said)
	}
	return said
}

// completes looks through what is offered behind a command as it is typed.
func (s *stall) completes(name string) {
	s.t.Helper()
	root, rest, _ := strings.Cut(name, " ")
	for _, query := range []string{rest + " ", rest + " q", rest + " @play/holder q", rest + " p"} {
		_, said := s.does(chat.Searched{Who: s.who(), Command: root, Query: query})
		if mark := s.secret(said); mark != "" {
			s.t.Errorf("%s: /%s %s offers a name of the %s catalog:\n%s", s.role, root, query, mark, said)
		}
	}
}

// fillIn puts the ids of one half into what is typed.
func fillIn(typed string, h half) string {
	return strings.NewReplacer(
		"{package}", string(h.package1), "{terms}", string(h.terms), "{fails}", string(h.fails), "{task}", string(h.task),
		"{catalog}", string(h.catalog), "{resource}", string(h.resource), "{asks}", "@"+string(h.asks), "{holds}", "@"+string(h.holds),
	).Replace(typed)
}
