package access

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// soundPackage and soundKnown are valid; each test breaks one thing.
func soundPackage() Package {
	return Package{
		ID: "contractor", Catalog: General, Name: "External contractor", Description: "A month.",
		Roles:        []RoleRef{{"site", "reader"}, {"team", "member"}},
		Incompatible: []PackageID{"audit"},
		Terms:        &Terms{Version: 1, Text: Words{Text: "Be kind.", In: map[string]string{"de": "Sei nett."}}},
		Policies:     []Policy{soundPolicy()},
	}
}

func soundPolicy() Policy {
	return Policy{
		ID: "outside", Version: 1, Name: "People from outside",
		Requestors:    Scope{Outsiders: true, People: []PersonID{"playground/ben"}, Groups: []GroupID{"playground/security"}},
		Justification: true,
		Questions: []Question{
			{ID: "where", Kind: Choice, Label: Say("Where?"), Options: []Option{{"home", Say("At home")}, {"office", Say("In the office")}}},
			{ID: "ticket", Kind: ShortText, Label: Say("Ticket"), Pattern: "[A-Z]+-[0-9]+"},
		},
		Stages: []Stage{{
			Approvers: []Subject{SomePerson("playground/olga"), SomePerson("playground/ada")}, Quorum: 2, Within: 14 * day,
			Alternates: []Subject{{Kind: SubjectManager}}, AlternatesAfter: 2 * day, Fallbacks: []Subject{SomeGroup("playground/security")},
		}},
		ExtensionApproval: true,
		Lifecycle:         Lifecycle{Ends: EndsDuration, For: 30 * day, Extend: true},
	}
}

func soundKnown() Known {
	role := func(id string) []ResourceRole { return []ResourceRole{{ID: id, Name: id, Can: Say("do it")}} }
	return Known{
		Catalogs: map[CatalogID]Catalog{"design": {ID: "design"}},
		Resources: map[ResourceID]Resource{
			"site":  {ID: "site", Catalog: General, Roles: role("reader")},
			"team":  {ID: "team", Catalog: General, Roles: role("member")},
			"board": {ID: "board", Catalog: "design", Roles: role("member")},
		},
		Packages: map[PackageID]Package{"audit": {ID: "audit"}},
	}
}

func told(problems Problems) []string {
	var lines []string
	for _, p := range problems {
		lines = append(lines, p.Field+" "+p.Code)
	}
	return lines
}

// checkCodes holds each problem against InvalidCodes.
func checkCodes(t *testing.T, problems Problems) {
	t.Helper()
	for _, p := range problems {
		data, ok := InvalidCodes()[p.Code]
		if !ok {
			t.Errorf("code %q is not listed in InvalidCodes", p.Code)
		}
		slices.Sort(data)
		if got := sorted(p.Data); !slices.Equal(got, data) {
			t.Errorf("%s comes with %q, listed are %q", p.Code, got, data)
		}
	}
}

func TestSoundPackageIsValid(t *testing.T) {
	t.Parallel()
	if problems := soundPackage().Validate(soundKnown(), 0); problems != nil {
		t.Error(problems)
	}
}

func TestPackageValidate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*Package)
		want  []string
	}{
		"no id":               {func(p *Package) { p.ID = "" }, []string{"id required"}},
		"dash at the end":     {func(p *Package) { p.ID = "x-" }, []string{"id badSlug"}},
		"capitals":            {func(p *Package) { p.ID = "Wiki" }, []string{"id badSlug"}},
		"41 bytes":            {func(p *Package) { p.ID = PackageID(strings.Repeat("x", 41)) }, []string{"id badSlug"}},
		"no catalog":          {func(p *Package) { p.Catalog = "" }, []string{"catalog required", "roles[0] resourceElsewhere", "roles[1] resourceElsewhere"}},
		"other catalog":       {func(p *Package) { p.Catalog = "moon"; p.Roles = p.Roles[:1] }, []string{"catalog unknownCatalog", "roles[0] resourceElsewhere"}},
		"no name":             {func(p *Package) { p.Name = "  " }, []string{"name required"}},
		"long name":           {func(p *Package) { p.Name = strings.Repeat("é", 76) }, []string{"name tooLong"}},
		"name of two lines":   {func(p *Package) { p.Name = "a\nb" }, []string{"name oneLine"}},
		"name that rings":     {func(p *Package) { p.Name = "a\ab" }, []string{"name badText"}},
		"long description":    {func(p *Package) { p.Description = strings.Repeat("x", 1001) }, []string{"description tooLong"}},
		"no roles":            {func(p *Package) { p.Roles = nil }, []string{"roles noRoles"}},
		"unknown resource":    {func(p *Package) { p.Roles[1].Resource = "moon" }, []string{"roles[1] unknownResource"}},
		"unknown role":        {func(p *Package) { p.Roles[1].Role = "king" }, []string{"roles[1] unknownRole"}},
		"role twice":          {func(p *Package) { p.Roles[1] = p.Roles[0] }, []string{"roles[1] duplicate"}},
		"resource elsewhere":  {func(p *Package) { p.Roles[1] = RoleRef{"board", "member"} }, []string{"roles[1] resourceElsewhere"}},
		"itself":              {func(p *Package) { p.Incompatible[0] = p.ID }, []string{"incompatible[0] selfIncompatible"}},
		"unknown other":       {func(p *Package) { p.Incompatible[0] = "moon" }, []string{"incompatible[0] unknownPackage"}},
		"other twice":         {func(p *Package) { p.Incompatible = []PackageID{"audit", "audit"} }, []string{"incompatible[1] duplicate"}},
		"terms of nothing":    {func(p *Package) { p.Terms.Text.Text = " " }, []string{"terms.text required"}},
		"terms before 1":      {func(p *Package) { p.Terms.Version = -1 }, []string{"terms.version badVersion"}},
		"long terms":          {func(p *Package) { p.Terms.Text.Text = strings.Repeat("x", 10001) }, []string{"terms.text tooLong"}},
		"terms in Capitals":   {func(p *Package) { p.Terms.Text.In = map[string]string{"DE": "x"} }, []string{"terms.text.DE badLocale"}},
		"terms empty in one":  {func(p *Package) { p.Terms.Text.In["de"] = "" }, []string{"terms.text.de required"}},
		"policy twice":        {func(p *Package) { p.Policies = append(p.Policies, p.Policies[0]) }, []string{"policies[1].id duplicate"}},
		"too many policies":   {func(p *Package) { p.Policies = make([]Policy, 21); fillPolicies(p.Policies) }, []string{"policies tooMany"}},
		"several at one time": {func(p *Package) { p.Name = ""; p.Policies[0].Stages[0].Quorum = 3 }, []string{"name required", "policies[0].stages[0].quorum quorumTooLarge"}},
	} {
		p := soundPackage()
		c.spoil(&p)
		problems := p.Validate(soundKnown(), 0)
		if got := told(problems); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
		checkCodes(t, problems)
	}
}

func fillPolicies(policies []Policy) {
	for i := range policies {
		policies[i] = soundPolicy()
		policies[i].ID = PolicyID(fmt.Sprintf("p%d", i))
	}
}

func TestPolicyValidate(t *testing.T) {
	t.Parallel()
	ada := SomePerson("playground/ada")
	for name, c := range map[string]struct {
		spoil func(*Policy)
		want  []string
	}{
		"no id":              {func(p *Policy) { p.ID = "" }, []string{"id required"}},
		"no name":            {func(p *Policy) { p.Name = "" }, []string{"name required"}},
		"version":            {func(p *Policy) { p.Version = -1 }, []string{"version badVersion"}},
		"person without /":   {func(p *Policy) { p.Requestors.People[0] = "ben" }, []string{"requestors.people[0] badAccount"}},
		"group twice":        {func(p *Policy) { p.OnBehalf.Groups = []GroupID{"a/b", "a/b"} }, []string{"onBehalf.groups[1] duplicate"}},
		"four stages":        {func(p *Policy) { s := p.Stages[0]; p.Stages = []Stage{s, s, s, s} }, []string{"stages stageLimit"}},
		"no approvers":       {func(p *Policy) { p.Stages[0].Approvers = nil }, []string{"stages[0].approvers noApprovers"}},
		"approver twice":     {func(p *Policy) { p.Stages[0].Approvers = []Subject{ada, ada} }, []string{"stages[0].approvers[1] duplicate", "stages[0].quorum quorumTooLarge"}},
		"kind of approver":   {func(p *Policy) { p.Stages[0].Fallbacks[0].Kind = "robots" }, []string{"stages[0].fallbacks[0].kind unknownKind"}},
		"person of nobody":   {func(p *Policy) { p.Stages[0].Alternates[0] = SomePerson("") }, []string{"stages[0].alternates[0].person required"}},
		"quorum below none":  {func(p *Policy) { p.Stages[0].Quorum = -1 }, []string{"stages[0].quorum quorumNegative"}},
		"quorum too large":   {func(p *Policy) { p.Stages[0].Quorum = 3 }, []string{"stages[0].quorum quorumTooLarge"}},
		"quorum of a group":  {func(p *Policy) { p.Stages[0].Quorum = 9; p.Stages[0].Approvers[1] = SomeGroup("a/b") }, nil},
		"too late":           {func(p *Policy) { p.Stages[0].AlternatesAfter = 14 * day }, []string{"stages[0].alternatesAfter alternatesTooLate"}},
		"too late by far":    {func(p *Policy) { p.Stages[0].Within = 0; p.Stages[0].AlternatesAfter = 15 * day }, []string{"stages[0].alternatesAfter alternatesTooLate"}},
		"no alternates":      {func(p *Policy) { p.Stages[0].Alternates = nil }, []string{"stages[0].alternates alternatesMissing"}},
		"half an hour":       {func(p *Policy) { p.Stages[0].Within += time.Minute }, []string{"stages[0].within durationHours"}},
		"backwards":          {func(p *Policy) { p.Stages[0].Within = -day }, []string{"stages[0].within durationNotPositive", "stages[0].alternatesAfter alternatesTooLate"}},
		"no end":             {func(p *Policy) { p.Lifecycle.Ends = "" }, []string{"lifecycle.ends required", "lifecycle.for endTwice"}},
		"kind of end":        {func(p *Policy) { p.Lifecycle = Lifecycle{Ends: "someday", Extend: true} }, []string{"lifecycle.ends unknownKind"}},
		"duration missing":   {func(p *Policy) { p.Lifecycle.For = 0 }, []string{"lifecycle.for endMissing"}},
		"too long":           {func(p *Policy) { p.Lifecycle.For = MaxWindow + time.Hour }, []string{"lifecycle.for durationTooLong"}},
		"date missing":       {func(p *Policy) { p.Lifecycle = Lifecycle{Ends: EndsOnDate, Extend: true} }, []string{"lifecycle.on endMissing"}},
		"date and duration":  {func(p *Policy) { p.Lifecycle.On = time.Unix(1, 0) }, []string{"lifecycle.on endTwice"}},
		"never, extended":    {func(p *Policy) { p.Lifecycle = Lifecycle{Ends: EndsNever, Extend: true} }, []string{"lifecycle.extend nothingToExtend"}},
		"never, own times":   {func(p *Policy) { p.Lifecycle = Lifecycle{Ends: EndsNever, Extend: true, OwnTimes: true} }, nil},
		"not extended":       {func(p *Policy) { p.Lifecycle.Extend = false }, []string{"extensionApproval approvalWithoutMore"}},
		"nobody approves":    {func(p *Policy) { p.Stages = nil }, []string{"extensionApproval approvalWithoutStage"}},
		"question twice":     {func(p *Policy) { p.Questions[1].ID = "where" }, []string{"questions[1].id duplicate"}},
		"question's id":      {func(p *Policy) { p.Questions[1].ID = "why?" }, []string{"questions[1].id badSlug"}},
		"question's kind":    {func(p *Policy) { p.Questions[1] = Question{ID: "x", Kind: "riddle", Label: Say("?")} }, []string{"questions[1].kind unknownKind"}},
		"question's label":   {func(p *Policy) { p.Questions[1].Label = Words{} }, []string{"questions[1].label required"}},
		"broken pattern":     {func(p *Policy) { p.Questions[1].Pattern = "(" }, []string{"questions[1].pattern badPattern"}},
		"unbalanced pattern": {func(p *Policy) { p.Questions[1].Pattern = "a)(b" }, []string{"questions[1].pattern badPattern"}},
		"looking ahead":      {func(p *Policy) { p.Questions[1].Pattern = "(?=x)" }, []string{"questions[1].pattern badPattern"}},
		"long pattern":       {func(p *Policy) { p.Questions[1].Pattern = strings.Repeat("x", 201) }, []string{"questions[1].pattern tooLong"}},
		"pattern of choice":  {func(p *Policy) { p.Questions[0].Pattern = "x" }, []string{"questions[0].pattern patternNotHere"}},
		"options of text":    {func(p *Policy) { p.Questions[1].Options = p.Questions[0].Options }, []string{"questions[1].options optionsNotHere"}},
		"one option":         {func(p *Policy) { p.Questions[0].Options = p.Questions[0].Options[:1] }, []string{"questions[0].options optionCount"}},
		"option twice":       {func(p *Policy) { p.Questions[0].Options[1].Value = "home" }, []string{"questions[0].options[1].value duplicate"}},
		"option of nothing":  {func(p *Policy) { p.Questions[0].Options[1].Value = "" }, []string{"questions[0].options[1].value required"}},
		"option of 76 bytes": {func(p *Policy) { p.Questions[0].Options[1].Value = strings.Repeat("é", 38) }, []string{"questions[0].options[1].value optionTooLong"}},
		"too many options":   {func(p *Policy) { p.Questions[0].Options = manyOptions(101) }, []string{"questions[0].options optionCount"}},
		"many options":       {func(p *Policy) { p.Questions[0].Options = manyOptions(100) }, nil},
	} {
		p := soundPolicy()
		c.spoil(&p)
		problems := p.Validate(0)
		if got := told(problems); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
		checkCodes(t, problems)
	}
}

func manyOptions(n int) []Option {
	options := make([]Option, n)
	for i := range options {
		options[i] = Option{Value: fmt.Sprint(i), Label: Say(fmt.Sprint(i))}
	}
	return options
}

func TestStageLimitIsATenantsChoice(t *testing.T) {
	t.Parallel()
	p := soundPolicy()
	p.Stages = []Stage{p.Stages[0], p.Stages[0], p.Stages[0], p.Stages[0]}
	if problems := p.Validate(4); problems != nil {
		t.Error(problems)
	}
	if problems := p.Validate(2); len(problems) != 1 || problems[0].Data["max"] != 2 {
		t.Error(problems)
	}
}

func TestResourceCatalogSettingsProfileValidate(t *testing.T) {
	t.Parallel()
	site := Resource{ID: "site", Catalog: General, Name: "Site", Connector: "playground", Target: "site", Roles: []ResourceRole{{ID: "reader", Name: "Reader", Can: Say("read")}}}
	with := func(spoil func(*Resource)) Resource {
		r := site
		r.Roles = slices.Clone(site.Roles)
		spoil(&r)
		return r
	}
	ada := SomePerson("playground/ada")
	known := soundKnown()
	for name, c := range map[string]struct {
		problems Problems
		want     []string
	}{
		"resource":           {site.Validate(Known{}), nil}, // General need not be stored
		"no connector":       {with(func(r *Resource) { r.Connector = "" }).Validate(known), []string{"connector required"}},
		"no target":          {with(func(r *Resource) { r.Target = "" }).Validate(known), []string{"target required"}},
		"unknown catalog":    {with(func(r *Resource) { r.Catalog = "moon" }).Validate(known), []string{"catalog unknownCatalog"}},
		"no resource roles":  {with(func(r *Resource) { r.Roles = nil }).Validate(known), []string{"roles noRoles"}},
		"resource role":      {with(func(r *Resource) { r.Roles = []ResourceRole{{}, site.Roles[0], site.Roles[0]} }).Validate(known), []string{"roles[0].id required", "roles[0].name required", "roles[0].can required", "roles[2].id duplicate"}},
		"no hands":           {with(func(r *Resource) { r.Connector = "manual" }).Validate(known), []string{"hands noHands"}},
		"hands":              {with(func(r *Resource) { r.Connector = "manual"; r.Hands = []Subject{ada} }).Validate(known), nil},
		"catalog":            {Catalog{ID: "a", Name: "A", Roles: []RoleHolder{{CatalogOwner, ada}, {CatalogReader, ada}}}.Validate(), nil},
		"catalog role":       {Catalog{ID: "a", Name: "A", Roles: []RoleHolder{{"king", ada}, {CatalogOwner, Subject{Kind: SubjectManager}}}}.Validate(), []string{"roles[0].role unknownKind", "roles[1].who namedOnly"}},
		"catalog role twice": {Catalog{ID: "a", Name: "A", Roles: []RoleHolder{{CatalogOwner, ada}, {CatalogOwner, ada}}}.Validate(), []string{"roles[1] duplicate"}},
		"settings":           {Settings{Name: "Demo", Admins: []Subject{ada}, Locale: "en-GB", Zone: "Europe/London"}.Validate(), nil},
		"cards":              {Settings{Name: "Demo", Admins: []Subject{ada}, Routing: Routing{Channels: []Channel{"a/b", "slack/C1"}, ChannelOnly: true}}.Validate(), nil},
		"bad cards":          {Settings{Name: "Demo", Admins: []Subject{ada}, Routing: Routing{Channels: []Channel{"#b", "", "a/b", "a/b"}}}.Validate(), []string{"routing.channels[0] badChannel", "routing.channels[1] required", "routing.channels[3] duplicate"}},
		"cards nowhere":      {Catalog{ID: "a", Name: "A", Routing: Routing{ChannelOnly: true}}.Validate(), []string{"routing.channelOnly noChannels"}},
		"too many channels":  {Routing{Channels: make([]Channel, 11)}.Validate()[:1], []string{"channels tooMany"}},
		"bad settings":       {Settings{Locale: "english!", Zone: "Local", StageLimit: -1}.Validate(), []string{"name required", "admins noAdmins", "locale badLocale", "zone badZone", "stageLimit tooMany"}},
		"admins of admins":   {Settings{Name: "x", Admins: []Subject{{Kind: SubjectTenantAdmins}}}.Validate(), []string{"admins[0] namedOnly"}},
		"profile":            {Profile{Person: "a/b", Account: "a/b", Name: "B", Standing: Member, Locale: "de", Zone: "UTC", Groups: []GroupID{"a/g"}}.Validate(), nil},
		"bad profile":        {Profile{Person: "ab", Name: "B", Standing: "x", Zone: "Moon/Sea", Manager: "c", Groups: []GroupID{"/g"}}.Validate(), []string{"person badAccount", "account required", "standing unknownKind", "zone badZone", "manager badAccount", "groups[0] badAccount"}},
	} {
		if got := told(c.problems); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
		checkCodes(t, c.problems)
	}
}

func TestIDsValidate(t *testing.T) {
	t.Parallel()
	for id, want := range map[Account]string{
		"playground/ada": "", "slack/T1-U2": "", "a/b": "", Account("c/" + strings.Repeat("x", 46)): "",
		"": "required", "ada": "badAccount", "a/": "badAccount", "/a": "badAccount", "a/b/c": "badAccount", "a/b c": "badAccount",
		"a/é": "badAccount", "a/b\n": "badAccount", Account("c/" + strings.Repeat("x", 47)): "badAccount",
	} {
		if got := code(id.Validate().Err()); got != want {
			t.Errorf("%q gives %q, want %q", id, got, want)
		}
	}
	for id, want := range map[TenantID]string{"demo": "", "": "required", "Demo": "badSlug", TenantID(strings.Repeat("x", 25)): "badSlug", "a_b": "badSlug", "-": "badSlug", "a\n": "badSlug"} {
		if got := code(id.Validate().Err()); got != want {
			t.Errorf("%q gives %q, want %q", id, got, want)
		}
	}
	if ValidateSlug("a-b") != nil || PersonID("a/b").Validate() != nil || Channel("a/b").Validate() != nil || Channel("b").Validate() == nil || GroupID("a").Validate() == nil {
		t.Error("slugs, persons and groups are checked otherwise")
	}
}

func TestSetValidate(t *testing.T) {
	t.Parallel()
	known := soundKnown()
	set := Set{Catalogs: []Catalog{{ID: "design", Name: "Design"}}, Packages: []Package{soundPackage()}}
	for name, c := range map[string]struct {
		spoil  func(*Set)
		stored Lookup
		want   []string
	}{
		"over a store":     {func(*Set) {}, known, nil},
		"on trust":         {func(*Set) {}, nil, nil},
		"alone":            {func(*Set) {}, Known{}, []string{"packages[0].roles[0] unknownResource", "packages[0].roles[1] unknownResource", "packages[0].incompatible[0] unknownPackage"}},
		"bad ref on trust": {func(s *Set) { s.Packages[0].Roles[0].Role = "Big Boss" }, nil, []string{"packages[0].roles[0] badSlug"}},
		"twice": {func(s *Set) {
			s.Packages = append(s.Packages, s.Packages[0])
			s.Catalogs = append(s.Catalogs, s.Catalogs[0])
		}, known, []string{"catalogs[1] duplicate", "packages[1] duplicate"}},
		"set before store": {func(s *Set) {
			s.Resources = []Resource{{ID: "site", Catalog: "design", Name: "S", Connector: "c", Target: "t", Roles: known.Resources["site"].Roles}}
		}, known, []string{"packages[0].roles[0] resourceElsewhere"}},
		"settings count": {func(s *Set) {
			s.Settings = &Settings{Name: "x", Admins: []Subject{SomePerson("a/b")}, StageLimit: 1}
			s.Packages[0].Policies[0].Stages = make([]Stage, 2)
		}, known, []string{"packages[0].policies[0].stages stageLimit", "packages[0].policies[0].stages[0].approvers noApprovers", "packages[0].policies[0].stages[1].approvers noApprovers"}},
		"settings themselves": {func(s *Set) { s.Settings = &Settings{Name: "x"} }, known, []string{"settings.admins noAdmins"}},
	} {
		s := Set{Catalogs: slices.Clone(set.Catalogs), Packages: []Package{soundPackage()}}
		c.spoil(&s)
		problems := s.Validate(c.stored, 0)
		if got := told(problems); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
		checkCodes(t, problems)
	}
}

func TestProblemsAreErrors(t *testing.T) {
	t.Parallel()
	problems := Catalog{}.Validate()
	if want := "required (invalid) at id map[]\nrequired (invalid) at name map[]"; problems.Error() != want {
		t.Errorf("got %q", problems.Error())
	}
	wrapped := fmt.Errorf("applying: %w", problems.Err())
	if all, ok := AsProblems(wrapped); !ok || !reflect.DeepEqual(all, problems) {
		t.Errorf("found %v", all)
	}
	if one, ok := AsProblems(Refuse(Refused, "held")); !ok || len(one) != 1 {
		t.Errorf("found %v", one)
	}
	if _, ok := AsProblems(fmt.Errorf("other")); ok || Problems(nil).Err() != nil {
		t.Error("problems out of nothing")
	}
}
