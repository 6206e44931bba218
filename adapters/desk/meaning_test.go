package desk

import (
	"slices"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// room is a resource with one role.
func room(id access.ResourceID, in access.CatalogID, name, target string) access.Resource {
	return access.Resource{
		ID: id, Catalog: in, Name: name, Connector: "rooms", Target: target,
		Roles: []access.ResourceRole{{ID: "member", Name: "Member", Can: access.Say("come in")}},
	}
}

func pack(id access.PackageID, in access.CatalogID, name string) access.Package {
	role := access.RoleRef{Resource: "badge", Role: "holder"}
	if in == "design" {
		role = access.RoleRef{Resource: "files", Role: "member"}
	}
	return access.Package{ID: id, Catalog: in, Name: name, Roles: []access.RoleRef{role}, Policies: []access.Policy{
		{ID: "all", Name: "All", Requestors: access.Scope{Members: true}, Lifecycle: access.Lifecycle{Ends: access.EndsNever}},
	}}
}

// completes are the values that are offered for what is being typed.
func (s *shop) completes(p access.PersonID, typed string) map[string]string {
	s.t.Helper()
	root, rest, _ := strings.Cut(strings.TrimPrefix(typed, "/"), " ")
	offer, ok := s.does(chat.Searched{Who: s.who(p), Command: root, Query: rest}).(chat.Offer)
	if !ok {
		s.t.Fatal("nothing is offered")
	}
	out := map[string]string{}
	for _, o := range offer.Options {
		out[o.Label] = "/" + root + " " + o.Value
	}
	return out
}

func TestNamesThatBeginLikeAChannelAreFound(t *testing.T) {
	t.Parallel()
	s := openShop(t, chattest.Modal(), runtime.Thing{Target: "C7", Name: "#board", Kind: "channel"})
	d := shopDefinitions()
	d.Resources = append(d.Resources, room("launch", access.General, "#launch", "C123"), room("lobby", access.General, "Lobby", "C9"), room("board", access.General, "#board", "elsewhere"))
	d.Packages = append(d.Packages, pack("launchpad", access.General, "#launch pad"))
	d.Catalogs = append(d.Catalogs, access.Catalog{ID: "launches", Name: "#launches"})
	s.define(d)
	for typed, want := range map[string]string{
		"resource show #launch":      "#launch",
		`resource show "#launch"`:    "#launch",
		"resource show #LAUNCH":      "#launch",
		"resource show #lobby":       "Lobby",
		"resource show #C123":        "#launch", // mentions, as Slack and Discord write them
		"resource show #C123|x":      "#launch",
		"resource show #C9|nonsense": "Lobby",
		"resource show #C88|launch":  "#launch",
		"resource show #C7":          "#board",
		"package show #launch pad":   "#launch pad",
		"package show #launch":       "#launch pad",
		"catalog show #launches":     "#launches",
		"catalog show #C88|launches": "#launches",
	} {
		if got := s.told(s.types(olga, "/access-admin "+typed)).Title; got != want {
			t.Errorf("%s shows %q, not %q", typed, got, want)
		}
	}
	s.has(s.reads(olga, "/access-admin why @mina #launch"), "Mina Okafor", "#launch")
	s.has(s.reads(olga, "/access show #launch pad"), "#launch pad")
	s.says(s.types(olga, "/access-admin resource show #nowhere"), "There is no resource #nowhere that you can see. /access-admin resource list shows them.")
}

func TestAPlaceIsTheLastOneWithACross(t *testing.T) {
	t.Parallel()
	s := openShop(t, chattest.Modal())
	d := shopDefinitions()
	d.Packages = append(d.Packages, pack("launchpad", access.General, "#launch"))
	s.define(d)
	s.says(s.types(olga, "/access-admin package post #launch #all"), "The card of #launch is in #all.")
	s.says(s.types(olga, "/access-admin package post #launch #all|everybody"), "The card of #launch is in #all.")
	s.has(s.reads(olga, "/access-admin package post #launch @mina"), "#launch", "Mina Okafor")
}

// What completion offers is found again when it is sent, also names of several
// words, "#" and all.
func TestWhatIsCompletedIsFound(t *testing.T) {
	t.Parallel()
	s := openShop(t, chattest.Modal())
	d := shopDefinitions()
	d.Resources = append(d.Resources, room("launch", access.General, "#launch", "C123"), room("two", access.General, "Design files", "two"))
	d.Packages = append(d.Packages, pack("launchpad", access.General, "#launch pad"), pack("wiki", access.General, "Wiki"), pack("other", "design", "Wiki"))
	s.define(d)
	for typed, want := range map[string][2]string{
		"/access-admin why @play/mina #la":           {"#launch", "Why"},
		"/access-admin resource show #launch":        {"#launch", "#launch"},
		"/access-admin resource show design fi":      {"Design files (General · two)", "Design files"},
		"/access-admin package show #launch pa":      {"#launch pad", "#launch pad"},
		"/access-admin package show wik":             {"Wiki (General · wiki)", "Wiki"},
		"/access-admin bulk wiki":                    {"Wiki (Design · other)", "Assign to many people"},
		"/access show Wiki":                          {"Wiki (Design · other)", "Wiki"},
		"/access-admin package simulate @mina sketc": {"Sketches", "If Mina Okafor asked for Sketches"},
	} {
		offered := s.completes(olga, typed)
		value, ok := offered[want[0]]
		if !ok {
			t.Errorf("%s offers %v", typed, offered)
			continue
		}
		reply := s.types(olga, value)
		title := ""
		switch r := reply.(type) {
		case chat.Tell:
			title = r.Card.Title
		case chat.Show:
			title = r.Page.Title
		}
		if !strings.HasPrefix(title, want[1]) {
			t.Errorf("%s shows %q", value, title)
		}
	}
}

func TestANameThatFitsSeveralIsAskedBack(t *testing.T) {
	t.Parallel()
	s := openShop(t, chattest.Modal())
	d := shopDefinitions()
	d.Packages = append(d.Packages, pack("wiki", access.General, "Wiki"), pack("other", "design", "wiki"))
	d.Catalogs = append(d.Catalogs, access.Catalog{ID: "twin", Name: "Design"})
	d.Resources = append(d.Resources, room("two", access.General, "Design files", "two"), room("three", access.General, "Third", "design"))
	s.define(d)

	// Whatever command it is, it goes on with what was chosen.
	for command, want := range map[string]string{
		"/access-admin package show Wiki": "Design", "/access show wiki": "wiki", "/access request Wiki": "",
		"/access-admin assign @mina Wiki": "", "/access-admin assign mina wiki": "", "/access-admin assign @mina Wiki 30 days": "",
		"/access-admin bulk WIKI": "", "/access-admin package edit Wiki": "", "/access-admin policy list Wiki": "wiki", "/access-admin report packages Wiki": "Who has what",
	} {
		asks := s.types(olga, command)
		card := s.told(asks)
		s.has(cardText(card), "Which one do you mean?", "Wiki (wiki), General", "wiki (other), Design")
		n := slices.IndexFunc(card.Blocks, func(b chat.Block) bool { return strings.Contains(b.Text.Plain(), "(other)") })
		r := s.does(chat.Pressed{Who: s.who(olga), ID: s.id(), Token: card.Blocks[n].Buttons[0].Token})
		switch r := r.(type) {
		case chat.Tell:
			s.has(cardText(r.Card), want)
			s.hasNot(cardText(r.Card), "General", "Which one")
		case chat.Show:
			if p := r.Page; value(p, "package") != "other" && !strings.Contains(p.Title, "wiki") {
				t.Errorf("%s goes on with %+v", command, p)
			}
		}
	}

	card := s.told(s.types(olga, "/access-admin resource show design files"))
	s.has(cardText(card), "Design files (files), Design", "Design files (two), General")
	s.has(cardText(s.told(s.types(olga, "/access-admin resource show id:two"))), "General")
	s.has(cardText(s.told(s.types(olga, "/access-admin resource show #design"))), "Design files (files), Design", "Third (three), General")
	card = s.told(s.types(olga, "/access-admin catalog show design"))
	s.has(cardText(card), "Design (design)", "Design (twin)")
	r := s.does(chat.Pressed{Who: s.who(olga), ID: s.id(), Token: card.Blocks[1].Buttons[0].Token})
	s.has(cardText(s.told(r)), "What designers need.")

	// Who may see one only is not asked, and hears of no other.
	s.has(s.reads(ada, "/access-admin package show wiki"), "Design")
	s.hasNot(s.reads(ada, "/access-admin resource show design files"), "Which one")

	// In a form it is told at its field how to write it.
	why := s.types(olga, "/access-admin why")
	s.wrong(s.fills(olga, why, form.Values{"person": val("play/mina"), "resource": val("Design files")}), "resource",
		"Several are called Design files. Please write which one is meant: id:files (Design files, Design) and id:two (Design files, General).")
	s.has(cardText(s.told(s.fills(olga, why, form.Values{"person": val("play/mina"), "resource": val("id:two")}))), "Design files")
}

func TestAChoiceIsForWhoeverWasAsked(t *testing.T) {
	t.Parallel()
	s := openShop(t, chattest.Modal())
	d := shopDefinitions()
	d.Packages = append(d.Packages, pack("wiki", access.General, "Wiki"), pack("other", "design", "Wiki"))
	s.define(d)
	card := s.told(s.types(olga, "/access-admin package show Wiki"))
	token := card.Blocks[1].Buttons[0].Token
	over := "This question is too old, or not yours. Please type the command again."
	s.says(s.does(chat.Pressed{Who: s.who(mina), ID: s.id(), Token: token}), over)
	s.pass(2 * draftTTL)
	s.says(s.does(chat.Pressed{Who: s.who(olga), ID: s.id(), Token: token}), over)
}

// In fields things of one name are told apart, and only those.
func TestPickersTellThingsOfOneNameApart(t *testing.T) {
	t.Parallel()
	s := openShop(t, chattest.Modal())
	d := shopDefinitions()
	d.Packages = append(d.Packages, pack("wiki", access.General, "Wiki"), pack("other", "design", "Wiki"))
	d.Catalogs = append(d.Catalogs, access.Catalog{ID: "twin", Name: "Design"})
	s.define(d)
	labels := func(r chat.Reply, field string) string {
		f, _ := form.Form{Fields: s.shown(r).Page.Fields}.Field(field)
		var out []string
		for _, o := range f.Options {
			out = append(out, o.Label)
		}
		return strings.Join(out, ", ")
	}
	for command, want := range map[string]string{
		"/access-admin assign": "Wiki (Design · other), Sketches, Wiki (General · wiki)", "/access request": "Wiki (Design · other), Sketches, Wiki (General · wiki)",
		"/access-admin package edit": "Wiki (Design · other), Sketches, Wiki (General · wiki)",
	} {
		if got := labels(s.types(olga, command), "package"); got != want {
			t.Errorf("%s offers %s", command, got)
		}
	}
	r := s.fills(olga, s.types(olga, "/access-admin resource create"), form.Values{"thing": val("rooms/approvals")})
	if got := labels(r, "catalog"); got != "Design (design), Design (twin), General" {
		t.Errorf("catalogs: %s", got)
	}
	s.has(cardText(s.told(s.fills(olga, s.types(olga, "/access-admin report"), form.Values{"report": val("packages"), "package": val("wiki")}))), "Who has what")
}

func TestASecondOfTheSameNameIsWarnedOf(t *testing.T) {
	t.Parallel()
	shops(t, func(t *testing.T, s *shop) {
		d := shopDefinitions()
		d.Packages = append(d.Packages, pack("wiki", access.General, "Wiki"), pack("docs", "design", "Docs"))
		hidden := pack("secret", access.General, "Vault")
		hidden.Hidden, hidden.Policies[0].Requestors = true, access.Scope{People: []access.PersonID{mina}}
		d.Packages = append(d.Packages, hidden)
		s.define(d)

		// A resource and a catalog, in the difference that is confirmed.
		r := s.fills(olga, s.types(olga, "/access-admin resource create"), form.Values{"thing": val("rooms/approvals")})
		r = s.pages(olga, r, form.Values{"name": val("Badge"), "catalog": val("design")})
		s.has(cardText(s.told(r)), "There is another resource called Badge in catalog General (badge).")
		s.has(s.confirms(olga, r, "New resource: Badge"), "The resource Badge is there.")
		r = s.pages(olga, s.types(olga, "/access-admin catalog create"), form.Values{"name": val("design")})
		s.confirms(olga, r, "There is another catalog called Design (design).", "New catalog: design")
		if s.catalog("design-2").Name != "design" {
			t.Error("a second catalog is refused")
		}

		// A package, on its card before it is made, and when it is named anew.
		r = s.types(olga, "/access-admin package create Wiki")
		s.pages(olga, r, form.Values{"catalog": val("general")})
		s.has(s.reads(olga, "/access-admin package edit id:wiki-2"), "There is another package called Wiki in catalog General (wiki).")
		s.hasNot(s.reads(olga, "/access-admin package edit docs"), "Please note")

		// What somebody may not see is not named.
		r = s.types(ben, "/access-admin package create Vault")
		s.pages(ben, r, nil)
		s.hasNot(s.reads(ben, "/access-admin package edit vault"), "another package")
	})
}

func TestTheSameThingTwiceIsAskedFor(t *testing.T) {
	t.Parallel()
	s := openShop(t, chattest.Modal())
	r := s.types(olga, "/access-admin resource create")
	f, _ := form.Form{Fields: s.shown(r).Page.Fields}.Field("thing")
	for _, o := range f.Options {
		if marked := o.Hint == "already the resource Design files in catalog Design"; marked != (o.Value == "rooms/design") {
			t.Errorf("%s: %s", o.Value, o.Hint)
		}
	}
	asks := s.fills(olga, r, form.Values{"thing": val("rooms/design")})
	s.has(cardText(s.told(asks)), "#design is already the resource Design files in catalog Design.", "[Use Design files] [Add it once more]")
	s.has(cardText(s.told(s.taps(olga, asks, "Use Design files"))), "Design files", "All sketches.")
	again := s.taps(olga, asks, "Add it once more")
	if got := value(s.shown(again).Page, "name"); got != "#design" {
		t.Errorf("named %q", got)
	}
	shown := s.pages(olga, again, form.Values{"catalog": val("general")})
	s.has(cardText(s.told(shown)), "#design is already the resource Design files in catalog Design.", "[Use Design files]")
	s.confirms(olga, shown, "New resource: #design")
	if got := s.resource("design"); got.Target != "design" || got.Catalog != access.General {
		t.Errorf("%+v", got)
	}

	// What has an address that nothing lists is found as well.
	typed := form.Values{
		"connector": val("hooks"), "target": val("https://example.org/x"), "name": val("Hook"), "catalog": val("general"),
		"role": val("Viewer"), "can": val("look"),
	}
	r = s.fills(olga, s.types(olga, "/access-admin resource create"), form.Values{"thing": val("other")})
	s.confirms(olga, s.pages(olga, r, typed), "New resource: Hook")
	r = s.fills(olga, s.types(olga, "/access-admin resource create"), form.Values{"thing": val("other")})
	typed["name"] = val("Hook again")
	s.has(cardText(s.told(s.pages(olga, r, typed))), "https://example.org/x is already the resource Hook in catalog General.")
}

// Whoever may not know of a resource is not told that a thing is one.
func TestAThingOfAForeignCatalogIsNotTold(t *testing.T) {
	t.Parallel()
	s := openShop(t, chattest.Modal())
	d := shopDefinitions()
	d.Resources = append(d.Resources, room("ok", access.General, "Secret approvals", "approvals"))
	s.define(d)
	r := s.types(ada, "/access-admin resource create")
	f, _ := form.Form{Fields: s.shown(r).Page.Fields}.Field("thing")
	for _, o := range f.Options {
		s.hasNot(o.Hint, "Secret")
	}
	r = s.fills(ada, r, form.Values{"thing": val("rooms/approvals")})
	s.confirms(ada, s.pages(ada, r, nil), "New resource: #approvals")
	s.has(s.reads(ada, "/access-admin resource show approvals"), "#approvals")
}

func TestTheCatalogOfANewResourceIsFilledIn(t *testing.T) {
	t.Parallel()
	shops(t, func(t *testing.T, s *shop) {
		for command, want := range map[string]string{
			"/access-admin resource create": "", "/access-admin resource create design": "design", "/access-admin resource create General": "general",
		} {
			for _, thing := range []string{"rooms/approvals", "manual", "other"} {
				show := s.shown(s.fills(olga, s.types(olga, command), form.Values{"thing": val(thing)}))
				if got := value(show.Page, "catalog"); got != want && thing != "other" {
					t.Errorf("%s, %s: %q", command, thing, got)
				}
			}
		}
		for _, thing := range []string{"rooms/approvals", "manual"} {
			if got := value(s.shown(s.fills(ada, s.types(ada, "/access-admin resource create"), form.Values{"thing": val(thing)})).Page, "catalog"); got != "design" {
				t.Errorf("Ada owns one only: %q", got)
			}
		}
		s.says(s.types(olga, "/access-admin resource create nowhere"), "There is no catalog nowhere that you can see. /access-admin catalog list shows them.")
		s.says(s.types(ada, "/access-admin resource create general"), "There is no catalog general that you can see. /access-admin catalog list shows them.")
	})
}
