package desk

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// crowd lets more members in, "play/p01" and so on.
func (p *plaza) crowd(n int) []access.PersonID {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []access.PersonID
	for i := range n {
		id := access.PersonID(fmt.Sprintf("play/p%02d", i+1))
		p.known[id] = access.Profile{
			Person: id, Account: access.Account(id), Name: fmt.Sprintf("Person %02d", i+1), Standing: access.Member, Locale: "en", Email: fmt.Sprintf("p%02d@example.org", i+1),
		}
		out = append(out, id)
	}
	return out
}

// vault is a package on which Ada decides within fourteen days.
func vault() access.Package {
	return access.Package{
		ID: "vault", Name: "The vault", Roles: []access.RoleRef{role("prod", "operator")},
		Terms: &access.Terms{Text: words2("Lock it.", "Schließ ab.")},
		Policies: []access.Policy{{
			ID: "all", Name: "All", Requestors: access.Scope{Members: true}, Lifecycle: access.Lifecycle{Ends: access.EndsDuration, For: 30 * day},
			Stages: []access.Stage{{Approvers: []access.Subject{access.SomePerson(ada)}}},
		}},
	}
}

// rows are the texts of a list that begin with a person's name.
func rows(c chat.Card) []string {
	var out []string
	for _, b := range c.Blocks {
		if len(b.Buttons) > 0 {
			out = append(out, b.Text.Plain())
		}
	}
	return out
}

// names are who is in the rows of a list, in order.
func names(c chat.Card) string {
	var out []string
	for _, row := range rows(c) {
		name, _, _ := strings.Cut(row, " asks for")
		out = append(out, strings.TrimPrefix(name, "Person "))
	}
	return strings.Join(out, " ")
}

func TestOpenRequestsAreListedByAgeInPages(t *testing.T) {
	t.Parallel()
	inPlaza(t, func(p *plaza) {
		p.define(vault())
		crowd := p.crowd(15)
		for _, i := range []int{7, 3, 12, 1, 9, 14, 0, 5} {
			p.asks(crowd[i], "vault", nil)
		}
		first := p.types(olga, "/access-admin pending")
		p.golden("pending-first.en", first)
		if got := names(p.told(first)); got != "08 04 13 02 10 15" {
			t.Errorf("the first page: %s", got)
		}
		second := p.taps(olga, p.told(first), "Next")
		if got := names(p.told(second)); got != "01 06" || !strings.Contains(cardText(p.told(second)), "7 to 8 of 8, oldest first") {
			t.Errorf("the second page: %s", cardText(p.told(second)))
		}
		if got := names(p.told(p.taps(olga, p.told(second), "Previous"))); got != "08 04 13 02 10 15" {
			t.Errorf("the first page again: %s", got)
		}
		p.golden("pending-first.de", p.types(rita, "/access-admin pending"))
	})
}

func TestOpenRequestsAreNarrowed(t *testing.T) {
	t.Parallel()
	inPlaza(t, func(p *plaza) {
		p.define(vault())
		crowd := p.crowd(6)
		p.asks(crowd[0], "vault", nil)
		p.pass(4 * day)
		p.asks(crowd[1], "vault", nil)
		p.asks(crowd[2], "production", form.Values{"justification": val("J")})
		p.asks(crowd[3], "wiki", nil)
		p.settle()
		p.fills(olga, p.types(olga, "/access-admin assign @p05 vault"), nil) // waits for the terms
		for typed, want := range map[string]string{
			"":                                    "01 Olga Petrov assigned The vault to Person 05, since 02 03",
			"package The vault older than 3 days": "01",
			"older 3 days":                        "01",
			"The vault kind new":                  "01 02",
			"@p03":                                "03",
			"person @p02 package vault":           "02",
			"approver @ben":                       "03",
			"approver @ada":                       "01 02 03",
			"kind assigned":                       "05",
			"state terms":                         "05",
			"state decision kind new":             "01 02 03",
			"state failed":                        "",
			"approver @ada older 3 days":          "01",
			"kind zugewiesen":                     "?",
		} {
			got := p.told(p.types(olga, "/access-admin pending "+typed))
			if typed == "" || strings.Contains(typed, "assigned") || strings.Contains(typed, "terms") {
				if text := cardText(got); !strings.Contains(text, "Person 05") || typed != "" && len(rows(got)) != 1 {
					t.Errorf("%q lists\n%s", typed, text)
				}
				continue
			}
			if want == "?" {
				if text := cardText(got); !strings.Contains(text, "zugewiesen is none of new, behalf, extension and assigned.") {
					t.Errorf("%q is answered with\n%s", typed, text)
				}
				continue
			}
			if names(got) != want {
				t.Errorf("%q lists %q, not %q", typed, names(got), want)
			}
		}
		list := p.types(olga, "/access-admin pending package vault")
		filter := p.taps(olga, p.told(list), "Filter")
		narrowed := p.fills(olga, filter, form.Values{"older": val("3 days"), "approver": val("play/ada")})
		p.golden("pending-narrowed.en", narrowed)
		again, ok := p.fills(olga, filter, form.Values{"older": val("a while")}).(chat.Show)
		if !ok || again.Page.Errors["older"] == "" {
			t.Errorf("a length that is none: %+v", again)
		}
		p.pass(2 * time.Hour)
		if got := p.taps(olga, p.told(list), "Filter"); !strings.Contains(cardText(p.told(got)), "more than an hour ago") {
			t.Errorf("an old list: %+v", got)
		}
	})
}

func TestRowsOfOpenRequestsCanBeCanceledAndRetried(t *testing.T) {
	t.Parallel()
	inPlaza(t, func(p *plaza) {
		p.define(vault())
		p.asks(mina, "vault", nil)
		list := p.told(p.types(olga, "/access-admin pending"))
		got := p.fills(olga, p.taps(olga, list, "Cancel the request"), form.Values{"reason": val("Not now.")})
		if !strings.Contains(cardText(p.told(got)), "is canceled") {
			t.Errorf("canceling: %+v", got)
		}
		p.house().last(mina, "Canceled by Olga Petrov")
	})
}
