package discordfake

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// marked is one <…> of message formatting (API Reference, "Message Formatting").
var marked = regexp.MustCompile(`<(@&|@!?|#|t:|/)([^<>\s][^<>]*)>`)

// escaped is a character whose markdown meaning is taken away.
var escaped = regexp.MustCompile(`\\([\\*_~|<>#\-+.()\[\]{}!` + "`" + `:@&/=\d])`)

// readMarkup shows names for ids and times for timestamps, as people read them,
// in UTC, and takes backslashes off. f.mu is held.
func (f *Fake) readMarkup(s string) string {
	s = marked.ReplaceAllStringFunc(s, func(m string) string {
		parts := marked.FindStringSubmatch(m)
		id := parts[2]
		switch parts[1] {
		case "@", "@!":
			if u := f.users[id]; u != nil {
				return "@" + u.shown("")
			}
		case "@&":
			for _, g := range f.guilds {
				if r := g.roles[id]; r != nil {
					return "@" + r.Name
				}
			}
		case "#":
			if c := f.channels[id]; c != nil {
				return "#" + c.Name
			}
		case "t:":
			return readTime(id)
		case "/":
			name, _, _ := strings.Cut(id, ":")
			return "/" + name
		}
		return m
	})
	return escaped.ReplaceAllString(s, "$1")
}

// readTime is a timestamp such as 1618953630:R; its style is not shown.
func readTime(s string) string {
	unix, style, _ := strings.Cut(s, ":")
	n, err := strconv.ParseInt(unix, 10, 64)
	if err != nil {
		return "<t:" + s + ">"
	}
	at := time.Unix(n, 0).UTC()
	switch style {
	case "d", "D":
		return at.Format(time.DateOnly)
	case "t", "T":
		return at.Format("15:04")
	}
	return at.Format("2006-01-02 15:04")
}

// shown is the name that others see: nickname, display name or user name.
func (u *user) shown(nick string) string {
	for _, name := range []string{nick, u.GlobalName, u.Name} {
		if name != "" {
			return name
		}
	}
	return u.ID
}

// readMessage is what people read, a line or more for each part. f.mu is held.
func (f *Fake) readMessage(m *message) string {
	if m.flags&flagLoading != 0 {
		return f.users[m.author].Name + " is thinking..."
	}
	var lines []string
	if m.content != "" {
		lines = append(lines, f.readMarkup(m.content))
	}
	for _, v := range m.embeds {
		lines = append(lines, f.readEmbed(nested(v))...)
	}
	return strings.Join(append(lines, f.readComponents(m.components)...), "\n")
}

func (f *Fake) readEmbed(o object) []string {
	var lines []string
	for _, s := range []string{text(nested(o["author"])["name"]), text(o["title"]), text(o["description"])} {
		if s != "" {
			lines = append(lines, f.readMarkup(s))
		}
	}
	for _, v := range items(o["fields"]) {
		lines = append(lines, f.readMarkup(text(nested(v)["name"])+": "+text(nested(v)["value"])))
	}
	if s := text(nested(o["footer"])["text"]); s != "" {
		lines = append(lines, s)
	}
	return lines
}

func (f *Fake) readComponents(components []any) []string {
	var lines []string
	for _, v := range components {
		o := nested(v)
		switch kindOf(o) {
		case textDisplay:
			lines = append(lines, f.readMarkup(text(o["content"])))
		case separator:
			lines = append(lines, "---")
		case actionRow:
			lines = append(lines, strings.Join(f.readComponents(items(o["components"])), " "))
		case section:
			inner := append(f.readComponents(items(o["components"])), f.readComponents([]any{o["accessory"]})...)
			lines = append(lines, strings.Join(inner, "\n"))
		case container:
			lines = append(lines, f.readComponents(items(o["components"]))...)
		case button:
			lines = append(lines, readButton(o))
		case thumbnail, mediaGallery, file:
			lines = append(lines, "(media)")
		default:
			lines = append(lines, readSelect(o))
		}
	}
	return lines
}

func readButton(o object) string {
	mark := ""
	if o["disabled"] == true {
		mark = " (disabled)"
	}
	return "[" + text(o["label"]) + mark + "]"
}

func readSelect(o object) string {
	var choices []string
	for _, v := range items(o["options"]) {
		choices = append(choices, text(nested(v)["label"]))
	}
	return "{} " + text(o["placeholder"]) + " of " + strings.Join(choices, " | ")
}
