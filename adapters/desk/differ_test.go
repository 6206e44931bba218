package desk

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// untold are the fields of definitions that people get no word for, and why.
func untold() map[string]string {
	const (
		id   = "an id never changes: another one is another definition"
		who  = "who wrote a version and when is not what it says"
		said = "the heading says that it is deleted"
	)
	return map[string]string{
		"Settings.ManagedBy": who, "Settings.Revision": who,
		"Catalog.ID": id, "Catalog.ManagedBy": who, "Catalog.Revision": who, "Catalog.Deleting": said,
		"Resource.ID": id, "Resource.ManagedBy": who, "Resource.Revision": who, "Resource.Deleting": said,
		"Package.ID": id, "Package.ManagedBy": who, "Package.Revision": who, "Package.Deleting": said,
		"Package.CreatedBy": who, "Package.CreatedAt": who, "Package.EditedBy": who, "Package.EditedAt": who,
		"Package.Policies.Version": who, "Package.Policies.EditedBy": who, "Package.Policies.EditedAt": who,
		"Package.Terms.Version": who,
	}
}

// fullDefinitions have something in every field.
func fullDefinitions() []any {
	some, group := access.SomePerson(olga), access.SomeGroup("play/ops")
	words := access.Words{Text: "text", In: map[string]string{"de": "Text"}}
	routing := access.Routing{Channels: []access.Channel{"play/all"}, ChannelOnly: true}
	policy := access.Policy{
		ID: "members", Name: "Members", Description: "For all.", Closed: true, Choosable: true, Justification: true, ExtensionApproval: true,
		Requestors: access.Scope{Members: true, Outsiders: true, People: []access.PersonID{olga}, Groups: []access.GroupID{"play/ops"}},
		OnBehalf:   access.OnBehalf{Managers: true, People: []access.PersonID{olga}, Groups: []access.GroupID{"play/ops"}},
		Questions: []access.Question{{
			ID: "where", Kind: access.Choice, Label: words, Required: true, Pattern: "x", Editable: true,
			Options: []access.Option{{Value: "a", Label: words}, {Value: "b", Label: words}},
		}},
		Stages: []access.Stage{{
			Approvers: []access.Subject{some, group}, Quorum: 2, Within: 5 * day, ReasonRequired: true,
			Alternates: []access.Subject{some}, AlternatesAfter: 2 * day, Fallbacks: []access.Subject{some},
		}},
		Lifecycle: access.Lifecycle{Ends: access.EndsDuration, For: 30 * day, OwnTimes: true, Extend: true},
	}
	pack := access.Package{
		ID: "pack", Catalog: "lab", Name: "Pack", Description: "All of it.", Roles: []access.RoleRef{{Resource: "files", Role: "member"}},
		Policies: []access.Policy{policy}, Hidden: true, Incompatible: []access.PackageID{"other"}, Terms: &access.Terms{Version: 1, Text: words}, Routing: routing,
	}
	dated := pack
	dated.Policies = []access.Policy{policy}
	dated.Policies[0].ExtensionApproval = false
	dated.Policies[0].Lifecycle = access.Lifecycle{Ends: access.EndsOnDate, On: time.Date(2026, 9, 17, 12, 0, 0, 0, time.UTC)}
	return []any{
		access.Settings{Name: "Demo", Admins: []access.Subject{some}, Auditors: []access.Subject{group}, Locale: "de", Zone: "Europe/Berlin", StageLimit: 5, TakeFound: true, Restore: true, Routing: routing},
		access.Catalog{ID: "lab", Name: "Lab", Description: "Ours.", Roles: []access.RoleHolder{{Role: access.CatalogOwner, Who: some}}, Routing: routing},
		access.Resource{
			ID: "files", Catalog: "lab", Name: "Files", Description: "All.", Connector: "rooms", Target: "files",
			Roles: []access.ResourceRole{{ID: "member", Name: "Member", Can: words}}, Hands: []access.Subject{some},
		},
		pack, dated,
	}
}

// fieldWalk changes each value below v in turn, and calls changed for it.
func fieldWalk(v reflect.Value, path string, changed func(path string)) {
	set := func(to any) {
		old := reflect.New(v.Type()).Elem()
		old.Set(v)
		v.Set(reflect.ValueOf(to).Convert(v.Type()))
		changed(path)
		v.Set(old)
	}
	switch now := v.Interface().(type) {
	case time.Time:
		set(now.Add(time.Hour))
		return
	case time.Duration:
		set(now + time.Hour)
		return
	case access.Subject:
		set(access.Subject{Kind: access.SubjectTenantAdmins})
		return
	case access.CatalogRole:
		set(access.CatalogReader)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fieldWalk(v.Field(i), path+"."+v.Type().Field(i).Name, changed)
		}
	case reflect.Pointer:
		fieldWalk(v.Elem(), path, changed)
	case reflect.Slice:
		fieldWalk(v.Index(0), path, changed)
		set(reflect.Zero(v.Type()).Interface())
	case reflect.Map:
		old := v.Interface()
		v.Set(reflect.ValueOf(map[string]string{"de": "anders"}))
		changed(path)
		v.Set(reflect.ValueOf(old))
	case reflect.String:
		set(v.String() + "x")
	case reflect.Bool:
		set(!v.Bool())
	case reflect.Int, reflect.Int64:
		set(v.Int() + 1)
	default:
		changed(path + " (a kind that the test does not know: " + v.Kind().String() + ")")
	}
}

// Each field of each kind of definition is told in words when it changes, or
// stands in the table of those that are not, with the reason.
func TestEachFieldOfADefinitionHasAWord(t *testing.T) {
	t.Parallel()
	texts, err := LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range texts.Languages() {
		said := map[string]bool{}
		for _, full := range fullDefinitions() {
			before, err := duplicated(full)
			if err != nil {
				t.Fatal(err)
			}
			s := scene{tongue: texts.in("", lang), w: engine.World{}}
			v := reflect.New(reflect.TypeOf(full)).Elem()
			v.Set(reflect.ValueOf(before))
			fieldWalk(v, v.Type().Name(), func(path string) {
				lines := s.differences(full, v.Interface())
				said[path] = said[path] || len(lines) > 0
				for _, line := range lines {
					if text := line.Plain(); strings.Contains(text, "differ.") || strings.Contains(text, "true") || strings.Contains(text, "720h") {
						t.Errorf("%s, %s: %q is no sentence for people", lang, path, text)
					}
				}
			})
		}
		for path, told := range said {
			if reason := untold()[path]; told != (reason == "") {
				t.Errorf("%s, %s: told %v, and the table says %q", lang, path, told, reason)
			}
		}
		for path := range untold() {
			if _, there := said[path]; !there {
				t.Errorf("%s is in the table and in no definition", path)
			}
		}
	}
}

func duplicated(v any) (any, error) {
	switch v := v.(type) {
	case access.Settings:
		return duplicate(v)
	case access.Catalog:
		return duplicate(v)
	case access.Resource:
		return duplicate(v)
	default:
		return duplicate(v.(access.Package))
	}
}

// itemsOf are the lines of a card's lists.
func itemsOf(r chat.Reply) []string {
	var out []string
	tell, _ := r.(chat.Tell)
	for _, b := range tell.Card.Blocks {
		for _, item := range b.Items {
			out = append(out, item.Plain())
		}
	}
	return out
}

// differsIn are the differences of two versions of a package in a language.
func differsIn(t *testing.T, lang string, before, after access.Package) []string {
	t.Helper()
	texts, err := LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	s := scene{tongue: texts.in("", lang), names: map[access.PersonID]string{olga: "Olga", mina: "Mina"}}
	s.w.Resources = map[access.ResourceID]access.Resource{"files": {ID: "files", Name: "Design files", Roles: []access.ResourceRole{{ID: "member", Name: "Member"}}}}
	var out []string
	for _, line := range s.differences(before, after) {
		out = append(out, s.flat(line))
	}
	return out
}

func TestADifferenceReadsLikeThePage(t *testing.T) {
	t.Parallel()
	base := access.Package{ID: "wiki", Name: "Wiki", Catalog: access.General, ManagedBy: access.ManagedByFile, Policies: []access.Policy{
		{ID: "members", Name: "Members", Version: 1, Stages: []access.Stage{{Approvers: []access.Subject{access.SomePerson(olga)}}}, Lifecycle: access.Lifecycle{Ends: access.EndsDuration, For: 30 * day}},
		{ID: "guests", Name: "Guests", Lifecycle: access.Lifecycle{Ends: access.EndsNever}},
	}}
	now, err := duplicate(base)
	if err != nil {
		t.Fatal(err)
	}
	now.Hidden, now.ManagedBy, now.EditedBy = true, access.ManagedByChat, mina
	now.Roles = []access.RoleRef{{Resource: "files", Role: "member"}}
	now.Policies[0].Version = 2
	now.Policies[0].Stages[0].Approvers = append(now.Policies[0].Stages[0].Approvers, access.SomePerson(mina))
	now.Policies[0].Lifecycle.For = 14 * day
	now.Terms = &access.Terms{Text: access.Words{Text: "Keep it.", In: map[string]string{"de": "Behalt es."}}}
	for lang, want := range map[string][]string{
		"en": {
			"What it gives: nothing → Design files, Member", "Approvers of stage 1 of policy Members: Olga → Olga and Mina", "Lasts (policy Members): 30 days → 14 days",
			"Terms: nothing → Keep it.", "Terms, in de: nothing → Behalt es.", "Listed: yes → no",
		},
		"de": {
			"Was es gibt: nichts → Design files, Member", "Genehmigende der Stufe 1 der Richtlinie Members: Olga → Olga und Mina", "Gilt (Richtlinie Members): 30 Tage → 14 Tage",
			"Bedingungen: nichts → Keep it.", "Bedingungen, auf de: nichts → Behalt es.", "In Listen: ja → nein",
		},
	} {
		if got := differsIn(t, lang, base, now); !slices.Equal(got, want) {
			t.Errorf("%s:\n%q\nwant\n%q", lang, got, want)
		}
	}
	now.Policies = now.Policies[:1]
	base.Policies = base.Policies[:1]
	if got := differsIn(t, "en", base, now); !slices.Contains(got, "Lasts: 30 days → 14 days") || !slices.Contains(got, "Approvers of stage 1: Olga → Olga and Mina") {
		t.Errorf("of one policy alone: %q", got)
	}
}

// Names that the edit's own package does not hold are looked up.
func TestADifferenceNamesWhatItRefersTo(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chats()["slack"])
	w.applies(wikiFile)
	if got := itemsOf(w.types(olga, "/access-admin package hide wiki")); !slices.Equal(got, []string{"Listed: yes → no"}) {
		t.Errorf("%q", got)
	}
}

// Of a long text the part that changed is seen, of a long list what came and
// went.
func TestLongDifferencesShowWhatChanged(t *testing.T) {
	t.Parallel()
	rest := strings.Repeat("and so on and on ", 12)
	before := access.Package{ID: "p", Name: "P", Description: "You keep it secret " + rest + "until the RED end of days " + rest + "and that is all."}
	after := before
	after.Description = strings.Replace(before.Description, "RED", "blue", 1)
	want := []string{"Description: You keep it sec … on and on until the RED end of days and so … nd that is all. → You keep it sec … on and on until the blue end of days and so … nd that is all."}
	if got := differsIn(t, "en", before, after); !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
	for i := range 9 {
		before.Incompatible = append(before.Incompatible, access.PackageID("old"+string(rune('a'+i))))
	}
	after = before
	after.Incompatible = append(slices.Clone(before.Incompatible[1:]), "new")
	want = []string{"Does not go together with: new added, olda taken out"}
	if got := differsIn(t, "en", before, after); !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
	slices.Reverse(after.Incompatible)
	after.Incompatible = append(after.Incompatible, "olda")
	before.Incompatible = append(before.Incompatible, "new")
	if got := differsIn(t, "en", before, after); !slices.Equal(got, []string{"Does not go together with: in another order"}) {
		t.Errorf("%q", got)
	}
}

// Two that are called the same are told apart.
func TestADifferenceTellsApartWhatReadsTheSame(t *testing.T) {
	t.Parallel()
	of := func(id access.GroupID) access.Package {
		return access.Package{ID: "p", Policies: []access.Policy{{ID: "m", Requestors: access.Scope{Groups: []access.GroupID{id}}}}}
	}
	want := []string{"Who may ask: the group ops (group play/ops) → the group ops (group games/ops)"}
	if got := differsIn(t, "en", of("play/ops"), of("games/ops")); !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}
