package desk

import (
	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// ends says until when access is held. Every place that shows an end, on any
// card, notice, list or form, uses this and nothing else, so that they can't
// differ: "until 17 September 2026, 18:00", "for 30 days from delivery",
// "for 30 days from 1 October 2026, 09:00", "without an end date".
func (g tongue) ends(w access.Window) chat.Text {
	switch {
	case w.Never():
		return g.text("window.never")
	case w.Open() && !w.Start.IsZero():
		return g.text("window.forFrom", "duration", w.For, "start", w.Start)
	case w.Open():
		return g.text("window.for", "duration", w.For)
	default:
		return g.text("window.until", "end", w.End)
	}
}

// starts says from when access is held.
func (g tongue) starts(w access.Window) chat.Text {
	if w.Start.IsZero() {
		return g.text("window.atDelivery")
	}
	return chat.Text{g.moment(w.Start, chat.DateTime)}
}
