package desk

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// in is a call of the same person in another language.
func (c *call) in(lang string) *call {
	return &call{Desk: c.Desk, ctx: context.Background(), from: c.from, now: c.now, actor: c.actor, tongue: c.texts.in("", lang)}
}

// mistake is a wrong value in a policy's form and what is said at its field.
type mistake struct {
	section int // of call.sections
	values  form.Values
	field   string
	en, de  string
}

func policyMistakes() []mistake {
	stage := func(values form.Values) form.Values {
		if values["stages.count"] == nil {
			values["stages.count"] = val("1")
		}
		if _, ok := values["stage1.approvers"]; !ok {
			values["stage1.approvers"] = val("play/ada")
		}
		return values
	}
	return []mistake{
		{0, form.Values{"who.may": val("members", "nobody")}, "who.may",
			"“Nobody” cannot be chosen together with others. Please choose one of the two.", "„Niemand“ lässt sich nicht zusammen mit anderen wählen. Bitte wähl eines von beiden."},
		{0, form.Values{"who.may": val("named"), "who.people": val("Nina")}, "who.people",
			"Nina is no person and no group here. Please write a name or an account such as @olga, or group:name.",
			"Nina ist hier weder eine Person noch eine Gruppe. Bitte schreib einen Namen oder ein Konto wie @olga, oder group:name."},
		{0, form.Values{"who.may": val("named"), "who.people": val("Ada Lindqvist")}, "who.people",
			"Ada Lindqvist can be several people or groups. Please write the account, such as @olga, or group:name.",
			"Ada Lindqvist kann mehrere Personen oder Gruppen meinen. Bitte schreib das Konto, etwa @olga, oder group:name."},
		{0, form.Values{"who.may": val("named"), "who.people": val("play/robot")}, "who.people",
			"play/robot is no person and no group here. Please write a name or an account such as @olga, or group:name.",
			"play/robot ist hier weder eine Person noch eine Gruppe. Bitte schreib einen Namen oder ein Konto wie @olga, oder group:name."},
		{0, form.Values{"who.may": val("named"), "who.people": val("group:moon/base")}, "who.people",
			"moon/base is no person and no group here. Please write a name or an account such as @olga, or group:name.",
			"moon/base ist hier weder eine Person noch eine Gruppe. Bitte schreib einen Namen oder ein Konto wie @olga, oder group:name."},
		{0, form.Values{"who.may": val("members"), "who.more": val("yes"), "who.behalf": val("named"), "who.askers": val("manager")}, "who.askers",
			"manager is no person and no group here. Please write a name or an account such as @olga, or group:name.",
			"manager ist hier weder eine Person noch eine Gruppe. Bitte schreib einen Namen oder ein Konto wie @olga, oder group:name."},
		{1, stage(form.Values{"stage1.approvers": val("nobody at all")}), "stage1.approvers",
			"nobody at all is no person and no group here. Please write a name or an account such as @olga, or group:name.",
			"nobody at all ist hier weder eine Person noch eine Gruppe. Bitte schreib einen Namen oder ein Konto wie @olga, oder group:name."},
		{1, stage(form.Values{"stage1.quorum": val("1.5")}), "stage1.quorum", "Please write a whole number, 1 or more.", "Bitte schreib eine ganze Zahl ab 1."},
		{1, stage(form.Values{"stage1.quorum": val("0")}), "stage1.quorum", "Please write a whole number, 1 or more.", "Bitte schreib eine ganze Zahl ab 1."},
		{1, stage(form.Values{"stage1.quorum": val("2")}), "stage1.quorum", "More approvals are needed than people can give.", "Es sind mehr Genehmigungen nötig, als Personen geben können."},
		{1, stage(form.Values{"stage1.within": val("soon")}), "stage1.within",
			"soon is not a length of time. Please write it like 10 days, 36h or 2 weeks.", "soon ist keine Dauer. Bitte schreib sie wie 10 Tage, 36h oder 2 Wochen."},
		{1, stage(form.Values{"stage1.within": val("2 months")}), "stage1.within",
			"It is not certain how long 2 months is. Please write days, hours or weeks.", "Es ist nicht sicher, wie lange 2 months ist. Bitte schreib Tage, Stunden oder Wochen."},
		{1, stage(form.Values{"stage1.more": val("yes"), "stage1.after": val("2 days")}), "stage1.alternates",
			"A time to ask alternates is set, but there are no alternates.", "Eine Zeit für Stellvertretungen ist gesetzt, aber es gibt keine."},
		{1, stage(form.Values{"stage1.more": val("yes"), "stage1.alternates": val("manager"), "stage1.after": val("14 days")}), "stage1.after",
			"Alternates are asked too late: it has to be before the time to decide ends.", "Stellvertretungen werden zu spät gefragt: Es muss vor dem Ende der Frist sein."},
		{2, form.Values{"life.ends": val("duration"), "life.length": val("0 days")}, "life.length",
			"The length has to be more than nothing.", "Die Dauer muss größer als null sein."},
		{2, form.Values{"life.ends": val("date"), "life.date": val("2026-08-01")}, "life.date",
			"This is in the past. Please choose a later date.", "Das liegt in der Vergangenheit. Bitte wähl ein späteres Datum."},
		{2, form.Values{"life.ends": val("date"), "life.date": val("10 days")}, "life.date",
			"10 days is not a date. Please write it like 2026-10-01 or 1 October 2026 18:00.", "10 days ist kein Datum. Bitte schreib es wie 2026-10-01 oder 1. Oktober 2026 18:00."},
		{2, form.Values{"life.ends": val("date"), "life.date": val("03/04/2027")}, "life.date",
			"03/04/2027 can mean two different days. Please write the month as a word, or the date like 2026-10-01.",
			"03/04/2027 kann zwei verschiedene Tage meinen. Bitte schreib den Monat als Wort oder das Datum wie 2026-10-01."},
		{2, form.Values{"life.ends": val("never"), "life.extend": val("yes")}, "life.extend",
			"Access that never ends can only be extended if the requestor may choose other times. Please choose No.",
			"Zugriff, der nie endet, kann nur verlängert werden, wenn andere Zeiten wählbar sind. Bitte wähl Nein."},
		{2, form.Values{"life.ends": val("duration"), "life.length": val("5 days"), "life.extend": val("approval")}, "life.extend",
			"Extensions are to be approved, but there is no stage of approval.", "Verlängerungen sollen genehmigt werden, aber es gibt keine Stufe dafür."},
	}
}

// twins is somebody who is called like somebody else.
func twins(h *house) {
	twin := h.people[ada]
	twin.Person, twin.Account = "play/ada2", "play/ada2"
	h.people[twin.Person] = twin
}

func TestWrongValuesOfAPolicyAreToldAtTheirFields(t *testing.T) {
	t.Parallel()
	c := speaking(t, olga)
	twins(c.core.(lists).house)
	for _, m := range policyMistakes() {
		for lang, want := range map[string]string{"en": m.en, "de": m.de} {
			c := c.in(lang)
			p := access.Policy{ID: "p", Name: "P", Requestors: access.Scope{Members: true}, Lifecycle: access.Lifecycle{Ends: access.EndsNever}}
			s := c.sections()[m.section]
			f := form.Form{ID: "f", Title: "t", Submit: "s", Fields: s.fields(p)}
			v := form.Start(f)
			for field, typed := range m.values {
				v[field] = typed
			}
			wrong := c.sentences(s.read(form.Clean(f, v), &p))
			if len(wrong) != 1 || wrong[m.field] != want {
				t.Errorf("%v: %q\nwant %s: %q", m.values, wrong, m.field, want)
			}
		}
	}
}

// What is wrong because of what is not shown is told where one can see it.
func TestWhatIsHiddenIsToldAtWhatIsShown(t *testing.T) {
	t.Parallel()
	c := speaking(t, olga)
	p := access.Policy{Stages: []access.Stage{{
		Approvers: []access.Subject{access.SomePerson(ada)}, Within: 10 * day, Alternates: []access.Subject{access.SomePerson(ben)}, AlternatesAfter: 5 * day,
	}}}
	v := form.Start(form.Form{Fields: c.stageFields(p)})
	v["stage1.more"], v["stage1.within"] = val("no"), val("5 days")
	got := c.sentences(c.readStages(v, &p))
	if len(got) != 1 || got["stage1.within"] != "Alternates are asked too late: it has to be before the time to decide ends." {
		t.Errorf("%q", got)
	}
	p = access.Policy{ExtensionApproval: true, Stages: p.Stages}
	v["stages.count"] = val("0")
	got = c.sentences(c.readStages(v, &p))
	if len(got) != 1 || got["stages.count"] != "Extensions are to be approved, but there is no stage of approval." {
		t.Errorf("%q", got)
	}
}

func TestWrongValuesOfAQuestionAreToldAtTheirFields(t *testing.T) {
	t.Parallel()
	c := speaking(t, olga)
	for _, m := range []mistake{
		{0, form.Values{"question.label": val("de: Nur deutsch\nfr:")}, "question.label", "Please fill this in.", "Bitte füll das aus."},
		{0, form.Values{"question.label": val(strings.Repeat("x", 301))}, "question.label", "This is too long. At most 300 characters.", "Das ist zu lang. Höchstens 300 Zeichen."},
		{0, form.Values{"question.kind": val("choice"), "question.options": val("one")}, "question.options", "A choice needs 2 to 100 options.", "Eine Auswahl braucht 2 bis 100 Möglichkeiten."},
		{0, form.Values{"question.kind": val("choice"), "question.options": val("one\nTwo\none")}, "question.options",
			"Line 3 (one) is there twice. Each option needs a value of its own.", "Zeile 3 (one) gibt es doppelt. Jede Möglichkeit braucht einen eigenen Wert."},
		{0, form.Values{"question.kind": val("choices"), "question.options": val("a = " + strings.Repeat("x", 76) + "\nTwo")}, "question.options",
			"Line 1 (" + strings.Repeat("x", 59) + "…) cannot be used: an option needs a label and a value of at most 75 characters each.",
			"Zeile 1 (" + strings.Repeat("x", 59) + "…) geht so nicht: Jede Möglichkeit braucht eine Beschriftung und einen Wert von je höchstens 75 Zeichen."},
		{0, form.Values{"question.pattern": val("[A-Z")}, "question.pattern", "This is not a pattern that can be used.", "Das ist kein brauchbares Muster."},
		{0, form.Values{"question.pattern": val("[A-Z]+-[0-9]+"), "question.try": val("ops1")}, "question.try",
			"ops1 does not match [A-Z]+-[0-9]+. Change one of them, or leave this empty.", "ops1 entspricht nicht [A-Z]+-[0-9]+. Ändere eines von beiden, oder lass dieses Feld leer."},
	} {
		for lang, want := range map[string]string{"en": m.en, "de": m.de} {
			c, q := c.in(lang), access.Question{}
			f := form.Form{Fields: c.questionFields(q, 1)}
			v := form.Start(f)
			v["question.label"] = val("Ticket")
			for field, typed := range m.values {
				v[field] = typed
			}
			wrong := c.sentences(c.readQuestion(form.Clean(f, v), &q))
			if len(wrong) != 1 || wrong[m.field] != want {
				t.Errorf("%v: %q\nwant %s: %q", m.values, wrong, m.field, want)
			}
		}
	}
}

// Whatever is typed is read as people mean it.
func TestWordsOfPoliciesAreUnderstood(t *testing.T) {
	t.Parallel()
	c := speaking(t, olga)
	for typed, want := range map[string]access.Subject{
		"play/ada": access.SomePerson(ada), "@ada": access.SomePerson(ada), "ada": access.SomePerson(ada), "ada lindqvist": access.SomePerson(ada),
		"security": access.SomeGroup("play/security"), "@Security": access.SomeGroup("play/security"), "group:Security": access.SomeGroup("play/security"),
		"the group Game masters": access.SomeGroup("play/1051"), "group:games/12": access.SomeGroup("games/12"), "group:ops": access.SomeGroup("play/ops"),
		"Manager": {Kind: access.SubjectManager}, "requestor's manager": {Kind: access.SubjectManager}, "Tenant Admins": {Kind: access.SubjectTenantAdmins},
	} {
		if got, e := c.readSubject(typed, nil, true); e != nil || got != want {
			t.Errorf("%q is %v, %v; want %v", typed, got, e, want)
		}
	}
	var q access.Question
	v := form.Values{"question.kind": val("choice"), "question.label": val("de: Wo?\nfr: Où ?\nIci"), "question.options": val("Zürich\n\nx = Other | de: Andere"), "question.required": val("yes")}
	if wrong := c.readQuestion(v, &q); len(wrong) > 0 {
		t.Error(wrong)
	}
	if q.ID != "wo" || q.Label.Text != "Wo?" || q.Label.In["fr"] != "Où ?\nIci" || q.Options[0].Value != "zuerich" || q.Options[1].Label.For("de") != "Andere" {
		t.Errorf("%+v", q)
	}
	p := access.Policy{Lifecycle: access.Lifecycle{Ends: access.EndsNever}}
	if wrong := c.readLife(form.Values{"life.ends": val("date"), "life.date": val("17. Sep 2026"), "life.extend": val("no")}, &p); len(wrong) > 0 || !p.Lifecycle.On.Equal(time.Date(2026, 9, 17, 23, 59, 0, 0, time.UTC)) {
		t.Errorf("%v %v", p.Lifecycle, wrong)
	}
}

// What was found by searching keeps its name when the form is drawn again.
func TestSearchedPeopleKeepTheirNames(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chats()["slack"])
	w.applies(wikiFile)
	show := w.shown(w.edits(olga, w.types(olga, "/access-admin policy edit wiki long"), "stages"))
	chosen := form.Values{"stage1.approvers": val("play/ada", "group:play/security", "manager", "who knows")}
	show = w.lively(olga, show, chosen).(chat.Show)
	names := map[string]string{}
	for _, f := range show.Page.Fields {
		for _, o := range f.Options {
			if f.ID == "stage1.approvers" {
				names[o.Value] = o.Label
			}
		}
	}
	want := map[string]string{"play/ada": "Ada Lindqvist", "group:play/security": "the group security", "manager": "requestor's manager"}
	if !maps.Equal(names, want) {
		t.Errorf("%v\nwant %v", names, want)
	}
}
