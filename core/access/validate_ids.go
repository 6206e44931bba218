package access

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of ids and texts. Ids count bytes, since they travel in buttons;
// texts count characters, since people read them.
const (
	MaxTenant      = 24
	MaxSlug        = 40
	MaxAccount     = 48
	MaxName        = 75 // the text of a button and of an option in a Slack menu
	MaxDescription = 1000
	MaxTerms       = 10000
	MaxTarget      = 200
)

var (
	slugForm    = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)
	accountForm = regexp.MustCompile(`^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$`)
	localeForm  = regexp.MustCompile(`^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$`)
)

// ValidateSlug checks an id: [a-z0-9-], no dash at either end, at most MaxSlug
// bytes.
func ValidateSlug(id string) Problems { return validateSlug(id, MaxSlug) }

// Validate checks a slug of at most MaxTenant bytes.
func (t TenantID) Validate() Problems { return validateSlug(string(t), MaxTenant) }

// Validate checks "<chat>/<user>": both of [A-Za-z0-9._-], at most MaxAccount
// bytes together.
func (a Account) Validate() Problems {
	c := newCheck()
	c.account(string(a))
	return c.done()
}

// Validate checks the account that the person is named by.
func (p PersonID) Validate() Problems { return Account(p).Validate() }

// Validate checks "<chat>/<group>", in the form of an Account.
func (g GroupID) Validate() Problems { return Account(g).Validate() }

func validateSlug(id string, limit int) Problems {
	c := newCheck()
	c.slug(id, limit)
	return c.done()
}

func (c check) slug(id string, limit int) {
	switch {
	case id == "":
		c.add("required")
	case len(id) > limit || !slugForm.MatchString(id):
		c.add("badSlug", "value", clip(id), "max", limit)
	}
}

func (c check) account(id string) {
	switch {
	case id == "":
		c.add("required")
	case len(id) > MaxAccount || !accountForm.MatchString(id):
		c.add("badAccount", "value", clip(id), "max", MaxAccount)
	}
}

// name is one line of text that must be there.
func (c check) name(text string) { c.line(text, MaxName) }

func (c check) line(text string, limit int) {
	if strings.TrimSpace(text) == "" {
		c.add("required")
		return
	}
	if strings.ContainsAny(text, "\r\n") {
		c.add("oneLine")
		return
	}
	c.text(text, limit)
}

// text may be empty and may have several lines.
func (c check) text(text string, limit int) {
	switch {
	case !readable(text):
		c.add("badText")
	case utf8.RuneCountInString(text) > limit:
		c.add("tooLong", "max", limit)
	}
}

// words must be there, and in each language that is named.
func (c check) words(w Words, limit int) {
	if strings.TrimSpace(w.Text) == "" {
		c.add("required")
	}
	c.text(w.Text, limit)
	for _, tag := range sorted(w.In) {
		in := c.in(tag)
		if !localeForm.MatchString(tag) || strings.ToLower(tag) != tag {
			in.add("badLocale", "value", clip(tag))
		}
		if strings.TrimSpace(w.In[tag]) == "" {
			in.add("required")
		}
		in.text(w.In[tag], limit)
	}
}

func (c check) locale(tag string) {
	if tag != "" && !localeForm.MatchString(tag) {
		c.add("badLocale", "value", clip(tag))
	}
}

func (c check) zone(name string) {
	if name == "" {
		return
	}
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		c.add("badZone", "value", clip(name))
	}
}

// readable reports whether text is valid UTF-8 without control characters
// other than line breaks and tabs.
func readable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r'
	})
}

// clip shortens what was typed to what a sentence can quote.
func clip(text string) string {
	runes := []rune(strings.ToValidUTF8(text, "\uFFFD"))
	if len(runes) > 60 {
		return string(runes[:59]) + "\u2026"
	}
	return string(runes)
}
