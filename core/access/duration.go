package access

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	day  = 24 * time.Hour
	week = 7 * day
)

// ParseDuration reads a length of time as people write it: "30 days", "36h",
// "2w", "1 day 12 hours", "2 Wochen". Units are weeks, days, hours and
// minutes, in English and German, the larger first and each once. The sum is
// whole hours, more than none and at most MaxWindow.
//
// A day is 24 hours. Months and years are refused because their length is not
// certain, and a bare "m" because it may mean either minutes or months
// ("90min" is understood, and refused for not being whole hours). Fractions
// and signs are refused. Errors are *Error: badDuration, ambiguousDuration,
// durationNotPositive, durationTooLong, durationHours.
func ParseDuration(text string) (time.Duration, error) {
	d, e := parseDuration(text)
	if e != nil {
		return 0, e
	}
	return d, nil
}

// FormatDuration writes whole hours as ParseDuration reads them: "30 days",
// "1 day", "36 hours". It is meant for files; people get a sentence.
func FormatDuration(d time.Duration) string {
	n, unit := int64(d/time.Hour), "hour"
	if d%day == 0 {
		n, unit = int64(d/day), "day"
	}
	if n != 1 {
		unit += "s"
	}
	return strconv.FormatInt(n, 10) + " " + unit
}

var (
	durationForm = regexp.MustCompile(`^(?:[0-9]{1,9} ?\pL+\.?(?:,? (?:and |und )?|$|,?))+$`)
	durationPart = regexp.MustCompile(`([0-9]{1,9}) ?(\pL+)`)
)

func parseDuration(text string) (time.Duration, *Error) {
	folded := fold(text)
	if rest, minus := strings.CutPrefix(folded, "-"); minus && durationForm.MatchString(strings.TrimSpace(rest)) {
		return 0, Refuse(Invalid, "durationNotPositive")
	}
	if len(folded) > 60 || !durationForm.MatchString(folded) || strings.HasSuffix(folded, ",") {
		return 0, Refuse(Invalid, "badDuration", "value", clip(text))
	}
	var sum time.Duration
	last := time.Duration(1<<63 - 1)
	for _, part := range durationPart.FindAllStringSubmatch(folded, -1) {
		unit := unitOf(part[2])
		switch {
		case unit == 0 && uncertain(part[2]):
			return 0, Refuse(Invalid, "ambiguousDuration", "value", clip(text))
		case unit == 0 || unit >= last:
			return 0, Refuse(Invalid, "badDuration", "value", clip(text))
		}
		last = unit
		n, _ := strconv.ParseInt(part[1], 10, 64) // at most nine digits
		if n > int64(MaxWindow/unit) {
			return 0, tooLong()
		}
		sum += time.Duration(n) * unit
	}
	return sum, checkHours(sum)
}

// checkHours wants whole hours, more than none and at most MaxWindow.
func checkHours(d time.Duration) *Error {
	switch {
	case d <= 0:
		return Refuse(Invalid, "durationNotPositive")
	case d > MaxWindow:
		return tooLong()
	case d%time.Hour != 0:
		return Refuse(Invalid, "durationHours")
	}
	return nil
}

func tooLong() *Error { return Refuse(Invalid, "durationTooLong", "max", int(MaxWindow/day)) }

func unitOf(word string) time.Duration {
	switch word {
	case "w", "wk", "wks", "week", "weeks", "woche", "wochen":
		return week
	case "d", "day", "days", "tag", "tage", "tagen":
		return day
	case "h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden":
		return time.Hour
	case "min", "mins", "minute", "minutes", "minuten":
		return time.Minute
	}
	return 0
}

// uncertain units are understood, but their length is not known.
func uncertain(word string) bool {
	switch word {
	case "m", "mo", "month", "months", "monat", "monate", "monaten", "y", "yr", "year", "years", "jahr", "jahre", "jahren":
		return true
	}
	return false
}

// fold makes text lower case with single spaces.
func fold(text string) string {
	return strings.Join(strings.Fields(strings.ToLower(text)), " ")
}
