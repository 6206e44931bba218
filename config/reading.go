package config

import (
	"slices"
	"strings"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// reading turns the shapes of a file into definitions and collects what cannot
// be understood.
type reading struct {
	source   *source
	now      time.Time
	zone     *time.Location
	problems access.Problems
	odd      map[string]bool // paths that have a problem already
}

// all is what could not be understood and what is not valid. A value that was
// not understood is missing in the definitions, which is no second problem.
func (r *reading) all(d runtime.Definitions) access.Problems {
	for _, e := range Meant(access.Set(d).Validate(nil, 0), d) {
		if !r.told(r.source.place(e.Field)) {
			r.problems = append(r.problems, e)
		}
	}
	slices.SortStableFunc(r.problems, func(a, b *access.Error) int { return r.line(a) - r.line(b) })
	return r.problems
}

// told reports whether a place or something around it has a problem already.
func (r *reading) told(place string) bool {
	for ; place != ""; place = parent(place) {
		if r.odd[place] {
			return true
		}
	}
	return false
}

func (r *reading) line(e *access.Error) int {
	if tk := r.source.token(r.source.place(e.Field)); tk != nil {
		return tk.Position.Line
	}
	return 0
}

func (r *reading) bad(path string, e *access.Error) {
	r.odd[path] = true
	r.problems = append(r.problems, e.At(path))
}

func (r *reading) refuse(path, code string, data ...any) {
	r.bad(path, access.Refuse(access.Invalid, code, data...))
}

func (r *reading) definitions(doc document) runtime.Definitions {
	var d runtime.Definitions
	if doc.Settings != nil {
		d.Settings = r.settings(*doc.Settings)
	}
	for i, c := range doc.Catalogs {
		d.Catalogs = append(d.Catalogs, r.catalog(path("catalogs[%d]", i), c))
	}
	for i, res := range doc.Resources {
		d.Resources = append(d.Resources, r.resource(path("resources[%d]", i), res))
	}
	for i, p := range doc.Packages {
		d.Packages = append(d.Packages, r.pack(path("packages[%d]", i), p))
	}
	return d
}

func (r *reading) settings(doc settingsDoc) *access.Settings {
	if zone, err := time.LoadLocation(doc.Zone); err == nil && doc.Zone != "" && doc.Zone != "Local" {
		r.zone = zone
	}
	return &access.Settings{
		Name: doc.Name, Locale: doc.Locale, Zone: doc.Zone, StageLimit: doc.StageLimit, TakeFound: doc.TakeFound, Restore: doc.Restore,
		ManagedBy: r.managed("settings", doc.ManagedBy),
		Admins:    r.subjects("settings.admins", doc.Admins),
		Auditors:  r.subjects("settings.auditors", doc.Auditors),
		Routing:   r.routing("settings", doc.Cards),
	}
}

func (r *reading) catalog(at string, doc catalogDoc) access.Catalog {
	c := access.Catalog{
		ID: access.CatalogID(doc.ID), Name: doc.Name, Description: doc.Description, Routing: r.routing(at, doc.Cards),
		ManagedBy: r.managed(at, doc.ManagedBy),
	}
	for n, list := range [][]entry{doc.Owners, doc.Readers, doc.PackageManagers, doc.AssignmentManagers} {
		key := catalogRoles()[n]
		for i, who := range r.subjects(at+"."+key.name, list) {
			r.source.wrote(path("%s.roles[%d]", at, len(c.Roles)), path("%s.%s[%d]", at, key.name, i))
			c.Roles = append(c.Roles, access.RoleHolder{Role: key.role, Who: who})
		}
	}
	return c
}

// managed reads "managedBy".
func (r *reading) managed(at, by string) string {
	switch by {
	case "", access.ManagedByFile, access.ManagedByChat:
	default:
		r.refuse(at+".managedBy", "fileManagedBy", "value", by)
	}
	return by
}

func (r *reading) resource(at string, doc resourceDoc) access.Resource {
	res := access.Resource{
		ID: access.ResourceID(doc.ID), Catalog: catalogOr(doc.Catalog), Name: doc.Name, Description: doc.Description,
		Connector: doc.Connector, Target: doc.Target, Hands: r.subjects(at+".hands", doc.Hands),
		ManagedBy: r.managed(at, doc.ManagedBy),
	}
	for _, role := range doc.Roles {
		res.Roles = append(res.Roles, access.ResourceRole{ID: role.ID, Name: role.Name, Can: role.Can.words})
	}
	return res
}

// routing reads "cards".
func (r *reading) routing(at string, doc *cards) access.Routing {
	r.source.wrote(at+".routing", at+".cards")
	r.source.wrote(at+".routing.channelOnly", at+".cards.only")
	if doc == nil {
		return access.Routing{}
	}
	out := access.Routing{ChannelOnly: doc.Only}
	for _, channel := range doc.Channels {
		out.Channels = append(out.Channels, access.Channel(channel))
	}
	return out
}

func catalogOr(id string) access.CatalogID {
	if id == "" {
		return access.General
	}
	return access.CatalogID(id)
}

func (r *reading) pack(at string, doc packageDoc) access.Package {
	p := access.Package{
		ID: access.PackageID(doc.ID), Catalog: catalogOr(doc.Catalog), Name: doc.Name,
		Description: strings.TrimSpace(doc.Description), Hidden: doc.Hidden, Routing: r.routing(at, doc.Cards),
		ManagedBy: r.managed(at, doc.ManagedBy),
	}
	for i, text := range doc.Roles {
		var ref access.RoleRef
		if err := ref.UnmarshalText([]byte(text)); err != nil {
			r.refuse(path("%s.roles[%d]", at, i), "fileRole", "value", text)
		}
		p.Roles = append(p.Roles, ref)
	}
	for _, id := range doc.Incompatible {
		p.Incompatible = append(p.Incompatible, access.PackageID(id))
	}
	if doc.Terms != nil {
		r.source.wrote(at+".terms.text", at+".terms")
		p.Terms = &access.Terms{Text: doc.Terms.words}
	}
	for i, policy := range doc.Policies {
		p.Policies = append(p.Policies, r.policy(path("%s.policies[%d]", at, i), policy))
	}
	return p
}

func (r *reading) policy(at string, doc policyDoc) access.Policy {
	p := access.Policy{
		ID: access.PolicyID(doc.ID), Name: doc.Name, Description: strings.TrimSpace(doc.Description),
		Closed: doc.Closed, Choosable: doc.Choosable, Justification: doc.Justification,
		Requestors: r.requestors(at, doc.Requestors),
		OnBehalf:   r.onBehalf(at, doc.OnBehalf),
		Lifecycle:  r.lifecycle(at, doc),
	}
	p.Lifecycle.Extend, p.ExtensionApproval = r.extend(at, doc.Extend)
	for i, q := range doc.Questions {
		p.Questions = append(p.Questions, r.question(path("%s.questions[%d]", at, i), q))
	}
	for i, stage := range doc.Stages {
		p.Stages = append(p.Stages, r.stage(path("%s.stages[%d]", at, i), stage))
	}
	return p
}

func (r *reading) question(at string, doc questionDoc) access.Question {
	kind, known := questionKind(doc.Kind)
	if !known {
		e := access.Refuse(access.Invalid, "fileKind", "value", doc.Kind, "want", strings.Join(kindWords(), ", "))
		r.bad(at+".kind", suggest(e, doc.Kind, kindWords()))
	}
	q := access.Question{
		ID: doc.ID, Kind: kind, Label: doc.Label.words, Required: doc.Required,
		Pattern: doc.Pattern, Editable: doc.Editable,
	}
	for _, o := range doc.Options {
		q.Options = append(q.Options, access.Option{Value: o.Value, Label: o.Label.words})
	}
	return q
}

func (r *reading) stage(at string, doc stageDoc) access.Stage {
	return access.Stage{
		Approvers: r.subjects(at+".approvers", doc.Approvers), Quorum: doc.Quorum, ReasonRequired: doc.ReasonRequired,
		Within:          r.duration(at+".within", doc.Within),
		Alternates:      r.subjects(at+".alternates", doc.Alternates),
		AlternatesAfter: r.duration(at+".alternatesAfter", doc.AlternatesAfter),
		Fallbacks:       r.subjects(at+".fallbacks", doc.Fallbacks),
	}
}

func (r *reading) requestors(at string, list []entry) access.Scope {
	var s access.Scope
	for i, e := range list {
		place := path("%s.requestors[%d]", at, i)
		switch {
		case e.person != "" && e.group == "":
			r.source.wrote(path("%s.requestors.people[%d]", at, len(s.People)), place)
			s.People = append(s.People, access.PersonID(e.person))
		case e.group != "" && e.person == "":
			r.source.wrote(path("%s.requestors.groups[%d]", at, len(s.Groups)), place)
			s.Groups = append(s.Groups, access.GroupID(e.group))
		case squeeze(e.word) == "members":
			s.Members = true
		case squeeze(e.word) == "outsiders":
			s.Outsiders = true
		default:
			r.nobody(place, e.word, "members", "outsiders")
		}
	}
	return s
}

func (r *reading) onBehalf(at string, list []entry) access.OnBehalf {
	var o access.OnBehalf
	for i, e := range list {
		place := path("%s.onBehalf[%d]", at, i)
		switch {
		case e.person != "" && e.group == "":
			r.source.wrote(path("%s.onBehalf.people[%d]", at, len(o.People)), place)
			o.People = append(o.People, access.PersonID(e.person))
		case e.group != "" && e.person == "":
			r.source.wrote(path("%s.onBehalf.groups[%d]", at, len(o.Groups)), place)
			o.Groups = append(o.Groups, access.GroupID(e.group))
		case squeeze(e.word) == "managers":
			o.Managers = true
		default:
			r.nobody(place, e.word, "managers")
		}
	}
	return o
}

// subjects keeps the places of entries: one that cannot be read is there, but
// empty.
func (r *reading) subjects(at string, list []entry) []access.Subject {
	var subjects []access.Subject
	for i, e := range list {
		place := path("%s[%d]", at, i)
		kind, known := relation(e.word)
		switch {
		case e.person != "" && e.group == "":
			subjects = append(subjects, access.SomePerson(access.PersonID(e.person)))
		case e.group != "" && e.person == "":
			subjects = append(subjects, access.SomeGroup(access.GroupID(e.group)))
		case known:
			subjects = append(subjects, access.Subject{Kind: kind})
		default:
			r.nobody(place, e.word, relationWords()...)
			subjects = append(subjects, access.Subject{})
		}
	}
	return subjects
}

// nobody refuses an entry that is neither a person, a group nor one of words.
func (r *reading) nobody(place, said string, words ...string) {
	e := access.Refuse(access.Invalid, "filePerson", "want", strings.Join(append([]string{"person: …", "group: …"}, words...), ", "))
	r.bad(place, suggest(e, said, words))
}

func (r *reading) duration(at, text string) time.Duration {
	if text == "" {
		return 0
	}
	d, err := access.ParseDuration(text)
	if e, bad := access.AsError(err); bad {
		r.bad(at, e)
	}
	return d
}

// lifecycle reads "ends". Whatever is wrong with the lifecycle is shown there.
func (r *reading) lifecycle(at string, doc policyDoc) access.Lifecycle {
	place := at + ".ends"
	for _, field := range []string{"ends", "on", "for"} {
		r.source.wrote(at+".lifecycle."+field, place)
	}
	r.source.wrote(at+".lifecycle.extend", at+".extend")
	r.source.wrote(at+".extensionApproval", at+".extend")
	l, e := r.ends(strings.TrimSpace(doc.Ends))
	if e != nil {
		r.bad(place, e)
	}
	l.OwnTimes = doc.OwnTimes
	return l
}

func (r *reading) ends(text string) (access.Lifecycle, *access.Error) {
	after, isDuration := strings.CutPrefix(text, "after ")
	ahead, isAhead := strings.CutPrefix(text, "+")
	switch {
	case text == "" || text == string(access.EndsNever):
		return access.Lifecycle{Ends: access.Ending(text)}, nil
	case isDuration:
		d, err := access.ParseDuration(after)
		e, _ := access.AsError(err)
		return access.Lifecycle{Ends: access.EndsDuration, For: d}, e
	case isAhead:
		return r.endsAhead(text, ahead)
	}
	on, err := access.ParseEnd(text, r.zone)
	if access.IsCode(err, "badDate") {
		return access.Lifecycle{}, access.Refuse(access.Invalid, "fileEnds", "value", text)
	}
	e, _ := access.AsError(err)
	return access.Lifecycle{Ends: access.EndsOnDate, On: on}, e
}

// endsAhead counts whole days from the day on which the file is read.
func (r *reading) endsAhead(text, ahead string) (access.Lifecycle, *access.Error) {
	const day = 24 * time.Hour
	d, err := access.ParseDuration(ahead)
	if e, bad := access.AsError(err); bad {
		return access.Lifecycle{}, e
	}
	if d%day != 0 {
		return access.Lifecycle{}, access.Refuse(access.Invalid, "fileEndsDays", "value", text)
	}
	noon := r.now.In(r.zone)
	noon = time.Date(noon.Year(), noon.Month(), noon.Day(), 12, 0, 0, 0, r.zone).AddDate(0, 0, int(d/day))
	return access.Lifecycle{Ends: access.EndsOnDate, On: access.EndOfDay(noon, r.zone)}, nil
}

func (r *reading) extend(at, text string) (extend, approval bool) {
	switch squeeze(text) {
	case "", "no", "false":
		return false, false
	case "yes", "true":
		return true, false
	case "withapproval":
		return true, true
	}
	r.refuse(at+".extend", "fileExtend", "value", text)
	return false, false
}
