package desk

import (
	"context"
	"encoding/csv"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// lists pastes a list for a package.
func (p *plaza) lists(pkg, list string) chat.Reply {
	p.t.Helper()
	return p.fills(olga, p.types(olga, "/access-admin bulk "+pkg), form.Values{"list": val(list)})
}

func TestAListIsReadInEveryShape(t *testing.T) {
	t.Parallel()
	inPlaza(t, func(p *plaza) {
		p.define(vault())
		p.crowd(3)
		for list, want := range map[string]string{
			"@mina\n@ada\nben": "Mina Okafor for 30 days from delivery, Ada Lindqvist for 30 days from delivery, Ben Tanaka for 30 days from delivery",
			"@play/mina,30 days,new\r\nAda Lindqvist,,\"old, and good\"": "Mina Okafor for 30 days from delivery – new, Ada Lindqvist for 30 days from delivery – old, and good",
			"Email;Grund\nP02@EXAMPLE.org;\"one; two\"\nmina;x":          "Person 02 for 30 days from delivery – one; two, Mina Okafor for 30 days from delivery – x",
			"until\tperson\n2026-09-24\tmina":                            "Mina Okafor until 24 September 2026, 23:59 UTC",
			"\n\n@mina\n\n":                                              "Mina Okafor for 30 days from delivery",
		} {
			card := p.told(p.lists("vault", list))
			var got []string
			for _, b := range card.Blocks {
				if !strings.HasPrefix(b.Heading, "What will be assigned") {
					continue
				}
				for _, item := range b.Items {
					_, text, _ := strings.Cut(item.Plain(), ": ")
					name, rest, _ := strings.Cut(text, " (")
					_, rest, _ = strings.Cut(rest, ")")
					got = append(got, name+strings.TrimPrefix(rest, ","))
				}
			}
			if text := strings.Join(got, ", "); text != want {
				t.Errorf("%q is read as %q, not %q:\n%s", list, text, want, cardText(card))
			}
		}
	})
}

func TestAListIsLookedAtBeforeAnythingIsDone(t *testing.T) {
	t.Parallel()
	inPlaza(t, func(p *plaza) {
		p.crowd(4)
		p.known["play/twin"] = access.Profile{Person: "play/twin", Account: "play/twin", Name: "Mina Weber", Standing: access.Member}
		p.known["play/tom"] = access.Profile{Person: "play/tom", Account: "play/tom", Name: "Tom Weber", Standing: access.Member}
		p.asks(ada, "wiki", nil)
		list := "person,until,reason\n@p01,,\nPerson 02,2 days,new here\nnobody at all,,\nweber,,\n@p01,,\nada lindqvist,,\n@olga,,\n@p03,yesterday,\n@p04,2026-09-03,\n"
		preview := p.lists("wiki", list)
		p.golden("bulk-preview.en", preview)
		german := p.known[olga]
		german.Locale = "de"
		p.profileIs(german)
		p.golden("bulk-preview.de", p.lists("wiki", list))
		german.Locale = "en"
		p.profileIs(german)
		if v, err := p.r.Ledger(p.t.Context(), tenant, access.Actor{}, "play/p01"); err != nil || len(v.Ledger.Requests) != 0 {
			t.Fatalf("something was assigned: %+v, %v", v.Ledger.Requests, err)
		}
		file := p.taps(olga, p.told(preview), "As a file").(chat.Tell).Files
		if len(file) != 1 || file[0].Type != "text/csv" || !strings.Contains(string(file[0].Data), "not done yet") {
			t.Errorf("the file: %+v", file)
		}
		change, ok := p.taps(olga, p.told(preview), "Change the list").(chat.Show)
		if f := fieldOf(change, "list"); !ok || len(f.Value) != 1 || f.Value[0] != strings.TrimSpace(list) {
			t.Errorf("what was pasted is gone: %+v", change)
		}
		done := p.taps(olga, p.told(preview), "Assign to 3 people")
		p.golden("bulk-done.en", done)
		again := p.taps(olga, p.told(preview), "Assign to 3 people")
		if cardText(p.told(again)) != cardText(p.told(done)) {
			t.Errorf("confirmed twice:\n%s", cardText(p.told(again)))
		}
		for who, want := range map[access.PersonID]int{"play/p01": 1, "play/p02": 1, "play/p03": 0, "play/p04": 1, ada: 1} {
			if v, err := p.r.Ledger(p.t.Context(), tenant, access.Actor{}, who); err != nil || len(v.Ledger.Requests) != want {
				t.Errorf("%s has %d requests, %v", who, len(v.Ledger.Requests), err)
			}
		}
		table := p.taps(olga, p.told(done), "As a file").(chat.Tell).Files[0]
		rows, err := csv.NewReader(strings.NewReader(string(table.Data))).ReadAll()
		if err != nil || len(rows) != 10 || rows[1][1] != "'@p01" || rows[1][4] != "assigned" || !strings.HasPrefix(rows[3][4], "nobody at all is not known here.") {
			t.Errorf("the table: %q, %v", rows, err)
		}
		if got := p.does(chat.Pressed{Who: p.who(rita), ID: p.id(), Token: p.house().button(p.told(preview), "Assign to 3 people")}); !strings.Contains(cardText(p.told(got)), "nicht deine") {
			t.Errorf("somebody else's button: %+v", got)
		}
	})
}

// profileIs lets the directory say something else of a person.
func (p *plaza) profileIs(profile access.Profile) {
	p.mu.Lock()
	p.known[profile.Person] = profile
	p.mu.Unlock()
	p.pass(2 * time.Minute) // profiles are read again after one
}

func fieldOf(s chat.Show, id string) form.Field {
	for _, f := range s.Page.Fields {
		if f.ID == id {
			return f
		}
	}
	return form.Field{}
}

func TestAListHasItsLimits(t *testing.T) {
	t.Parallel()
	inPlaza(t, func(p *plaza) {
		for list, want := range map[string]string{
			strings.Repeat("@mina\n", 501): "This list has 501 lines. At most 500 are possible: please split it.",
			"person,until\n":               "There is nobody on this list. Write one person a line.",
		} {
			got, ok := p.lists("wiki", list).(chat.Show)
			if !ok || got.Page.Errors["list"] != want {
				t.Errorf("%q", got.Page.Errors)
			}
		}
		if got := p.types(rita, "/access-admin bulk wiki"); true {
			if !strings.Contains(cardText(p.told(got)), "Admin") {
				t.Errorf("an auditor assigns: %+v", got)
			}
		}
	})
}

// slowly takes a second for each command, and lets the process die in the
// middle of one.
type slowly struct {
	*runtime.Runtime
	n   *atomic.Int64
	die func(n int64)
}

func (s slowly) Do(ctx context.Context, t access.TenantID, who access.Account, holder access.PersonID, id engine.CommandID, make func(engine.Meta) engine.Command) (runtime.View, error) {
	<-time.After(time.Second)
	v, err := s.Runtime.Do(ctx, t, who, holder, id, make)
	s.die(s.n.Add(1))
	return v, err
}

// What is pasted comes from mail programs, spreadsheets and other systems, a
// bit of each.
func TestAListOfManyHandsIsReadLineByLine(t *testing.T) {
	t.Parallel()
	c := &call{Desk: newHouse(t, chattest.Modal()).desk}
	for list, want := range map[string][]bulkLine{
		"mina,30 days,new\r\nada;;old\r\n\r\nben\t2 days\tx, y; z\r": {{N: 1, Who: "mina", Until: "30 days", Reason: "new"}, {N: 2, Who: "ada", Reason: "old"}, {N: 4, Who: "ben", Until: "2 days", Reason: "x, y; z"}},
		"\ufeffPERSON;Until ;REASON\n  Ada Lindqvist ; 2 days ;a, b": {{N: 2, Who: "Ada Lindqvist", Until: "2 days", Reason: "a, b"}},
		"\n\nE-Mail , Reason\nada@example.org, say \"hi\" to her":    {{N: 4, Who: "ada@example.org", Reason: `say "hi" to her`}},
		" \"Lindqvist, Ada\" , , \"she said \"\"yes\"\"\"":           {{N: 1, Who: "Lindqvist, Ada", Reason: `she said "yes"`}},
		"“Ada Lindqvist”;1 day\n„Ben Tanaka“\n,,\n ; \nmina":         {{N: 1, Who: "Ada Lindqvist", Until: "1 day"}, {N: 2, Who: "Ben Tanaka"}, {N: 3}, {N: 4}, {N: 5, Who: "mina"}},
		"mina,,\"one\ntwo\"\nada":                                    {{N: 1, Who: "mina", Reason: "one\ntwo"}, {N: 3, Who: "ada"}},
		"\"mina\nada,30 days\n\"ben\nrita":                           {{N: 1, Who: "mina"}, {N: 2, Who: "ada", Until: "30 days"}, {N: 3, Who: "ben"}, {N: 4, Who: "rita"}},
		"who\tuntil\nmina, the first\t2 days":                        {{N: 2, Who: "mina, the first", Until: "2 days"}},
		"until\rmina":                                                {{N: 1, Who: "until"}, {N: 2, Who: "mina"}},
	} {
		got, err := c.readList(list)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q is read as\n%+v, not\n%+v (%v)", list, got, want, err)
		}
	}
}

func TestAListSaysWhomItMeans(t *testing.T) {
	t.Parallel()
	inPlaza(t, func(p *plaza) {
		p.define(vault())
		p.crowd(3)
		for _, id := range []access.PersonID{"play/twin", "play/twain"} {
			p.known[id] = access.Profile{Person: id, Account: access.Account(id), Name: "Mina Weber", Email: string(id[5:]) + "@example.org", Standing: access.Member}
		}
		text := cardText(p.told(p.lists("vault", "p01@example.org\nMina Weber\nPerson 01 <P01@example.org>\n\nPerson 02")))
		for _, want := range []string{
			"Line 3, Person 01 <P01@example.org>: Person 01 is in line 1 already, as p01@example.org.",
			"Line 2, Mina Weber: Several people are called Mina Weber: Mina Weber (twain@example.org) and Mina Weber (twin@example.org).",
			"Line 5: Person 02",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is missing in:\n%s", want, text)
			}
		}
	})
}

// A chat whose fields take less than a list says so, and a list that filled
// both fields is there again, whole, when it is changed.
func TestAListThatDoesNotFitIntoOneField(t *testing.T) {
	t.Parallel()
	caps := chattest.Modal()
	caps.AreaMax = 60
	s := openShop(t, caps)
	shown := s.shown(s.types(olga, "/access-admin bulk sketches"))
	if f := fieldOf(shown, "list"); f.Max != 60 || f.Hint != "Or a table: person, until, reason. 60 characters fit here: some 0 lines." {
		t.Errorf("the first field: %+v", f)
	}
	if f := fieldOf(shown, "more"); f.Max != 60 || f.Hint != "What does not fit above. Still more: in several goes, each of 500 lines at most." {
		t.Errorf("the second field: %+v", f)
	}
	list, rest := "@mina, 30 days, the first of them\n@ada, 30 days, second", "@ben, 30 days, third\nrita, 30 days, the last one"
	s.wrong(s.fills(olga, shown, form.Values{"list": val(list + "\n" + rest)}), "list", "This is too long. At most 60 characters.")
	preview := s.fills(olga, shown, form.Values{"list": val(list), "more": val(rest)})
	s.has(cardText(s.told(preview)), "Lines: 4.")
	again := s.shown(s.taps(olga, preview, "Change the list"))
	first, second := value(again.Page, "list"), value(again.Page, "more")
	if first+"\n"+second != list+"\n"+rest || len(first) > 60 || len(second) > 60 {
		t.Errorf("it is there again as %q and %q", first, second)
	}
}
