package app

import (
	"fmt"
	"strings"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// inWords puts an event of the audit into one English line for the page and
// the log. It says what the event says and nothing more.
func inWords(e engine.Event) string {
	parts := []string{what(e)}
	if e.Package != "" && e.Type != engine.EventSubmitted {
		parts = append(parts, "package "+string(e.Package))
	}
	if e.Request > 0 {
		parts = append(parts, fmt.Sprintf("request %d", e.Request))
	}
	if e.Window != nil {
		parts = append(parts, span(*e.Window))
	}
	if e.Reason != "" {
		parts = append(parts, "“"+e.Reason+"”")
	}
	if e.Code != "" {
		parts = append(parts, "("+e.Code+")")
	}
	return strings.Join(parts, ", ")
}

func what(e engine.Event) string {
	by, holder := short(e.By), short(e.Person)
	switch e.Type {
	case engine.EventSubmitted:
		return fmt.Sprintf("%s asked for %s for %s (%s)", by, e.Package, holder, e.Kind)
	case engine.EventStageOpened:
		return fmt.Sprintf("stage %d opened", e.Stage)
	case engine.EventAsked:
		return fmt.Sprintf("stage %d: %s can decide: %s", e.Stage, e.Level, names(e.People))
	case engine.EventDecided:
		if e.Decision != nil {
			return withReason(fmt.Sprintf("%s: %s, stage %d", short(e.Decision.By), e.Decision.Verdict, e.Stage), e.Decision.Reason)
		}
	case engine.EventRefused:
		return by + " tried to decide and was refused"
	case engine.EventState:
		return moved(e)
	case engine.EventStarted, engine.EventRole, engine.EventFailed:
		return role(e)
	case engine.EventDefined:
		return by + " changed a definition"
	}
	return string(e.Type) + " by " + by
}

func withReason(text, reason string) string {
	if reason == "" {
		return text
	}
	return text + ", “" + reason + "”"
}

func moved(e engine.Event) string {
	var to []string
	if e.State != "" {
		to = append(to, "request is "+string(e.State))
	}
	if e.Standing != "" {
		to = append(to, "assignment is "+string(e.Standing))
	}
	return short(e.Person) + ": " + strings.Join(to, ", ")
}

func role(e engine.Event) string {
	text := string(e.Type)
	if e.Op != "" {
		text += " " + string(e.Op)
	}
	if e.Role != nil {
		text += " of " + e.Role.String()
	}
	if e.Had != "" {
		text += " is " + string(e.Had)
	}
	return short(e.Person) + ": " + text
}

func span(w access.Window) string {
	const layout = "2006-01-02 15:04 MST"
	switch {
	case w.Never():
		return "without end"
	case w.Open():
		return "for " + w.For.String() + " from delivery"
	default:
		return "until " + w.End.UTC().Format(layout)
	}
}

func names(people []access.PersonID) string {
	var list []string
	for _, p := range people {
		list = append(list, short(p))
	}
	return strings.Join(list, ", ")
}

// short is a person's id without the chat.
func short(p access.PersonID) string {
	_, name, ok := strings.Cut(string(p), "/")
	if !ok {
		return string(p)
	}
	return name
}
