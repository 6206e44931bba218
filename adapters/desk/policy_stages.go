package desk

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// stageLimit is how many stages a policy may have in this tenant.
func (c *call) stageLimit() int {
	w, err := c.core.World(c.ctx, c.from.Tenant)
	if err != nil || w.Settings.StageLimit == 0 {
		return access.DefaultStageLimit
	}
	return w.Settings.StageLimit
}

func stageID(n int, field string) string { return "stage" + strconv.Itoa(n) + "." + field }

// stageFields ask who decides, stage by stage. A stage that is not there yet
// comes with the defaults.
func (c *call) stageFields(p access.Policy) []form.Field {
	limit := max(c.stageLimit(), len(p.Stages))
	count := form.Field{
		ID: "stages.count", Kind: form.One, Required: true, Label: c.plain("policy.field.count"), Hint: c.plain("policy.hint.count"),
		Value: []string{strconv.Itoa(len(p.Stages))},
	}
	for n := range limit + 1 {
		label := c.plain("policy.noStages")
		if n > 0 {
			label = c.count("policy.stages", n).Plain()
		}
		count.Options = append(count.Options, form.Option{Value: strconv.Itoa(n), Label: label})
	}
	fields := []form.Field{count}
	for n := 1; n <= limit; n++ {
		var stage access.Stage
		if n <= len(p.Stages) {
			stage = p.Stages[n-1]
		}
		fields = append(fields, c.oneStage(n, limit, stage)...)
	}
	return fields
}

// oneStage are the fields of the n-th stage, from 1.
func (c *call) oneStage(n, limit int, s access.Stage) []form.Field {
	var from []string
	for i := n; i <= limit; i++ {
		from = append(from, strconv.Itoa(i))
	}
	fields := []form.Field{
		c.subjectField(stageID(n, "approvers"), s.Approvers, true),
		{ID: stageID(n, "quorum"), Kind: form.Number, Required: true, Value: []string{strconv.Itoa(s.Needs())}, Max: 3},
		{ID: stageID(n, "within"), Kind: form.Line, Required: true, Value: []string{c.durationWords(s.DecideWithin())}, Max: 60},
		c.yesNoField(stageID(n, "reason"), s.ReasonRequired),
		c.moreField(stageID(n, "more"), len(s.Alternates)+len(s.Fallbacks) > 0 || s.AlternatesAfter > 0),
		c.subjectField(stageID(n, "alternates"), s.Alternates, true),
		{ID: stageID(n, "after"), Kind: form.Line, Max: 60},
		c.subjectField(stageID(n, "fallbacks"), s.Fallbacks, true),
	}
	fields[0].Required = true
	if s.AlternatesAfter > 0 {
		fields[6].Value = []string{c.durationWords(s.AlternatesAfter)}
	}
	for i, f := range fields {
		f.Label = c.plain("policy.stage", "stage", n, "label", c.plain("policy.field."+tail(f.ID)))
		f.Hint = c.hint("policy.hint." + tail(f.ID))
		if i < 5 {
			f = when(f, "stages.count", from...)
		} else {
			f = when(f, stageID(n, "more"), "yes")
		}
		fields[i] = f
	}
	return fields
}

// durationWords is a duration as it is shown and can be typed.
func (c *call) durationWords(d time.Duration) string { return c.duration(d).Plain() }

// readStages reads what stageFields asked.
func (c *call) readStages(v form.Values, p *access.Policy) map[string]*access.Error {
	out := wrongs{}
	count, _ := strconv.Atoi(one(v, "stages.count"))
	if p.ExtensionApproval && count == 0 {
		out.put(access.Refuse(access.Invalid, "approvalWithoutStage").At("stages.count"))
	}
	var stages []access.Stage
	for n := 1; n <= count; n++ {
		var stage access.Stage
		if n <= len(p.Stages) {
			stage = p.Stages[n-1]
		}
		c.readStage(v, n, &stage, out)
		stages = append(stages, stage)
	}
	p.Stages = stages
	return out
}

func (c *call) readStage(v form.Values, n int, s *access.Stage, out wrongs) {
	list := func(field string, into *[]access.Subject) {
		found, e := c.readSubjects(v, stageID(n, field), *into)
		*into = found
		out.put(e)
	}
	list("approvers", &s.Approvers)
	c.readQuorum(v, n, s, out)
	out.put(c.readDuration(v, stageID(n, "within"), s.DecideWithin(), &s.Within))
	s.ReasonRequired = one(v, stageID(n, "reason")) == "yes"
	if one(v, stageID(n, "more")) == "yes" {
		list("alternates", &s.Alternates)
		list("fallbacks", &s.Fallbacks)
		if one(v, stageID(n, "after")) == "" {
			s.AlternatesAfter = 0
		} else {
			out.put(c.readDuration(v, stageID(n, "after"), s.AlternatesAfter, &s.AlternatesAfter))
		}
	}
	for _, e := range s.Validate() {
		out.put(e.At(stageField(v, n, e.Field)))
	}
}

// readQuorum reads how many must approve.
func (c *call) readQuorum(v form.Values, n int, s *access.Stage, out wrongs) {
	field := stageID(n, "quorum")
	quorum, err := strconv.Atoi(one(v, field))
	switch {
	case err != nil || quorum < 1:
		out.put(access.Refuse(access.Invalid, "quorumNumber").At(field))
	case quorum != s.Needs():
		s.Quorum = quorum
	}
}

// readDuration reads a length of time that was shown as before.
func (c *call) readDuration(v form.Values, field string, before time.Duration, into *time.Duration) *access.Error {
	typed := one(v, field)
	if before > 0 && typed == c.durationWords(before) {
		return nil
	}
	d, err := access.ParseDuration(typed)
	if err != nil {
		return at(err, field)
	}
	if d != before {
		*into = d
	}
	return nil
}

// stageField is the field that shows what is wrong with a stage: one that is
// shown.
func stageField(v form.Values, n int, path string) string {
	name, _, _ := strings.Cut(path, "[")
	if name == "alternatesAfter" {
		name = "after"
	}
	hidden := []string{"alternates", "after", "fallbacks"}
	if slices.Contains(hidden, name) && one(v, stageID(n, "more")) != "yes" {
		name = "within"
	}
	return stageID(n, name)
}
