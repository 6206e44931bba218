package desk

import (
	"slices"
	"strings"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// shownPeople is how many people a sentence names before it counts the rest.
const shownPeople = 5

// scene is all that a screen is drawn from: drawing one is a pure function.
type scene struct {
	tongue
	l     access.Ledger
	w     engine.World
	now   time.Time
	names map[access.PersonID]string
	me    access.PersonID   // who reads it; empty in a channel
	also  []access.PersonID // whom me was linked with
	// admin: it is about a definition, not about what the reader would get.
	admin bool
}

// is reports whether the reader is p, by whichever account.
func (s scene) is(p access.PersonID) bool {
	return s.me != "" && (s.me == p || slices.Contains(s.also, p))
}

// who is a mention of a person.
func (s scene) who(p access.PersonID) chat.Text {
	if p == "" {
		return nil
	}
	if p == access.SystemActor().Person {
		return chat.Say(s.plain("usher"))
	}
	return chat.Text{{Kind: chat.Mention, Person: p, Text: s.name(p)}}
}

// name is how a person is called, or the user part of their id.
func (s scene) name(p access.PersonID) string {
	if n := s.names[p]; n != "" {
		return n
	}
	if _, user, ok := strings.Cut(string(p), "/"); ok && user != "" {
		return user
	}
	return string(p)
}

// people names some people and counts the rest.
func (s scene) people(ids []access.PersonID) chat.Text {
	var items []chat.Text
	for _, p := range ids[:min(len(ids), shownPeople)] {
		items = append(items, s.who(p))
	}
	if rest := len(ids) - shownPeople; rest > 0 {
		items = append(items, s.count("people.more", rest))
	}
	return s.join(items)
}

// subject says who is meant by one entry of a list of approvers.
func (s scene) subject(sub access.Subject) chat.Text {
	switch sub.Kind {
	case access.SubjectPerson:
		return s.who(sub.Person)
	case access.SubjectGroup:
		_, group, _ := strings.Cut(string(sub.Group), "/")
		return s.text("subject.group", "group", group)
	case access.SubjectManager:
		if s.admin && s.l.Person == "" {
			return s.text("show.manager")
		}
		fallthrough
	default:
		return s.text("subject."+string(sub.Kind), "person", s.who(s.l.Person))
	}
}

func (s scene) subjects(list []access.Subject) chat.Text {
	var items []chat.Text
	for _, sub := range list {
		items = append(items, s.subject(sub))
	}
	return s.join(items)
}

// packageName is the name of a package, or its id when it is not known here.
func (s scene) packageName(id access.PackageID) string {
	if p, ok := s.w.Packages[id]; ok && p.Name != "" {
		return p.Name
	}
	return string(id)
}

func (s scene) pkg(id access.PackageID) chat.Span { return strong(s.packageName(id)) }

// role says what a resource role is and what its holder can do.
func (s scene) role(ref access.RoleRef) chat.Text {
	res := s.w.Resources[ref.Resource]
	role, _ := res.Role(ref.Role)
	can := role.Can.For(s.locale)
	if can == "" {
		return s.roleName(ref)
	}
	return s.text("role.can", "resource", strong(res.Name), "role", role.Name, "can", can)
}

// roleName names a resource role within a sentence.
func (s scene) roleName(ref access.RoleRef) chat.Text {
	res, ok := s.w.Resources[ref.Resource]
	if !ok {
		return chat.Text{code(ref.String())}
	}
	role, ok := res.Role(ref.Role)
	if !ok {
		role.Name = ref.Role
	}
	return s.text("role.bare", "resource", strong(res.Name), "role", role.Name)
}

func (s scene) roles(refs []access.RoleRef) []chat.Text {
	var items []chat.Text
	for _, ref := range refs {
		items = append(items, s.role(ref))
	}
	return items
}

// rolesOf are the resource roles that a request is about.
func (s scene) rolesOf(r access.Request) []access.RoleRef {
	if p, ok := s.w.Packages[r.Package]; ok && len(r.Roles) == 0 {
		return p.Roles
	}
	return r.Roles
}

// policyOf is the policy version that a request pins.
func (s scene) policyOf(r access.Request) access.Policy { return s.w.Policies[r.Policy] }

// stagePolicy is what the policy says of a stage that runs.
func (s scene) stagePolicy(r access.Request, n int) access.Stage {
	if stages := s.policyOf(r).Stages; n >= 0 && n < len(stages) && !r.Stages[n].Owners {
		return stages[n]
	}
	return access.Stage{}
}

// stageCount is how many stages the request goes through.
func (s scene) stageCount(r access.Request) int {
	return max(len(s.policyOf(r).Stages), len(r.Stages))
}

// assignmentOf is the assignment that a request made or is about, or nil.
func (s scene) assignmentOf(r access.Request) *access.Assignment {
	return s.l.Assignment(r.Assignment)
}

// windowOf is from when until when: that of the assignment once there is one,
// but what was asked for as long as an extension is not decided.
func (s scene) windowOf(r access.Request) access.Window {
	if a := s.assignmentOf(r); a != nil && (r.Kind != access.UserExtend || r.State == access.Delivered) {
		return a.Window
	}
	return r.Window
}

// answer says one answer in words.
func (s scene) answer(q access.Question, values []string) chat.Text {
	var items []chat.Text
	for _, v := range values {
		items = append(items, s.answerValue(q, v))
	}
	return s.join(items)
}

func (s scene) answerValue(q access.Question, v string) chat.Text {
	switch q.Kind {
	case access.Choice, access.Choices:
		for _, o := range q.Options {
			if o.Value == v {
				return chat.Say(o.Label.For(s.locale))
			}
		}
	case access.YesNo:
		return s.text("answer." + v)
	case access.Date:
		if at, err := time.Parse(time.DateOnly, v); err == nil {
			return chat.Say(s.writeMoment(at, chat.DateOnly)) // a day has no zone
		}
	case access.PersonAsk:
		return s.who(access.PersonID(v))
	}
	return chat.Say(v)
}

// pending are the people who were asked in a stage and have not decided yet.
func (s scene) pending(r access.Request, stage access.StageRun) []access.PersonID {
	return slices.DeleteFunc(stage.People(), func(p access.PersonID) bool {
		decided := slices.ContainsFunc(stage.Decisions, func(d access.Decision) bool { return d.By == p && d.Void == "" })
		return decided || p == s.l.Person || p == r.Asker
	})
}

// deciders says who decides in a stage, as far as it is known by now.
func (s scene) deciders(r access.Request, stage access.StageRun) chat.Text {
	if known := s.knownDeciders(r, stage); len(known) > 0 {
		return known
	}
	return s.text("people.nobody")
}

// knownDeciders is empty as long as nobody is known.
func (s scene) knownDeciders(r access.Request, stage access.StageRun) chat.Text {
	var items []chat.Text
	if people := s.pending(r, stage); len(people) > 0 {
		items = append(items, s.people(people))
	}
	for _, ask := range stage.Asks {
		if len(ask.Found) == 0 && len(items) == 0 {
			items = append(items, s.subjects(ask.Subjects))
		}
		for _, f := range ask.Found {
			if f.Whole {
				items = append(items, s.subject(f.Subject))
			}
		}
	}
	return s.join(items)
}

// mentioned collects everybody whom a screen of the ledger may name.
func mentioned(l access.Ledger, w engine.World, more ...access.PersonID) []access.PersonID {
	seen := map[access.PersonID]bool{"": true, access.SystemActor().Person: true}
	var out []access.PersonID
	add := func(ids ...access.PersonID) {
		for _, p := range ids {
			if !seen[p] {
				seen[p] = true
				out = append(out, p)
			}
		}
	}
	add(more...)
	add(l.Person)
	for _, h := range l.Roles {
		add(h.FailedBy)
	}
	for _, r := range l.Requests {
		add(r.Asker, r.EndedBy)
		for _, remark := range r.Remarks {
			add(remark.By)
		}
		for _, stage := range r.Stages {
			people := stage.People()
			add(people[:min(len(people), 2*shownPeople)]...)
			add(stage.ClaimedBy)
			for _, d := range stage.Decisions {
				add(d.By)
			}
			for _, ask := range stage.Asks {
				addSubjects(add, ask.Subjects)
			}
		}
		for _, q := range w.Policies[r.Policy].Questions {
			if q.Kind == access.PersonAsk {
				for _, v := range r.Answers[q.ID] {
					add(access.PersonID(v))
				}
			}
		}
	}
	return out
}

func addSubjects(add func(...access.PersonID), subjects []access.Subject) {
	for _, sub := range subjects {
		add(sub.Person)
	}
}
