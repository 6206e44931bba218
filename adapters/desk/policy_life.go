package desk

import (
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// lifeFields ask how long the access lasts.
func (c *call) lifeFields(p access.Policy) []form.Field {
	l := p.Lifecycle
	length := form.Field{ID: "life.length", Kind: form.Line, Required: true, Label: c.plain("policy.field.length"), Hint: c.plain("policy.hint.length"), Max: 60}
	if l.For > 0 {
		length.Value = []string{c.durationWords(l.For)}
	}
	soon := c.now.AddDate(0, 1, 0)
	date := form.Field{ID: "life.date", Kind: form.Moment, Required: true, Label: c.plain("policy.field.date"), Hint: c.plain("policy.hint.date", c.likeSoon("zone", c.zone.String())...), Placeholder: c.writeMoment(soon.In(c.zone), chat.DateOnly), Max: 60}
	if !l.On.IsZero() {
		date.Value = []string{c.dateWords(l.On)}
	}
	ends := c.choiceField(form.One, "life.ends", []string{string(access.EndsDuration), string(access.EndsOnDate), string(access.EndsNever)})
	ends.Required = true
	if l.Ends != "" {
		ends.Value = []string{string(l.Ends)}
	}
	extend := c.choiceField(form.One, "life.extend", []string{"no", "yes", "approval"}, extendWord(p))
	extend.Required = true
	return []form.Field{
		ends, when(length, "life.ends", string(access.EndsDuration)), when(date, "life.ends", string(access.EndsOnDate)),
		c.yesNoField("life.own", l.OwnTimes), extend,
	}
}

func extendWord(p access.Policy) string {
	switch {
	case !p.Lifecycle.Extend:
		return "no"
	case p.ExtensionApproval:
		return "approval"
	}
	return "yes"
}

// dateWords is an end as it can be typed: a day when it is the end of that day.
func (c *call) dateWords(at time.Time) string {
	if at.Equal(access.EndOfDay(at, c.zone)) {
		return at.In(c.zone).Format(time.DateOnly)
	}
	return at.In(c.zone).Format("2006-01-02 15:04")
}

// readLife reads what lifeFields asked.
func (c *call) readLife(v form.Values, p *access.Policy) map[string]*access.Error {
	out := wrongs{}
	before := p.Lifecycle
	l := access.Lifecycle{Ends: access.Ending(one(v, "life.ends")), OwnTimes: one(v, "life.own") == "yes"}
	switch l.Ends {
	case access.EndsDuration:
		l.For = before.For
		out.put(c.readDuration(v, "life.length", before.For, &l.For))
	case access.EndsOnDate:
		var e *access.Error
		l.On, e = c.readDate(one(v, "life.date"), before.On)
		out.put(e)
	}
	extend := one(v, "life.extend")
	l.Extend = extend == "yes" || extend == "approval"
	p.Lifecycle, p.ExtensionApproval = l, extend == "approval"
	if l.Ends == access.EndsNever && l.Extend && !l.OwnTimes {
		out.put(access.Refuse(access.Invalid, "extendNever").At("life.extend"))
	}
	if p.ExtensionApproval && len(p.Stages) == 0 {
		out.put(access.Refuse(access.Invalid, "approvalWithoutStage").At("life.extend"))
	}
	return out
}

// readDate reads the end of all access; the one that was shown may be over.
func (c *call) readDate(typed string, before time.Time) (time.Time, *access.Error) {
	if !before.IsZero() && typed == c.dateWords(before) {
		return before, nil
	}
	until, err := access.ParseUntil(typed, c.now, c.zone)
	if access.IsCode(err, "badUntil") || err == nil && until.End.IsZero() { // a length is no date here
		err = access.Refuse(access.Invalid, "badDate", "value", shortWord(typed))
	}
	if err != nil {
		return time.Time{}, at(err, "life.date")
	}
	return until.End, nil
}

// lifeTimes are the times that were typed, as they are understood: for
// sheet.times.
func (c *call) lifeTimes(v form.Values) []chat.Fact {
	if one(v, "life.ends") != string(access.EndsOnDate) {
		return nil
	}
	end, e := c.readDate(one(v, "life.date"), time.Time{})
	if e != nil {
		return nil
	}
	return c.readMoment("policy.field.date", end)
}
