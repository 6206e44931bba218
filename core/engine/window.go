package engine

import (
	"time"

	"github.com/usher-dev/usher/core/access"
)

// wish is what somebody would like a window to be; zero where they don't mind.
type wish struct {
	start, end time.Time
	length     time.Duration
}

func (w wish) none() bool { return w.start.IsZero() && w.end.IsZero() && w.length == 0 }

// windowFor makes the window of a new assignment from a lifecycle and a wish.
// Free times (an admin assigning) need no OwnTimes but keep to the limits.
func windowFor(lc access.Lifecycle, want wish, free bool, now time.Time) (access.Window, error) {
	if !want.none() && !lc.OwnTimes && !free {
		return access.Window{}, access.Refuse(access.Invalid, "ownTimesNotAllowed").At(wishField(want))
	}
	var w access.Window
	from := now
	if want.start.After(now) {
		w.Start, from = want.start.UTC(), want.start.UTC()
	} else if !want.start.IsZero() && now.Sub(want.start) > 24*time.Hour {
		return w, access.Refuse(access.Invalid, "startPassed", "start", want.start).At("start")
	}
	if want.length < 0 || want.length > access.MaxWindow {
		return w, access.Refuse(access.Invalid, "durationOutOfRange", "max", access.MaxWindow).At("end")
	}
	err := limitWindow(&w, lc, want, from)
	if err != nil {
		return w, err
	}
	if !w.End.IsZero() && !w.End.After(from) {
		return w, access.Refuse(access.Invalid, "endPassed", "end", w.End).At("end")
	}
	return w, nil
}

func wishField(w wish) string {
	if w.end.IsZero() && w.length == 0 {
		return "start"
	}
	return "end"
}

// limitWindow sets the end of w within what the lifecycle allows.
func limitWindow(w *access.Window, lc access.Lifecycle, want wish, from time.Time) error {
	end := want.end.UTC()
	if want.end.IsZero() {
		end = time.Time{}
	}
	switch lc.Ends {
	case access.EndsOnDate:
		if !lc.On.After(from) && want.none() {
			return access.Refuse(access.Refused, "policyOver", "end", lc.On.UTC())
		}
		w.End = lc.On.UTC()
		if want.length > 0 && end.IsZero() {
			end = from.Add(want.length)
		}
		if end.After(lc.On) {
			return access.Refuse(access.Invalid, "endTooLate", "limit", lc.On.UTC()).At("end")
		}
		if !end.IsZero() {
			w.End = end
		}
	case access.EndsDuration:
		if want.length > lc.For || !end.IsZero() && end.Sub(from) > lc.For {
			return access.Refuse(access.Invalid, "endTooLong", "max", lc.For).At("end")
		}
		switch {
		case !end.IsZero():
			w.End = end
		case want.length > 0:
			w.For = want.length
		default:
			w.For = lc.For
		}
	default:
		w.End, w.For = end, 0
		if end.IsZero() {
			w.For = want.length
		}
	}
	return nil
}

// extendedEnd is the end that an extension leads to; the zero time when the
// access is not to end any more.
func extendedEnd(lc access.Lifecycle, current, want time.Time) (time.Time, error) {
	limit := time.Time{}
	switch lc.Ends {
	case access.EndsOnDate:
		limit = lc.On.UTC()
	case access.EndsDuration:
		limit = current.Add(lc.For)
	}
	end := want.UTC()
	if want.IsZero() {
		end = limit
	}
	switch {
	case !limit.IsZero() && !limit.After(current):
		return end, access.Refuse(access.Refused, "nothingToExtend", "end", current)
	case !limit.IsZero() && end.After(limit):
		return end, access.Refuse(access.Invalid, "endTooLate", "limit", limit).At("end")
	case !want.IsZero() && !end.After(current):
		return end, access.Refuse(access.Invalid, "endNotLater", "end", current).At("end")
	}
	return end, nil
}

// firstNotice is how long before the end the first notice is given.
const firstNotice = 14 * 24 * time.Hour

// markTime is how a moment stands in the mark of a card.
const markTime = "2006-01-02T15:04"

// noticesBefore lists when the holder is told that the end is near: 14 days
// and 1 day before, latest first, those that are still to come.
func noticesBefore(end, now time.Time) []time.Time {
	var at []time.Time
	for _, before := range []time.Duration{24 * time.Hour, firstNotice} {
		if t := end.Add(-before); !end.IsZero() && t.After(now) {
			at = append(at, t)
		}
	}
	return at
}
