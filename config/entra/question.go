package entra

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/usher-dev/usher/core/access"
)

// sequence orders questions as they are to be asked.
func sequence(list []node) []node {
	slices.SortStableFunc(list, func(a, b node) int { return cmp.Compare(a.number("sequence"), b.number("sequence")) })
	return list
}

var idForm = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// question reads the nth question of a policy.
func question(n node, nth int) access.Question {
	q := access.Question{
		ID:       "q" + strconv.Itoa(nth+1),
		Label:    words(n, "text", access.MaxLabel, "Question "+strconv.Itoa(nth+1)),
		Required: n.flag("isRequired"),
		Kind:     access.LongText,
	}
	if id := strings.ToLower(n.text("id")); idForm.MatchString(id) {
		q.ID = id
	}
	if n.flag("isSingleLineQuestion") {
		q.Kind = access.ShortText
	}
	q.Options = options(n.list("choices"))
	switch {
	case len(q.Options) < access.MinOptions:
		q.Options = nil
		q.Pattern = pattern(n.text("regexPattern"))
	case n.flag("isMultipleSelectionAllowed", "allowsMultipleSelection"):
		q.Kind = access.Choices
	default:
		q.Kind = access.Choice
	}
	return q
}

// pattern is a pattern that Usher can hold answers against; "" for others.
func pattern(text string) string {
	if _, err := regexp.Compile(text); err != nil || len(text) > access.MaxPattern {
		return ""
	}
	return text
}

func options(list []node) []access.Option {
	var all []access.Option
	for _, n := range list {
		value := strings.TrimSpace(n.text("actualValue"))
		taken := slices.ContainsFunc(all, func(o access.Option) bool { return o.Value == value })
		if value == "" || len(value) > access.MaxOption || strings.ContainsAny(value, "\r\n") || taken || len(all) == access.MaxOptions {
			continue
		}
		property := "text"
		if n.has("displayValue") {
			property = "displayValue"
		}
		all = append(all, access.Option{Value: value, Label: words(n, property, access.MaxOption, value)})
	}
	return all
}

// words reads a text in several languages: in v1.0 a text with localizations
// beside it, in beta one object of both.
func words(n node, property string, most int, otherwise string) access.Words {
	var w access.Words
	localized := n.list("localizations")
	if _, inside := n.tree[property].(tree); inside {
		in, _ := n.node(property)
		w.Text = clip(in.text("defaultText"), most)
		localized = in.list("localizedTexts")
	} else {
		w.Text = clip(n.text(property), most)
	}
	if strings.TrimSpace(w.Text) == "" {
		w.Text = otherwise
	}
	for _, l := range localized {
		tag, text := strings.ToLower(l.text("languageCode")), clip(l.text("text"), most)
		if !languageForm.MatchString(tag) || strings.TrimSpace(text) == "" {
			continue
		}
		if w.In == nil {
			w.In = map[string]string{}
		}
		w.In[tag] = text
	}
	return w
}

var languageForm = regexp.MustCompile(`^[a-z]{2,3}(-[a-z0-9]{2,8})*$`)
