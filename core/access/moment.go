package access

import (
	"errors"
	"regexp"
	"strings"
	"time"
)

// Dates are read in these forms, and in no others; month names may be English
// or German, in full or cut to three letters:
//
//	2026-09-17              17 Sep 2026          17.9.2026
//	2026-09-17 18:00        17 Sep 2026 18:00    17.9.2026 18:00
//	2026-09-17T18:00:00+02:00 (RFC 3339)         September 17, 2026
//
// "03/04/2026" is refused, since it is one day in one country and another day
// in the next; so is everything that needs guessing ("next friday", "5pm"), a
// day that does not exist, and a local time that a change of the clocks skips
// or brings twice. Errors are *Error: badDate, ambiguousDate, noSuchDate,
// timeSkipped, timeTwice.

// ParseEnd reads until when something lasts. A date alone means until the end
// of that day in the zone: 23:59 of it, not 24:00, so that every card shows
// the date that was typed. The result is in UTC.
func ParseEnd(text string, zone *time.Location) (time.Time, error) {
	return given(parseMoment(text, zone, endOfDay))
}

// ParseStart reads from when something lasts. A date alone means its first
// moment in the zone. The result is in UTC.
func ParseStart(text string, zone *time.Location) (time.Time, error) {
	return given(parseMoment(text, zone, startOfDay))
}

// ParseUntil reads what a person typed for how long or until when: a duration
// (the window's For) or a date (its End). An end must be after now and at most
// MaxWindow away: dateInPast, dateTooFar. Text that is neither is badUntil.
func ParseUntil(text string, now time.Time, zone *time.Location) (Window, error) {
	d, e := parseDuration(text)
	if e == nil {
		return Window{For: d}, nil
	}
	if e.Code != "badDuration" {
		return Window{}, e
	}
	end, e := parseMoment(text, zone, endOfDay)
	switch {
	case e != nil && e.Code == "badDate":
		return Window{}, Refuse(Invalid, "badUntil", "value", clip(text))
	case e != nil:
		return Window{}, e
	case !end.After(now):
		return Window{}, Refuse(Invalid, "dateInPast", "value", clip(text))
	case end.Sub(now) > MaxWindow:
		return Window{}, tooFar(text)
	}
	return Window{End: end}, nil
}

// ParseFrom reads what a person typed for from when. Today is allowed, even
// its first moment; an earlier day is dateInPast, more than MaxWindow away is
// dateTooFar.
func ParseFrom(text string, now time.Time, zone *time.Location) (time.Time, error) {
	start, e := parseMoment(text, zone, startOfDay)
	switch {
	case e != nil:
		return time.Time{}, e
	case start.Before(now) && start.In(zone).Format(time.DateOnly) != now.In(zone).Format(time.DateOnly):
		return time.Time{}, Refuse(Invalid, "dateInPast", "value", clip(text))
	case start.Sub(now) > MaxWindow:
		return time.Time{}, tooFar(text)
	}
	return start, nil
}

// ParseDay reads a day without a time and writes it as YYYY-MM-DD.
func ParseDay(text string) (string, error) {
	wall, kind, e := parseWall(text)
	switch {
	case e != nil:
		return "", e
	case kind != dayAlone:
		return "", Refuse(Invalid, "badDate", "value", clip(text))
	}
	return wall.Format(time.DateOnly), nil
}

// EndOfDay is the moment that a date alone means as an end: 23:59 in the zone
// of the day that at falls on there, in UTC.
func EndOfDay(at time.Time, zone *time.Location) time.Time {
	y, m, d := at.In(zone).Date()
	moments := onClock(time.Date(y, m, d, 23, 59, 0, 0, time.UTC), zone)
	if len(moments) == 0 { // a day that is in `at`'s zone has an end; stay safe
		return at.UTC()
	}
	return moments[len(moments)-1]
}

func given(t time.Time, e *Error) (time.Time, error) {
	if e != nil {
		return time.Time{}, e
	}
	return t, nil
}

func tooFar(text string) *Error {
	return Refuse(Invalid, "dateTooFar", "value", clip(text), "max", int(MaxWindow/day))
}

// precision is what a text said about a moment.
type precision int

const (
	dayAlone precision = iota
	dayAndTime
	exact // with its own offset
)

// edge is what a day alone stands for.
type edge int

const (
	startOfDay edge = iota
	endOfDay
)

func parseMoment(text string, zone *time.Location, edge edge) (time.Time, *Error) {
	wall, precision, e := parseWall(text)
	if e != nil || precision == exact {
		return wall.UTC(), e
	}
	if precision == dayAlone {
		return dayEdge(text, wall, zone, edge)
	}
	moments := onClock(wall, zone)
	switch len(moments) {
	case 0:
		return time.Time{}, Refuse(Invalid, "timeSkipped", "value", clip(text))
	case 1:
		return moments[0], nil
	}
	return time.Time{}, Refuse(Invalid, "timeTwice", "value", clip(text))
}

// dayEdge finds the first or the last minute of a day. Where clocks skip
// midnight, a day begins later; where 23:59 comes twice, the later one counts.
func dayEdge(text string, wall time.Time, zone *time.Location, edge edge) (time.Time, *Error) {
	if edge == endOfDay {
		if moments := onClock(wall.Add(day-time.Minute), zone); len(moments) > 0 {
			return moments[len(moments)-1], nil
		}
		return time.Time{}, Refuse(Invalid, "noSuchDate", "value", clip(text))
	}
	for late := time.Duration(0); late <= 2*time.Hour; late += 15 * time.Minute {
		if moments := onClock(wall.Add(late), zone); len(moments) > 0 {
			return moments[0], nil
		}
	}
	return time.Time{}, Refuse(Invalid, "noSuchDate", "value", clip(text))
}

// onClock lists the moments, earliest first, at which clocks in the zone show
// wall's date and time: none when they skip it, two when it comes twice.
func onClock(wall time.Time, zone *time.Location) []time.Time {
	var moments []time.Time
	for _, around := range []time.Duration{-day, 0, day} {
		_, offset := wall.Add(around).In(zone).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second)
		_, back := at.In(zone).Zone()
		if back == offset && (len(moments) == 0 || at.After(moments[len(moments)-1])) {
			moments = append(moments, at)
		} else if back == offset && at.Before(moments[0]) {
			moments = append([]time.Time{at}, moments...)
		}
	}
	return moments
}

var (
	slashes   = regexp.MustCompile(`^[0-9]{1,4}[/-][0-9]{1,2}[/-][0-9]{1,4}( .*)?$`)
	isoDate   = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}`)
	clockTail = regexp.MustCompile(`^(.*[0-9])(?: at| um|,)? ([0-9]{1,2}:[0-9]{2})(?: uhr)?$`)
	isoClock  = regexp.MustCompile(`^([0-9]{4}-[0-9]{2}-[0-9]{2})t([0-9]{2}:[0-9]{2})$`)
	word      = regexp.MustCompile(`\pL+\.?`)
	dayDot    = regexp.MustCompile(`^([0-9]{1,2})\. (\pL)`)
)

// parseWall reads a text as date and time on a clock, written as if in UTC.
func parseWall(text string) (time.Time, precision, *Error) {
	folded := fold(text)
	if len(folded) > 60 {
		return time.Time{}, 0, Refuse(Invalid, "badDate", "value", clip(text))
	}
	if t, err := time.Parse(time.RFC3339, strings.ToUpper(folded)); err == nil {
		return t, exact, inReach(t, text)
	}
	if slashes.MatchString(folded) && !isoDate.MatchString(folded) {
		return time.Time{}, 0, Refuse(Invalid, "ambiguousDate", "value", clip(text))
	}
	date, clock := splitClock(folded)
	t, err := parseDate(date)
	if err == nil && clock != "" {
		var hour time.Time
		hour, err = time.Parse("15:04", clock)
		t = t.Add(time.Duration(hour.Hour())*time.Hour + time.Duration(hour.Minute())*time.Minute)
	}
	if err != nil {
		return time.Time{}, 0, Refuse(Invalid, dateCode(err), "value", clip(text))
	}
	if clock != "" {
		return t, dayAndTime, inReach(t, text)
	}
	return t, dayAlone, inReach(t, text)
}

// splitClock cuts a time of day off the end.
func splitClock(folded string) (date, clock string) {
	if m := isoClock.FindStringSubmatch(folded); m != nil {
		return m[1], m[2]
	}
	if m := clockTail.FindStringSubmatch(folded); m != nil {
		return m[1], m[2]
	}
	return folded, ""
}

// parseDate tries each layout. An error that says that the day does not exist
// wins over one that says that the form is another.
func parseDate(folded string) (time.Time, error) {
	named := dayDot.ReplaceAllString(folded, "$1 $2")
	named = word.ReplaceAllStringFunc(named, monthName)
	var failed error
	for _, layout := range []string{"2006-01-02", "2.1.2006", "2 January 2006", "January 2, 2006", "January 2 2006"} {
		t, err := time.Parse(layout, named)
		if err == nil {
			return t, nil
		}
		if failed == nil || dateCode(err) == "noSuchDate" {
			failed = err
		}
	}
	return time.Time{}, failed
}

func dateCode(err error) string {
	var p *time.ParseError
	if errors.As(err, &p) && strings.Contains(p.Message, "out of range") {
		return "noSuchDate"
	}
	return "badDate"
}

// inReach refuses years that can only be a slip of the pen.
func inReach(t time.Time, text string) *Error {
	if t.Year() < 1900 || t.Year() > 2999 {
		return Refuse(Invalid, "badDate", "value", clip(text))
	}
	return nil
}

// monthName turns a month in either language, in full or cut short, into its
// full English name; other words stay as they are and fail later.
func monthName(word string) string {
	switch strings.TrimSuffix(word, ".") {
	case "jan", "january", "januar":
		return "January"
	case "feb", "february", "februar":
		return "February"
	case "mar", "march", "mär", "mrz", "märz", "maerz":
		return "March"
	case "apr", "april":
		return "April"
	case "may", "mai":
		return "May"
	case "jun", "june", "juni":
		return "June"
	case "jul", "july", "juli":
		return "July"
	case "aug", "august":
		return "August"
	case "sep", "sept", "september":
		return "September"
	case "oct", "october", "okt", "oktober":
		return "October"
	case "nov", "november":
		return "November"
	case "dec", "december", "dez", "dezember":
		return "December"
	}
	return word
}
