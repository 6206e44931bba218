package access

import "time"

// Validate checks a policy. stageLimit is Settings.StageLimit; 0 is
// DefaultStageLimit. Version 0 is one that is not numbered yet.
func (p Policy) Validate(stageLimit int) Problems {
	c := newCheck()
	c.in("id").slug(string(p.ID), MaxSlug)
	if p.Version < 0 {
		c.in("version").add("badVersion")
	}
	c.in("name").name(p.Name)
	c.in("description").text(p.Description, MaxDescription)
	c.in("requestors").scope(p.Requestors.People, p.Requestors.Groups)
	c.in("onBehalf").scope(p.OnBehalf.People, p.OnBehalf.Groups)
	c.in("questions").questions(p.Questions)
	c.in("stages").stages(p.Stages, stageLimit)
	c.in("lifecycle").take(p.Lifecycle.Validate())
	c.in("extensionApproval").extension(p)
	return c.done()
}

func (c check) extension(p Policy) {
	switch {
	case !p.ExtensionApproval:
	case !p.Lifecycle.Extend:
		c.add("approvalWithoutMore")
	case len(p.Stages) == 0:
		c.add("approvalWithoutStage")
	}
}

func (c check) scope(people []PersonID, groups []GroupID) {
	atMost(c.in("people"), people, MaxSubjects)
	atMost(c.in("groups"), groups, MaxSubjects)
	seen := map[string]bool{}
	for i, p := range people {
		c.in("people").nth(i).account(string(p))
		c.in("people").nth(i).unique(seen, "person ", string(p))
	}
	for i, g := range groups {
		c.in("groups").nth(i).account(string(g))
		c.in("groups").nth(i).unique(seen, "group ", string(g))
	}
}

func (c check) stages(stages []Stage, limit int) {
	if limit == 0 {
		limit = DefaultStageLimit
	}
	if len(stages) > limit {
		c.add("stageLimit", "max", limit)
	}
	for i, stage := range stages {
		c.nth(i).take(stage.Validate())
	}
}

// Validate checks a stage by itself.
func (s Stage) Validate() Problems {
	c := newCheck()
	if len(s.Approvers) == 0 {
		c.in("approvers").add("noApprovers")
	}
	c.in("approvers").subjects(s.Approvers)
	c.in("alternates").subjects(s.Alternates)
	c.in("fallbacks").subjects(s.Fallbacks)
	c.in("quorum").quorum(s)
	c.in("within").optionalHours(s.Within)
	c.in("alternatesAfter").optionalHours(s.AlternatesAfter)
	if s.AlternatesAfter != 0 && len(s.Alternates) == 0 {
		c.in("alternates").add("alternatesMissing")
	}
	if s.AlternatesAfter > 0 && s.AlternatesAfter >= s.DecideWithin() {
		c.in("alternatesAfter").add("alternatesTooLate")
	}
	return c.done()
}

// quorum can only be checked against people who are named one by one.
func (c check) quorum(s Stage) {
	if s.Quorum < 0 {
		c.add("quorumNegative")
	}
	people := map[PersonID]bool{}
	for _, a := range s.Approvers {
		if a.Kind != SubjectPerson {
			return
		}
		people[a.Person] = true
	}
	if len(people) > 0 && s.Quorum > len(people) {
		c.add("quorumTooLarge", "max", len(people))
	}
}

// Validate checks that exactly what Ends names is set.
func (l Lifecycle) Validate() Problems {
	c := newCheck()
	switch l.Ends {
	case EndsNever, EndsOnDate, EndsDuration:
	case "":
		c.in("ends").add("required")
	default:
		c.in("ends").add("unknownKind", "value", clip(string(l.Ends)))
	}
	switch {
	case l.Ends == EndsOnDate && l.On.IsZero():
		c.in("on").add("endMissing")
	case l.Ends != EndsOnDate && !l.On.IsZero():
		c.in("on").add("endTwice")
	}
	switch {
	case l.Ends == EndsDuration && l.For == 0:
		c.in("for").add("endMissing")
	case l.Ends != EndsDuration && l.For != 0:
		c.in("for").add("endTwice")
	default:
		c.in("for").optionalHours(l.For)
	}
	if l.Ends == EndsNever && l.Extend && !l.OwnTimes {
		c.in("extend").add("nothingToExtend")
	}
	return c.done()
}

// optionalHours checks a duration of whole hours, 0 if none is set.
func (c check) optionalHours(d time.Duration) {
	if d == 0 {
		return
	}
	if e := checkHours(d); e != nil {
		c.put(e)
	}
}
