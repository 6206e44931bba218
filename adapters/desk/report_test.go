package desk

import (
	"bytes"
	"context"
	"encoding/csv"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/adapters/desk/chart"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// kept answers with reports that a test made up, and notes what was asked.
type kept struct {
	held     runtime.HeldReport
	waits    runtime.WaitsReport
	outcomes runtime.OutcomeReport
	unused   runtime.UnusedReport
	about    runtime.HeldQuery
	span     runtime.SpanQuery
	err      error
}

func (k *kept) WhoHas(_ context.Context, _ access.TenantID, _ access.Actor, q runtime.HeldQuery) (runtime.HeldReport, error) {
	k.about = q
	return k.held, k.err
}

func (k *kept) WaitingFor(context.Context, access.TenantID, access.Actor, access.PackageID) (runtime.WaitsReport, error) {
	return k.waits, k.err
}

func (k *kept) Outcomes(_ context.Context, _ access.TenantID, _ access.Actor, q runtime.SpanQuery) (runtime.OutcomeReport, error) {
	k.span = q
	return k.outcomes, k.err
}

func (k *kept) Unused(context.Context, access.TenantID, access.Actor) (runtime.UnusedReport, error) {
	return k.unused, k.err
}

// Gone names the one package that every house had once.
func (h *house) Gone(context.Context, access.TenantID, ...access.PackageID) (map[access.PackageID]access.Package, error) {
	return map[access.PackageID]access.Package{"bygone": {ID: "bygone", Name: "Bygone days"}}, nil
}

// Gone is the house's.
func (k *kept) Gone(context.Context, access.TenantID, ...access.PackageID) (map[access.PackageID]access.Package, error) {
	return nil, nil
}

// archive is a house with something to report.
func archive(t *testing.T) (*house, *kept) {
	h := newHouse(t, chattest.Modal())
	at := func(days int) time.Time { return h.at.AddDate(0, 0, days) }
	row := func(p access.PersonID, id access.PackageID, first, end int) runtime.Held {
		w := access.Window{}
		if end != 0 {
			w.End = at(end)
		}
		return runtime.Held{Person: p, Package: id, Request: 1, State: access.AssignmentActive, Window: w, First: at(first), Roles: h.w.Packages[id].Roles}
	}
	k := &kept{
		held: runtime.HeldReport{At: h.at, World: h.w, Rows: []runtime.Held{
			row(carla, "contractor", -20, 9), row(mina, "contractor", -3, 2), row(mina, "wiki", -90, 0),
		}},
		waits: runtime.WaitsReport{World: h.w, Requests: 2, Rows: []runtime.Waits{
			{For: ada, Person: carla, Package: "production", Request: 2, Stage: 1, Asked: at(-3), Opened: at(-3), Due: at(11)},
			{For: ada, Person: mina, Package: "production", Request: 4, Stage: 2, Asked: at(-2), Opened: at(-1), Due: at(13)},
			{Group: "play/security", Person: mina, Package: "production", Request: 4, Stage: 2, Asked: at(-2), Opened: at(-1), Due: at(13)},
		}},
		outcomes: runtime.OutcomeReport{World: h.w, Rows: []runtime.Outcome{
			{Person: carla, Package: "contractor", Request: 1, State: access.Approved, Asked: at(-9), At: at(-8), By: olga},
			{Person: mina, Package: "production", Request: 2, State: access.Denied, Asked: at(-7), At: at(-7).Add(3 * time.Hour), By: ada, Reason: "=HYPERLINK(\"no\")"},
			{Person: ben, Package: "production", Request: 5, State: access.TimedOut, Asked: at(-20), At: at(-6), Code: "undecided"},
			{Person: mina, Package: "contractor", Request: 6, State: access.TimedOut, Asked: at(-22), At: at(-7), By: olga, Reason: "Welcome.", Code: "termsNotAccepted"},
			{Person: rita, Package: "production", Request: 7, State: access.TimedOut, Asked: at(-22), At: at(-8), By: ada, Code: "undecided"},
			{Person: carla, Package: "wiki", Request: 8, State: access.TimedOut, Asked: at(-23), At: at(-9), Code: "endPassed"},
		}},
		unused: runtime.UnusedReport{World: h.w, Rows: []access.PackageID{"wiki"}, Gap: runtime.Gap{Before: at(-400), Rows: 2}},
	}
	h.Reporter = k
	return h, k
}

func tellOf(t *testing.T, r chat.Reply) chat.Tell {
	t.Helper()
	tell, ok := r.(chat.Tell)
	if !ok {
		t.Fatalf("%T: %+v", r, r)
	}
	return tell
}

// table reads the rows of a report's table.
func table(t *testing.T, tell chat.Tell) [][]string {
	t.Helper()
	i := slices.IndexFunc(tell.Files, func(f chat.File) bool { return f.Type == "text/csv" })
	if i < 0 {
		t.Fatalf("no table: %v", tell.Files)
	}
	rows, err := csv.NewReader(bytes.NewReader(tell.Files[i].Data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestReportsAsCards(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"en", "de"} {
		for _, name := range reports() {
			h, _ := archive(t)
			h.locale(locale, olga)
			tell := tellOf(t, h.types(olga, "/access-admin report "+name))
			h.golden("report-"+name+"."+locale, tell.Card)
			if rows := table(t, tell); len(rows) < 2 {
				t.Errorf("%s: the table is %v", name, rows)
			}
			drawn := slices.ContainsFunc(tell.Files, func(f chat.File) bool { return f.Type == "image/png" })
			if want := slices.Contains([]string{reportPackages, reportEnds, reportTimes}, name); drawn != want {
				t.Errorf("%s: a picture is there: %v", name, drawn)
			}
		}
	}
}

// From whom something is just taken away counts as having it, and is marked;
// on a past day it was not yet so.
func TestWhatIsTakenAwayIsMarkedInTheCount(t *testing.T) {
	t.Parallel()
	h, k := archive(t)
	k.held.Rows[0].State = access.AssignmentEnding
	if said := read(h.types(olga, "/access-admin report packages")); !strings.Contains(said, "2 people (being taken away from 1)") {
		t.Errorf("it says %s", said)
	}
	if said := read(h.types(olga, "/access-admin report packages 2026-08-20")); strings.Contains(said, "taken away") {
		t.Errorf("of a past day it says %s", said)
	}
}

// The picture of a report is one, of the size that it should have, and drawn on.
func TestThePictureOfAReport(t *testing.T) {
	t.Parallel()
	h, _ := archive(t)
	for _, name := range []string{reportPackages, reportEnds, reportTimes} {
		tell := tellOf(t, h.types(olga, "/access-admin report "+name))
		img, err := png.Decode(bytes.NewReader(tell.Files[len(tell.Files)-1].Data))
		if err != nil {
			t.Fatal(err)
		}
		seen := map[any]bool{}
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				seen[img.At(x, y)] = true
			}
		}
		if img.Bounds().Dx() != chart.Width || len(seen) < 10 {
			t.Errorf("%s: %v in %d colours", name, img.Bounds(), len(seen))
		}
	}
}

func TestPercentilesAreThoseOfTheNearestRank(t *testing.T) {
	t.Parallel()
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(i+1) * time.Minute
	}
	for _, c := range []struct {
		times []time.Duration
		p     int
		want  time.Duration
	}{
		{nil, 50, 0}, {hundred[:1], 50, time.Minute}, {hundred[:1], 99, time.Minute}, {hundred[:2], 50, time.Minute},
		{hundred[:3], 50, 2 * time.Minute}, {hundred[:10], 90, 9 * time.Minute}, {hundred[:10], 99, 10 * time.Minute},
		{hundred, 50, 50 * time.Minute}, {hundred, 90, 90 * time.Minute}, {hundred, 99, 99 * time.Minute}, {hundred[:15], 90, 14 * time.Minute},
	} {
		if got := percentile(c.times, c.p); got != c.want {
			t.Errorf("the %dth of %d is %v, want %v", c.p, len(c.times), got, c.want)
		}
	}
}

func TestNoCellOfATableIsAFormula(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", " =1": "' =1", "\n=1": "'\n=1", "＝1": "'＝1",
		"a=1": "a=1", "": "", "2026-09-01": "2026-09-01", "'=1": "'=1", "play/mina": "play/mina",
	} {
		if got := noFormula(cell); got != want {
			t.Errorf("%q is written as %q, want %q", cell, got, want)
		}
	}
	h, _ := archive(t)
	rows := table(t, tellOf(t, h.types(olga, "/access-admin report refused")))
	if got := rows[1][10]; got != "'=HYPERLINK(\"no\")" {
		t.Errorf("the reason is %q", got)
	}
}

// A table is lines that end in CR and LF, quoted where needed, in files that
// are not too large, each with the head; what finds no place is counted.
func TestTablesAreSplit(t *testing.T) {
	t.Parallel()
	files, lost := tables("t", []string{"a", "b"}, [][]string{{"x,y", "say \"hi\"\nthere"}})
	if len(files) != 1 || lost != 0 || string(files[0].Data) != "a,b\r\n\"x,y\",\"say \"\"hi\"\"\r\nthere\"\r\n" {
		t.Errorf("%d files, %d lost: %q", len(files), lost, files[0].Data)
	}
	long := strings.Repeat("x", chat.MaxFile/5)
	rows := slices.Repeat([][]string{{long, ""}}, 4*maxTables)
	files, lost = tables("t", []string{"a", "b"}, rows)
	var names []string
	total := lost
	for _, f := range files {
		names = append(names, f.Name)
		got, err := csv.NewReader(bytes.NewReader(f.Data)).ReadAll()
		if err != nil || len(f.Data) > chat.MaxFile || got[0][0] != "a" {
			t.Fatalf("%s has %d bytes: %v", f.Name, len(f.Data), err)
		}
		total += len(got) - 1
	}
	if strings.Join(names, " ") != "t.csv t-2.csv t-3.csv t-4.csv" || lost == 0 || total != len(rows) {
		t.Errorf("%v, %d lost, %d in all", names, lost, total)
	}
}

// A report is asked for by what is typed, or by a form that asks for what is
// missing.
func TestAReportIsAskedForInAForm(t *testing.T) {
	t.Parallel()
	h, k := archive(t)
	h.fills(olga, h.chooses(reportPackages), form.Values{"report": val(reportPackages), "day": val("2026-08-20"), "package": val("contractor")})
	if want := (runtime.HeldQuery{Package: "contractor", At: time.Date(2026, 8, 20, 23, 59, 0, 0, h.zone(olga))}); !k.about.At.Equal(want.At) || k.about.Package != want.Package {
		t.Errorf("asked for %+v, want %+v", k.about, want)
	}
	show, ok := h.fills(olga, h.chooses(reportEnds), form.Values{"report": val(reportEnds), "days": val("0")}).(chat.Show)
	if !ok || show.Page.Errors["days"] == "" {
		t.Errorf("nothing is said about the days: %+v", show.Page.Errors)
	}
	h.types(olga, "/access-admin report refused 7")
	if got := k.span.To.Sub(k.span.From); got != 7*day {
		t.Errorf("looked back %v", got)
	}
	h.types(olga, "/access-admin report people @mina 2026-08-20")
	if k.about.Person != mina || k.about.At.IsZero() {
		t.Errorf("asked for %+v", k.about)
	}
	for typed, want := range map[string]string{
		"report everything":                      "There is no report called everything. Choose one of packages, people, resources, ends, approvers, times, refused and unused.",
		"report packages Contractors 2026-08-01": "no package Contractors that", "report unused wiki": "The report “Packages never used” cannot be narrowed by wiki.",
		"report ends 2026-08-01": "cannot be narrowed by 2026-08-01", "report approvers @mina": "cannot be narrowed by @mina",
		"report packages 2026-09-02": "2026-09-02 has not come yet: today is 1 September 2026", "report packages nonsense": "nonsense", "report ends 9999": "whole number of days",
	} {
		if said := read(h.types(olga, "/access-admin "+typed)); !strings.Contains(said, want) {
			t.Errorf("%s: %s", typed, said)
		}
	}
	show, ok = h.fills(olga, h.chooses(reportPackages), form.Values{"report": val(reportPackages), "day": val("2 Sep 2026")}).(chat.Show)
	if !ok || !strings.Contains(show.Page.Errors["day"], "2 Sep 2026 has not come yet") {
		t.Errorf("a day to come is answered with %+v", show.Page.Errors)
	}
	k.err = access.Refuse(access.Forbidden, "notAdmin")
	if tell := tellOf(t, h.types(olga, "/access-admin report ends")); len(tell.Files) > 0 || tell.Card.Tone != chat.ToneBad {
		t.Errorf("a refused report says %+v", tell)
	}
	if said := read(h.types(carla, "/access-admin report ends")); strings.Contains(said, "ends") {
		t.Errorf("somebody without a role reads %s", said)
	}
}

// chooses is the form once olga has chosen a report in it.
func (h *house) chooses(report string) chat.Reply {
	f := h.shown(h.types(olga, "/access-admin report"))
	return h.does(chat.Filled{Who: h.who(olga), ID: h.id(), Form: f.Page.Form, Page: 1, Values: form.Values{"report": val(report)}, Live: true})
}

// zone is where a person is.
func (h *house) zone(p access.PersonID) *time.Location { return h.desk.texts.zone(h.people[p].Zone) }

// read is the plain text of a reply's card.
func read(r chat.Reply) string {
	tell, _ := r.(chat.Tell)
	return chattest.Read("play", tell.Card).Text
}

func TestWhySomebodyHasSomething(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	var ref access.RoleRef
	for _, ref = range h.w.Packages["wiki"].Roles {
		break
	}
	held := access.Assignment{ID: 3, Package: "wiki", State: access.AssignmentActive, First: h.at, Roles: h.w.Packages["wiki"].Roles, Window: access.Window{End: h.at.AddDate(0, 1, 0)}}
	h.ledgers[mina] = access.Ledger{
		Tenant: tenant, Person: mina, Next: 4, Assignments: []access.Assignment{held},
		Requests: []access.Request{{
			ID: 3, Assignment: 3, Kind: access.UserAdd, State: access.Delivered, Package: "wiki", Asker: mina, At: h.at.AddDate(0, 0, -1),
			Stages: []access.StageRun{{Decisions: []access.Decision{{By: ada, Verdict: access.Approve, Reason: "She writes it.", At: h.at}}}},
		}},
		Roles: map[access.RoleRef]*access.Holding{ref: {Had: access.Present, Before: true, Since: h.at}},
	}
	typed := "/access-admin why @mina " + string(ref.Resource)
	h.reply("why.en", h.types(olga, typed))
	h.locale("de", olga)
	h.reply("why.de", h.types(olga, typed))
	h.locale("en", olga)
	if said := read(h.types(olga, "/access-admin why @ben "+string(ref.Resource))); !strings.Contains(said, "Ben Tanaka has no access to Project site from Usher, nor to anything else.") {
		t.Errorf("said is %q", said)
	}
	if said := read(h.types(olga, "/access-admin why @mina prod")); !strings.Contains(said, "Mina Okafor has no access to Production from Usher.") {
		t.Errorf("said is %q", said)
	}
	show, ok := h.types(olga, "/access-admin why").(chat.Show)
	if !ok || len(show.Page.Fields) != 2 {
		t.Errorf("a bare command is answered with %+v", show)
	}
	if said := read(h.types(carla, typed)); strings.Contains(said, "Wiki") {
		t.Errorf("somebody without a role reads %q", said)
	}
}

// Who looks after one catalog is not told of what another's package gives.
func TestWhyTellsOnlyWhatOneMayKnow(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	s := scene{l: access.Ledger{Person: mina, Requests: []access.Request{{ID: 1, Assignment: 1, Package: "wiki", Asker: mina}}, Assignments: []access.Assignment{
		{ID: 1, Package: "wiki", State: access.AssignmentActive},
	}}, w: h.w}
	res := h.w.Resources[h.w.Packages["wiki"].Roles[0].Resource]
	if n := len(s.giving(access.Actor{Person: ben, Standing: access.Member}, res)); n != 0 {
		t.Errorf("ben is told of %d", n)
	}
	all := access.Actor{Person: olga, Standing: access.Member}
	if n := len(s.giving(all, res)); n != 1 || !engine.TenantAdmin(h.w, all) {
		t.Errorf("olga is told of %d", n)
	}
}

// What is typed behind a report's name is a package or a resource, and a day or
// a number of days; a package may be called like that.
func TestAReportIsNarrowedByWhatIsTyped(t *testing.T) {
	t.Parallel()
	h, k := archive(t)
	five := h.w.Packages["wiki"]
	five.ID, five.Name = "five", "Team 5"
	h.w.Packages["five"] = five
	aug := time.Date(2026, 8, 1, 23, 59, 0, 0, h.zone(olga))
	days := func(n int) time.Time { return h.at.AddDate(0, 0, n) }
	for typed, want := range map[string]runtime.HeldQuery{
		"packages":                     {},
		"PACKAGES 2026-08-01":          {At: aug},
		"packages Wiki 2026-08-01":     {Package: "wiki", At: aug},
		"packages wiki 1 Aug 2026":     {Package: "wiki", At: aug},
		"packages 2026-09-01":          {}, // today
		"resources Project site":       {Resource: h.w.Packages["wiki"].Roles[0].Resource},
		"people @mina 2026-08-01":      {Person: mina, At: aug},
		"ends 3":                       {Ends: days(3)},
		"ends Wiki 3":                  {Package: "wiki", Ends: days(3)},
		"ends team 5":                  {Package: "five", Ends: days(endsWithin)},
		"ends team 5 30":               {Package: "five", Ends: days(30)},
		"ends \"External contractor\"": {Package: "contractor", Ends: days(endsWithin)},
	} {
		k.about = runtime.HeldQuery{Package: "not asked"}
		said := read(h.types(olga, "/access-admin report "+typed))
		if !k.about.At.Equal(want.At) || !k.about.Ends.Equal(want.Ends) {
			t.Errorf("%s: asked about %v and until %v; %s", typed, k.about.At, k.about.Ends, said)
		}
		k.about.At, k.about.Ends, want.At, want.Ends = time.Time{}, time.Time{}, time.Time{}, time.Time{}
		if k.about != want {
			t.Errorf("%s: asked for %+v, want %+v; %s", typed, k.about, want, said)
		}
	}
}

// A report about a day says which, in which zone, and its files are named after
// it; what is about now is named after today, where the reader is.
func TestAReportSaysOfWhichDayItIs(t *testing.T) {
	t.Parallel()
	h, k := archive(t)
	berlin := h.people[olga]
	berlin.Zone = "Pacific/Kiritimati" // 14 hours ahead: it is the 1st at 23:00
	h.people[olga] = berlin
	names := func(typed string) (said, files string) {
		k.held.At = h.at
		tell := tellOf(t, h.types(olga, "/access-admin report "+typed))
		for _, f := range tell.Files {
			files += f.Name + " "
		}
		return tell.Card.Blocks[0].Text.Plain(), files
	}
	said, files := names("packages 2026-08-20")
	if said != "As it was on 20 August 2026, 23:59 +14 (Pacific/Kiritimati)." || files != "report-packages-2026-08-20.csv report-packages-2026-08-20.png " {
		t.Errorf("%s %s", said, files)
	}
	said, files = names("people @mina 2026-08-20")
	if said != "What Mina Okafor had on 20 August 2026, 23:59 +14 (Pacific/Kiritimati)." || files != "report-people-2026-08-20.csv " {
		t.Errorf("%s %s", said, files)
	}
	said, files = names("packages")
	if !strings.HasPrefix(said, "As it is now: 1 September 2026, ") || files != "report-packages-2026-09-01.csv report-packages-2026-09-01.png " {
		t.Errorf("%s %s", said, files)
	}
	h.at = h.at.Add(2 * time.Hour) // 11:00 UTC: the 2nd over there
	if _, files = names("ends"); files != "report-ends-2026-09-02.csv report-ends-2026-09-02.png " {
		t.Errorf("after midnight there: %s", files)
	}
}

// Where there is nothing, the card says so, without a table or a picture.
func TestAReportOfNothingSaysSo(t *testing.T) {
	t.Parallel()
	h, k := archive(t)
	*k = kept{held: runtime.HeldReport{At: h.at, World: h.w}, waits: runtime.WaitsReport{World: h.w}, outcomes: runtime.OutcomeReport{World: h.w}, unused: runtime.UnusedReport{World: h.w}}
	for name, want := range map[string]string{
		reportPackages: "Nobody has anything that you asked about.", reportPeople: "Nobody has anything that you asked about.", reportResources: "Nobody has anything that you asked about.", reportEnds: "Nothing ends in that time.",
		reportApprovers: "Nobody has to decide anything.", reportTimes: "Nobody decided anything.", reportRefused: "Nothing was denied, and nothing timed out.", reportUnused: "Every package was used.",
	} {
		tell := tellOf(t, h.types(olga, "/access-admin report "+name))
		if said := read(tell); !strings.Contains(said, want) || len(tell.Files) > 0 {
			t.Errorf("%s: %d files and %s", name, len(tell.Files), said)
		}
	}
	if said := read(h.types(olga, "/access-admin report people @ben")); !strings.Contains(said, "Ben Tanaka has nothing that you asked about.") {
		t.Errorf("a person without anything: %s", said)
	}
}

func TestEndsAreDrawnForDaysThatHaveSome(t *testing.T) {
	t.Parallel()
	h, _ := archive(t)
	c := &call{Desk: h.desk, now: h.at, tongue: h.desk.texts.in("UTC", "en")}
	ends := func(days ...int) []runtime.Held {
		var out []runtime.Held
		for _, n := range days {
			out = append(out, runtime.Held{Window: access.Window{End: h.at.AddDate(0, 0, n)}})
		}
		return out
	}
	labels, bars := c.endBars(ends(9, 2, 9, -3), 14)
	if got := strings.Join(labels, "; "); got != "1 September; 3 September; 10 September" || !slices.Equal(bars[0].Values, []float64{1, 1, 2}) {
		t.Errorf("%s: %v", got, bars)
	}
	if labels, _ = c.endBars(ends(150), 150); labels[0] != "23 January 2027 – 29 January 2027" {
		t.Errorf("next year: %v", labels)
	}
	if labels, bars = c.endBars(ends(99), 100); len(labels) != 1 || labels[0] != "6 December – 10 December" || bars[0].Values[0] != 1 {
		t.Errorf("%v: %v", labels, bars)
	}
}

// Minutes are not drawn as hours, nor weeks.
func TestTimesAreDrawnInAUnitThatFits(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{time.Second: "minutes", 119 * time.Minute: "minutes", 2 * time.Hour: "hours", 71 * time.Hour: "hours", 3 * day: "days", 90 * day: "days"} {
		if unit, name := scale(d); name != want || unit > max(d, time.Minute) {
			t.Errorf("%v is drawn in %s (%v)", d, name, unit)
		}
	}
}
