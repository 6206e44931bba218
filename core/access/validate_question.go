package access

import (
	"regexp"
	"unicode/utf8"
)

// Limits of questions and answers.
const (
	MaxLabel     = 300 // characters
	MaxPattern   = 200 // bytes
	MinOptions   = 2
	MaxOptions   = 100 // what a Slack menu holds
	MaxOption    = 75  // bytes; what an option of a Slack menu holds
	MaxShortText = 300
	MaxLongText  = 3000 // what a Slack text input takes
)

func (c check) questions(questions []Question) {
	atMost(c, questions, MaxQuestions)
	seen := map[string]bool{}
	for i, q := range questions {
		c.nth(i).in("id").unique(seen, "", q.ID)
		c.nth(i).take(q.Validate())
	}
}

// Text reports whether the answer is free text, for which a pattern may be set.
func (k QuestionKind) Text() bool { return k == ShortText || k == LongText }

// Chosen reports whether the answer is chosen from Options.
func (k QuestionKind) Chosen() bool { return k == Choice || k == Choices }

// Validate checks a question by itself.
func (q Question) Validate() Problems {
	c := newCheck()
	c.in("id").slug(q.ID, MaxSlug)
	switch q.Kind {
	case ShortText, LongText, Choice, Choices, YesNo, Number, Date, PersonAsk:
	default:
		c.in("kind").add("unknownKind", "value", clip(string(q.Kind)))
	}
	c.in("label").words(q.Label, MaxLabel)
	c.in("pattern").pattern(q)
	c.in("options").options(q)
	return c.done()
}

func (c check) pattern(q Question) {
	if q.Pattern == "" {
		return
	}
	if !q.Kind.Text() {
		c.add("patternNotHere")
	}
	if len(q.Pattern) > MaxPattern {
		c.add("tooLong", "max", MaxPattern)
		return
	}
	if _, err := wholePattern(q.Pattern); err != nil {
		c.add("badPattern", "value", clip(q.Pattern))
	}
}

// wholePattern makes a pattern match a whole text. The pattern is compiled by
// itself first, so that "a)(b" is no way out of the group.
func wholePattern(pattern string) (*regexp.Regexp, error) {
	if _, err := regexp.Compile(pattern); err != nil {
		return nil, err
	}
	return regexp.Compile(`\A(?:` + pattern + `)\z`)
}

func (c check) options(q Question) {
	if !q.Kind.Chosen() {
		if len(q.Options) > 0 {
			c.add("optionsNotHere")
		}
		return
	}
	if len(q.Options) < MinOptions || len(q.Options) > MaxOptions {
		c.add("optionCount", "min", MinOptions, "max", MaxOptions)
	}
	seen := map[string]bool{}
	for i, o := range q.Options {
		at := c.nth(i)
		at.in("value").line(o.Value, MaxOption)
		if len(o.Value) > MaxOption && utf8.RuneCountInString(o.Value) <= MaxOption {
			at.in("value").add("optionTooLong", "max", MaxOption)
		}
		at.in("value").unique(seen, "", o.Value)
		at.in("label").words(o.Label, MaxOption)
	}
}
