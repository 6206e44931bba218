package entra

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

const day = 24 * time.Hour

var durationForm = regexp.MustCompile(`^P(?:(\d{1,5})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})(?:\.\d+)?S)?)?$`)

// parseDuration reads an ISO 8601 duration. A month is its shortest, 28 days, and
// a year 365: what Usher makes of it never lasts longer than was meant.
func parseDuration(text string) (time.Duration, bool) {
	parts := durationForm.FindStringSubmatch(text)
	if parts == nil {
		return 0, false
	}
	var sum time.Duration
	given := false
	for i, unit := range []time.Duration{365 * day, 28 * day, 7 * day, day, time.Hour, time.Minute, time.Second} {
		n, err := strconv.Atoi(parts[i+1])
		if err != nil {
			continue // not given
		}
		given = true
		if n > int(1<<62/int64(unit)/8) {
			return 0, false
		}
		sum += time.Duration(n) * unit
	}
	return sum, given
}

// formatDuration writes whole hours.
func formatDuration(d time.Duration) string {
	switch {
	case d == 0:
		return "PT0S"
	case d%day == 0:
		return fmt.Sprintf("P%dD", d/day)
	}
	return fmt.Sprintf("PT%dH", d/time.Hour)
}

// hours rounds up to whole hours, which is what Usher counts in.
func hours(d time.Duration) time.Duration { return (d + time.Hour - 1) / time.Hour * time.Hour }
